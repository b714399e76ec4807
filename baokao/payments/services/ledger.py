"""Booking in the ledger: the only place that writes it. A row is both sides of a booking, so it always balances."""

import uuid
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
    debit, credit = _WAYS[kind]
    row: list[Any] = [uuid.uuid4(), settlement.sitting_id, now, str(kind), deed, settlement.id, settlement.provider]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [*row, str(debit), str(credit), amount])
