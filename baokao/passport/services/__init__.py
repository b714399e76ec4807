"""The only place that writes passports; one file a verb."""

from baokao.passport.services.register import PRIVACY_VERSION, NewPassport, check_password_rules, register
from baokao.passport.services.sign_in import sign_in, sign_out

__all__ = ["PRIVACY_VERSION", "NewPassport", "check_password_rules", "register", "sign_in", "sign_out"]
