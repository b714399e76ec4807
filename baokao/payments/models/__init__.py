"""The way of a yuan as rows: what was to be paid, the attempts at it, what was proved, and where it went."""

from baokao.payments.models.books import LedgerRow, Refund
from baokao.payments.models.orders import Attempt, Line, Order
from baokao.payments.models.proofs import Allotment, Notification, Settlement

__all__ = ["Allotment", "Attempt", "LedgerRow", "Line", "Notification", "Order", "Refund", "Settlement"]
