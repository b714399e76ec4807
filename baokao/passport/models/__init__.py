"""Accounts: candidates' passports, and the staff's own."""

from baokao.passport.models.passport import Passport
from baokao.passport.models.staff import Role, StaffAccount, StaffRecoveryCode, StaffScope, StaffSession

__all__ = ["Passport", "Role", "StaffAccount", "StaffRecoveryCode", "StaffScope", "StaffSession"]
