"""Shape and cleaning of what people type about accounts; no rule is asked here."""

from baokao.passport.forms.entering import LoginForm, RegisterForm

__all__ = ["LoginForm", "RegisterForm"]
