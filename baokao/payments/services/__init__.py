"""The only place that writes payments; one file a verb."""

from baokao.payments.rules import NOTHING
from baokao.payments.services.ask import ASKED_AT_ONCE, ask, ask_due, end_for_another
from baokao.payments.services.bills import bill_of, claim_bill, expect_bills, fetch_bill
from baokao.payments.services.by_hand import book_refund, send_refund_again
from baokao.payments.services.differences import settle_difference
from baokao.payments.services.groups import (
    Locked,
    add_picks,
    lock_group,
    make_group,
    release_due,
    release_group,
    start_group,
)
from baokao.payments.services.hear import hear
from baokao.payments.services.reconcile import compare_again
from baokao.payments.services.refund import SENT_AT_ONCE, claim_refunds, send_refund
from baokao.payments.services.settle import WrongFact, settle, settle_all
from baokao.payments.services.start import start
from baokao.payments.services.upload import import_bill

__all__ = [
    "ASKED_AT_ONCE",
    "NOTHING",
    "SENT_AT_ONCE",
    "Locked",
    "WrongFact",
    "add_picks",
    "ask",
    "ask_due",
    "bill_of",
    "book_refund",
    "claim_bill",
    "claim_refunds",
    "compare_again",
    "end_for_another",
    "expect_bills",
    "fetch_bill",
    "hear",
    "import_bill",
    "lock_group",
    "make_group",
    "release_due",
    "release_group",
    "send_refund",
    "send_refund_again",
    "settle",
    "settle_all",
    "settle_difference",
    "start",
    "start_group",
]
