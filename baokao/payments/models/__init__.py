"""The way of a yuan as rows: what was to be paid, the attempts at it, what was proved, where it went, and the bills."""

from baokao.payments.models.bills import Bill, BillLine, Difference
from baokao.payments.models.books import LedgerRow, Refund
from baokao.payments.models.groups import GroupPayment, Pick
from baokao.payments.models.orders import Attempt, Line, Order
from baokao.payments.models.proofs import Allotment, Notification, Settlement

__all__ = [
    "Allotment",
    "Attempt",
    "Bill",
    "BillLine",
    "Difference",
    "GroupPayment",
    "LedgerRow",
    "Line",
    "Notification",
    "Order",
    "Pick",
    "Refund",
    "Settlement",
]
