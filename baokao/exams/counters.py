"""The one way in which an offering's counter moves. A seat is taken last before a commit, so that a hot row is locked
for as short as can be, and several offerings in the order of their ids, so that no two baskets wait for each other."""

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg import Connection, Cursor

from baokao.core.raw import prepared

TAKE = "UPDATE exams_offering SET taken = taken + 1 WHERE id = %s AND taken < capacity"
# A target below what is taken withdraws the seats that come free (rule G6).
GIVE_BACK = (
    "UPDATE exams_offering SET taken = taken - 1, capacity = greatest(target, taken - 1) WHERE id = %s AND taken > 0"
)
# One statement for hundreds of offerings, which it locks in id order before it changes the first.
GIVE_BACK_MANY = """
WITH locked AS (
  SELECT o.id, back.seats
    FROM unnest(%s::bigint[], %s::integer[]) AS back(id, seats) JOIN exams_offering o ON o.id = back.id
   ORDER BY o.id FOR NO KEY UPDATE OF o)
UPDATE exams_offering o
   SET taken = o.taken - locked.seats, capacity = greatest(o.target, o.taken - locked.seats)
  FROM locked WHERE locked.id = o.id
"""


def give_back_many(raw: Connection[Any], counts: Mapping[int, int]) -> None:
    """Give so many seats back at each offering, in one statement that takes the offerings in id order."""
    raw.execute(GIVE_BACK_MANY, [list(counts), list(counts.values())])


def move(raw: Connection[Any], taken: Sequence[int], given_back: Sequence[int]) -> list[tuple[int, Cursor[Any]]]:
    """Send one update an offering, in id order, on a psycopg connection, which may be in pipeline mode.

    Returns offering ids with the cursor of each: a row count of 0, known when the pipeline has ended, means that the
    offering is full and the transaction is to be rolled back.
    """
    steps = sorted([(offering, GIVE_BACK) for offering in given_back] + [(offering, TAKE) for offering in taken])
    return [(offering, prepared(raw, statement, [offering])) for offering, statement in steps]
