"""What the exams app writes into the audit log."""

from baokao.core.audit import AuditAction


class ExamsAction(AuditAction):
    SCHOOLS_IMPORTED = "schools.imported"
    OFFERINGS_IMPORTED = "offerings.imported"
    SITTING_IMPORTED = "sitting.imported"
