"""Pages of accounts."""

from baokao.passport.views.account import edit, password
from baokao.passport.views.entering import login, logout, register
from baokao.passport.views.privacy import privacy
from baokao.passport.views.recovering import recover, reset
from baokao.passport.views.verify import verify

__all__ = ["edit", "login", "logout", "password", "privacy", "recover", "register", "reset", "verify"]
