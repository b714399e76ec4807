"""Pages of accounts."""

from baokao.passport.views.entering import login, logout, register

__all__ = ["login", "logout", "register"]
