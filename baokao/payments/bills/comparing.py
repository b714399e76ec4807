"""What differs between bills and our books, found anew for whole days, listed once, and explained when it is gone."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

# A day is compared again with the days around it, for what one bill lacks its neighbour may have.
AROUND_DAYS = 3

_FOUND = """
CREATE TEMPORARY TABLE IF NOT EXISTS bill_found (
    bill_id uuid NOT NULL, kind text NOT NULL, flow text NOT NULL, subject text NOT NULL, number text NOT NULL,
    trade text NOT NULL, refund text NOT NULL, deed uuid, ours numeric, theirs numeric, at timestamptz NOT NULL
) ON COMMIT DELETE ROWS;
DELETE FROM bill_found
"""

# Lines that tell of nothing we know. If we do know it, another line has told of it already.
_UNKNOWN = """
INSERT INTO bill_found
SELECT bill_id,
       CASE WHEN flow = 'other' THEN CASE WHEN label LIKE '%%费%%' THEN 'fee' ELSE 'other' END
            WHEN known OR nth > 1 THEN 'doubled' ELSE flow || '_unknown' END,
       flow, concat_ws('/', number, trade, refund) || CASE WHEN nth > 1 THEN '#' || nth ELSE '' END,
       number, trade, refund, NULL, NULL, amount, at
  FROM (SELECT l.bill_id, l.kind AS flow, l.label, l.number, l.trade, l.refund, l.amount, l.at,
               row_number() OVER (PARTITION BY l.bill_id, l.kind, l.number, l.trade, l.refund ORDER BY l.position)
                 AS nth,
               CASE l.kind
                 WHEN 'payment' THEN EXISTS (
                   SELECT FROM payments_attempt a JOIN payments_settlement s ON s.attempt_id = a.id
                    WHERE a.number = l.number AND a.provider = b.provider)
                 WHEN 'refund' THEN EXISTS (
                   SELECT FROM payments_refund r
                     JOIN payments_settlement s ON s.id = r.settlement_id AND s.provider = b.provider
                     JOIN payments_attempt a ON a.id = s.attempt_id AND a.number = l.number
                    WHERE r.number = l.refund AND r.state = 'done')
                 ELSE false END AS known
          FROM payments_bill_line l JOIN payments_bill b ON b.id = l.bill_id
         WHERE l.deed IS NULL AND l.bill_id = ANY(%(bills)s)) lines
"""
_OTHERWISE = """
INSERT INTO bill_found
SELECT l.bill_id, CASE WHEN l.amount <> s.amount THEN 'amount' ELSE 'trade' END, 'payment', l.number, l.number,
       l.trade, '', s.id, s.amount, l.amount, l.at
  FROM payments_bill_line l JOIN payments_settlement s ON s.id = l.deed
 WHERE l.bill_id = ANY(%(bills)s) AND l.kind = 'payment'
   AND (l.amount <> s.amount OR (l.trade <> s.trade AND l.trade <> '' AND s.trade <> ''))
UNION ALL
SELECT l.bill_id, 'refund_amount', 'refund', r.number, l.number, l.trade, r.number, r.id, r.amount, l.amount, l.at
  FROM payments_bill_line l JOIN payments_refund r ON r.id = l.deed
 WHERE l.bill_id = ANY(%(bills)s) AND l.kind = 'refund' AND l.amount <> r.amount
"""
# What our books have of a day and no bill tells of. Near midnight the neighbour's bill is waited for. What was booked
# in the last moments is left for the next time: its transaction may not be seen yet.
_MISSING = """
INSERT INTO bill_found
SELECT b.id,
       CASE WHEN (own.moment >= day.ends - interval '1 hour' AND NOT EXISTS (
                    SELECT FROM payments_bill n WHERE n.provider = b.provider AND n.day = b.day + 1
                       AND n.state <> 'due'))
              OR (own.moment < day.begins + interval '1 hour' AND EXISTS (
                    SELECT FROM payments_bill n WHERE n.provider = b.provider AND n.day = b.day - 1
                       AND n.state = 'due'))
            THEN 'day_border' ELSE own.flow || '_missing' END,
       own.flow, own.number, a.number, own.trade, own.refund, own.deed, own.amount, NULL, own.moment
  FROM payments_bill b
  CROSS JOIN LATERAL (SELECT b.day::timestamp AT TIME ZONE 'Asia/Shanghai' AS begins,
                             (b.day + 1)::timestamp AT TIME ZONE 'Asia/Shanghai' AS ends) day
  JOIN LATERAL (
    {own}) own ON own.moment >= day.begins AND own.moment < day.ends
  JOIN payments_attempt a ON a.id = own.attempt_id
 WHERE b.id = ANY(%(bills)s) AND NOT EXISTS (SELECT FROM payments_bill_line l WHERE l.deed = own.deed)
"""
# When it was booked bounds the search by an index: money is booked after it came, but for a little of the clocks'.
_OWN_PAYMENTS = """
    SELECT 'payment' AS flow, s.id AS deed, s.attempt_id, a.number, s.trade, '' AS refund, s.amount,
           coalesce(s.paid_at, s.settled_at) AS moment
      FROM payments_settlement s JOIN payments_attempt a ON a.id = s.attempt_id
     WHERE s.provider = b.provider AND s.settled_at >= day.begins - interval '1 hour' AND s.settled_at <= %(until)s
