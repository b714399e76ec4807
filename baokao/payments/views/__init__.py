"""Pages of paying, and the address that providers tell us at."""

from baokao.payments.views.notify import notify
from baokao.payments.views.pay import pay
from baokao.payments.views.result import receipt, refresh, result

__all__ = ["notify", "pay", "receipt", "refresh", "result"]
