"""What the passport app writes into the audit log."""

from baokao.core.audit import AuditAction
from baokao.passport.models import Passport


class PassportAction(AuditAction):
    REGISTERED = "passport.registered"
    REGISTER_REFUSED = "passport.register_refused"
    SIGNED_IN = "passport.signed_in"
    SIGN_IN_REFUSED = "passport.sign_in_refused"
    SIGNED_OUT = "passport.signed_out"
    CURRENT_PASSWORD_REFUSED = "passport.current_password_refused"  # noqa: S105 (the name of an action)
    PROFILE_CHANGED = "passport.profile_changed"
    ADDRESS_CHANGED = "passport.address_changed"
    PASSWORD_CHANGED = "passport.password_changed"  # noqa: S105 (likewise)
    CHANGE_REFUSED = "passport.change_refused"
    VERIFICATION_ASKED = "passport.verification_asked"
    VERIFICATION_ASK_REFUSED = "passport.verification_ask_refused"
    VERIFIED = "passport.verified"
    VERIFICATION_REFUSED = "passport.verification_refused"
    PRIVACY_CONSENTED = "passport.privacy_consented"
    PRIVACY_REFUSED = "passport.privacy_refused"
    CLOSED = "passport.closed"
    CLOSE_REFUSED = "passport.close_refused"
    DISOWNED = "passport.disowned"
    DETACHED = "passport.detached"
    DISOWN_REFUSED = "passport.disown_refused"
    RECOVERY_THROTTLED = "passport.recovery_throttled"
    RECOVERY_MAILED = "passport.recovery_mailed"
    RECOVERY_UNKNOWN = "passport.recovery_unknown"
    RESET = "passport.reset"
    RESET_REFUSED = "passport.reset_refused"


def actor(passport: Passport) -> str:
    """The passport as the log names it."""
    return f"passport:{passport.id.hex}"
