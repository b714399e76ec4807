"""Which line of a bill tells of which of our deeds: a settlement or a refund that was done. A deed has one line.

The same statements run over a bill that is staged and over the kept lines that have no deed yet, since money may become
known here after the bill that told of it.
"""

from typing import Any
from uuid import UUID

KEPT, STAGED = "payments_bill_line", "bill_staging"

# The first line that tells of it, in the order of days; what is told of again is left without a deed.
_PAYMENTS = """
WITH matched AS (
  UPDATE {lines} l SET deed = m.deed
    FROM (SELECT DISTINCT ON (s.id) u.bill_id, u.position, s.id AS deed
            FROM {lines} u
            JOIN payments_bill b ON b.id = u.bill_id
            JOIN payments_attempt a ON a.number = u.number AND a.provider = b.provider
            JOIN payments_settlement s ON s.attempt_id = a.id
           WHERE u.kind = 'payment' AND u.deed IS NULL AND b.provider = %(provider)s
             AND NOT EXISTS (SELECT FROM payments_bill_line o WHERE o.deed = s.id)
           ORDER BY s.id, b.day, u.position) m
   WHERE l.bill_id = m.bill_id AND l.position = m.position
  RETURNING l.bill_id)
SELECT DISTINCT bill_id FROM matched
"""
_REFUNDS = """
WITH matched AS (
  UPDATE {lines} l SET deed = m.deed
    FROM (SELECT DISTINCT ON (r.id) u.bill_id, u.position, r.id AS deed
            FROM {lines} u
            JOIN payments_bill b ON b.id = u.bill_id
            JOIN payments_refund r ON r.number = u.refund AND r.state = 'done'
            JOIN payments_settlement s ON s.id = r.settlement_id AND s.provider = b.provider
            JOIN payments_attempt a ON a.id = s.attempt_id AND a.number = u.number
           WHERE u.kind = 'refund' AND u.deed IS NULL AND b.provider = %(provider)s
             AND NOT EXISTS (SELECT FROM payments_bill_line o WHERE o.deed = r.id)
           ORDER BY r.id, b.day, u.position) m
   WHERE l.bill_id = m.bill_id AND l.position = m.position
  RETURNING l.bill_id)
SELECT DISTINCT bill_id FROM matched
"""
# Where a line bears no number of ours, the first refund of that payment and amount which no line tells of.
_REFUNDS_BY_AMOUNT = """
WITH told AS (
  SELECT u.bill_id, u.position, a.id AS attempt_id, u.amount,
         row_number() OVER (PARTITION BY a.id, u.amount ORDER BY b.day, u.position) AS nth
    FROM {lines} u
    JOIN payments_bill b ON b.id = u.bill_id
    JOIN payments_attempt a ON a.number = u.number AND a.provider = b.provider
   WHERE u.kind = 'refund' AND u.deed IS NULL AND b.provider = %(provider)s
     AND (u.refund = '' OR %(by_amount)s)),
done AS (
  SELECT r.id AS deed, s.attempt_id, r.amount,
         row_number() OVER (PARTITION BY s.attempt_id, r.amount ORDER BY r.done_at, r.id) AS nth
    FROM payments_settlement s
    JOIN payments_refund r ON r.settlement_id = s.id AND r.state = 'done'
   WHERE s.attempt_id IN (SELECT attempt_id FROM told)
     AND NOT EXISTS (SELECT FROM payments_bill_line o WHERE o.deed = r.id)),
matched AS (
  UPDATE {lines} l SET deed = done.deed
    FROM told JOIN done USING (attempt_id, amount, nth)
   WHERE l.bill_id = told.bill_id AND l.position = told.position
  RETURNING l.bill_id)
SELECT DISTINCT bill_id FROM matched
"""


def match(cursor: Any, lines: str, provider: str, *, by_amount: bool) -> set[UUID]:
    """Find the deeds of this provider's lines that have none, in `KEPT` or `STAGED`; the bills in which any was found.

    `by_amount` where the provider's numbers of refunds aren't ours, so that only payment and amount can tell.
    """
    found: set[UUID] = set()
    for statement in (_PAYMENTS, _REFUNDS, _REFUNDS_BY_AMOUNT):
        cursor.execute(statement.format(lines=lines), {"provider": provider, "by_amount": by_amount})
        found |= {row[0] for row in cursor.fetchall()}
    return found
