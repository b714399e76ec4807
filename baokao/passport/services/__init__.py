"""The only place that writes passports; one file a verb."""

from baokao.passport.rules import PRIVACY_VERSION
from baokao.passport.services.change import Profile, change_password, change_profile
from baokao.passport.services.consent import consent
from baokao.passport.services.end import detach, end
from baokao.passport.services.recover import ask_recovery, mail_recovery
from baokao.passport.services.register import NewPassport, check_password_rules, register
from baokao.passport.services.reset import reset_password
from baokao.passport.services.sign_in import confirm_password, sign_in, sign_out
from baokao.passport.services.verify import ask_to_verify, verify

__all__ = [
    "PRIVACY_VERSION",
    "NewPassport",
    "Profile",
    "ask_recovery",
    "ask_to_verify",
    "change_password",
    "change_profile",
    "check_password_rules",
    "confirm_password",
    "consent",
    "detach",
    "end",
    "mail_recovery",
    "register",
    "reset_password",
    "sign_in",
    "sign_out",
    "verify",
]
