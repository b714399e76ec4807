"""What the passport app writes into the audit log."""

from baokao.core.audit import AuditAction
from baokao.passport.models import Passport


class PassportAction(AuditAction):
    REGISTERED = "passport.registered"
    SIGNED_IN = "passport.signed_in"
    SIGN_IN_REFUSED = "passport.sign_in_refused"
    SIGNED_OUT = "passport.signed_out"


def actor(passport: Passport) -> str:
    """The passport as the log names it."""
    return f"passport:{passport.id.hex}"
