"""Shape and cleaning of what people type about accounts; no rule is asked here."""

from baokao.passport.forms.account import CloseForm, PasswordForm, ProfileForm
from baokao.passport.forms.entering import LoginForm, RegisterForm
from baokao.passport.forms.recovering import RecoverForm, ResetForm

__all__ = ["CloseForm", "LoginForm", "PasswordForm", "ProfileForm", "RecoverForm", "RegisterForm", "ResetForm"]
