"""What the exams app writes into the audit log."""

from baokao.core.audit import AuditAction


class ExamsAction(AuditAction):
    SCHOOLS_IMPORTED = "schools.imported"
    OFFERINGS_IMPORTED = "offerings.imported"
    SITTING_IMPORTED = "sitting.imported"
    OFFERINGS_SET = "offerings.set"
    WINDOW_SET = "window.set"
    SETTINGS_SET = "settings.set"
    CONTACTS_SET = "contacts.set"
    NOTICE_SET = "notice.set"
    SETTING_REFUSED = "settings.refused"
    FROZEN = "settings.frozen"
    THAWED = "settings.thawed"
    FREEZE_REFUSED = "settings.freeze_refused"
