"""What the roster app writes into the audit log."""

from baokao.core.audit import AuditAction


class RosterAction(AuditAction):
    ROSTER_IMPORTED = "roster.imported"
    SCORES_IMPORTED = "scores.imported"