"""
_OWN_REFUNDS = """
    SELECT 'refund' AS flow, r.id AS deed, s.attempt_id, r.number, '' AS trade, r.number AS refund, r.amount,
           r.done_at AS moment
      FROM payments_refund r JOIN payments_settlement s ON s.id = r.settlement_id
     WHERE s.provider = b.provider AND r.state = 'done' AND r.done_at >= day.begins AND r.done_at < day.ends
       AND r.done_at <= %(until)s
"""

# Listed once. What settled itself is listed again if it comes back, and so is anything whose amounts have changed.
_LIST = """
INSERT INTO payments_difference AS d
  (id, bill_id, kind, flow, subject, number, trade, refund, deed, ours, theirs, at, holds, state, listed_at,
   settled_by, reason)
SELECT gen_random_uuid(), bill_id, kind, flow, subject, number, trade, refund, deed, ours, theirs, at, true, 'listed',
       %(now)s, '', ''
  FROM bill_found
ON CONFLICT (bill_id, kind, subject) DO UPDATE SET
  holds = true, deed = excluded.deed, ours = excluded.ours, theirs = excluded.theirs, at = excluded.at,
  (state, listed_at, settled_at, settled_by, reason) = (
    SELECT CASE WHEN anew THEN 'listed' ELSE d.state END, CASE WHEN anew THEN %(now)s ELSE d.listed_at END,
           CASE WHEN anew THEN NULL ELSE d.settled_at END, CASE WHEN anew THEN '' ELSE d.settled_by END,
           CASE WHEN anew THEN '' ELSE d.reason END
      FROM (SELECT d.settled_by = 'system'
                   OR (d.ours, d.theirs) IS DISTINCT FROM (excluded.ours, excluded.theirs) AS anew) asked)
 WHERE NOT d.holds OR (d.ours, d.theirs) IS DISTINCT FROM (excluded.ours, excluded.theirs)
"""
_EXPLAIN = """
UPDATE payments_difference d SET
  holds = false, state = 'settled', settled_at = coalesce(d.settled_at, %(now)s),
  settled_by = CASE WHEN d.state = 'listed' THEN 'system' ELSE d.settled_by END,
  reason = CASE WHEN d.state <> 'listed' THEN d.reason
    ELSE coalesce(
      (SELECT '已列入' || b.day || '的账单。' FROM payments_bill_line l JOIN payments_bill b ON b.id = l.bill_id
        WHERE l.deed = d.deed AND d.kind IN ('day_border', 'payment_missing', 'refund_missing')),
      CASE WHEN d.kind = 'day_border' THEN '邻日账单中也没有，改列为平台无此笔。'
           WHEN d.kind IN ('payment_unknown', 'refund_unknown') THEN '本系统已入账。'
           ELSE '再次对账时已无此差异。' END) END
 WHERE d.holds AND d.bill_id = ANY(%(bills)s)
   AND NOT EXISTS (SELECT FROM bill_found f
                    WHERE f.bill_id = d.bill_id AND f.kind = d.kind AND f.subject = d.subject)
"""
# Bills with something missing of which another bill tells by now.
_EXPLAINABLE = """
SELECT DISTINCT d.bill_id FROM payments_difference d JOIN payments_bill b ON b.id = d.bill_id
 WHERE d.holds AND b.provider = %(provider)s AND d.theirs IS NULL
   AND EXISTS (SELECT FROM payments_bill_line l WHERE l.deed = d.deed)
"""
_AROUND = """
SELECT id FROM payments_bill WHERE provider = %(provider)s AND state <> 'due' AND day BETWEEN %(since)s AND %(until)s
"""


def around(cursor: Any, provider: str, since: date, until: date) -> set[UUID]:
    """The bills of these days that were compared before."""
    cursor.execute(_AROUND, {"provider": provider, "since": since, "until": until})
    return {row[0] for row in cursor.fetchall()}


def explainable(cursor: Any, provider: str) -> set[UUID]:
    """The bills of which something that was missing has turned up in another."""
    cursor.execute(_EXPLAINABLE, {"provider": provider})
    return {row[0] for row in cursor.fetchall()}


def compare(cursor: Any, bills: Collection[UUID], until: datetime, now: datetime) -> None:
    """List what differs in these bills, and settle what doesn't any more; our books count up to `until`."""
    parameters = {"bills": list(bills), "until": until, "now": now}
    cursor.execute(_FOUND)
    for own in (_OWN_PAYMENTS, _OWN_REFUNDS):
        cursor.execute(_MISSING.format(own=own), parameters)
    cursor.execute(_UNKNOWN, parameters)
    cursor.execute(_OTHERWISE, parameters)
    cursor.execute(_LIST, parameters)
    cursor.execute(_EXPLAIN, parameters)
    cursor.execute("UPDATE payments_bill SET compared_to = %(until)s WHERE id = ANY(%(bills)s)", parameters)
