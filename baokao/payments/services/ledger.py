"""Booking in the ledger: the only place that writes it. A row is both sides of a booking, so it always balances."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from baokao.payments.models import LedgerRow, Settlement

_Kind, _Account = LedgerRow.Kind, LedgerRow.Account
# Which way each deed moves money: from the second to the first.
_WAYS = {
    _Kind.RECEIVED: (_Account.PROVIDER, _Account.UNALLOTTED),
    _Kind.ALLOTTED: (_Account.UNALLOTTED, _Account.FEES),
    _Kind.OWED: (_Account.UNALLOTTED, _Account.OWED),
    _Kind.REFUNDED: (_Account.OWED, _Account.PROVIDER),
}
# Written without reading anything back: the web's role may only insert here.
_INSERT = """
INSERT INTO payments_ledger (id, sitting_id, at, kind, deed, settlement_id, provider, debit, credit, amount)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


def book(kind: LedgerRow.Kind, deed: uuid.UUID, settlement: Settlement, amount: Decimal, now: datetime) -> None:
    """Book one deed of a settlement, `amount` in yuan, on the caller's transaction.

    A deed that was booked before raises IntegrityError: it can't be booked twice.
    """
    book_many(kind, {deed: amount}, settlement, now)


def book_many(
    kind: LedgerRow.Kind, amounts: Mapping[uuid.UUID, Decimal], settlement: Settlement, now: datetime
) -> None:
    """Book several deeds of one kind, each with its amount; likewise."""
    debit, credit = _WAYS[kind]
    head: list[Any] = [settlement.sitting_id, now, str(kind)]
    tail: list[Any] = [settlement.id, settlement.provider, str(debit), str(credit)]
    with connection.cursor() as cursor:
        cursor.executemany(_INSERT, [[uuid.uuid4(), *head, deed, *tail, amount] for deed, amount in amounts.items()])
