"""What staff accounts write into the audit log."""

import uuid

from baokao.core.audit import AuditAction


class StaffAction(AuditAction):
    MADE = "staff.made"
    ENDED = "staff.ended"
    RENEWED = "staff.renewed"
    SIGNED_IN = "staff.signed_in"
    SIGN_IN_REFUSED = "staff.sign_in_refused"
    SIGNED_OUT = "staff.signed_out"
    PASSWORD_CHANGED = "staff.password_changed"  # noqa: S105 (the name of an action)
    CHANGE_REFUSED = "staff.change_refused"
    RECOVERY_CODES_MADE = "staff.recovery_codes_made"


def actor(staff_id: uuid.UUID) -> str:
    """A staff account as the log names it."""
    return f"staff:{staff_id.hex}"
