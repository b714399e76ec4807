"""How the desk's students stand, counted in one statement: in all, by campus and by class (rule G5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from baokao.core.zone import local
from baokao.office import access
from baokao.office.desk import Desk

# A student of the roster counts once; one who was taken out of it counts while a live registration remains (rule G3).
# `own` is the desk's own query, so that what is counted is what it reaches and nothing else.
_COUNTED = """
WITH own AS ({own}),
stood AS (
  SELECT own.campus_id, own.department, own.major, own.grade, own.class_name, r.id AS registration,
         count(e.id) FILTER (WHERE e.state = 'unpaid') AS unpaid,
         count(e.id) FILTER (WHERE e.state = 'paid') AS paid,
         count(e.id) FILTER (WHERE e.state = 'unpaid' AND e.locked_by IS NULL AND e.held_until < %s) AS expiring,
         coalesce(sum(e.fee) FILTER (WHERE e.state = 'unpaid'), 0) AS owed
    FROM own
    LEFT JOIN registration_registration r ON r.record_id = own.id AND r.state = 'live'
    LEFT JOIN registration_entry e ON e.registration_id = r.id AND e.state IN ('unpaid', 'paid')
   WHERE own.removed_at IS NULL OR r.id IS NOT NULL
   GROUP BY own.id, own.campus_id, own.department, own.major, own.grade, own.class_name, r.id)
SELECT {columns}, count(*), count(registration), count(*) FILTER (WHERE registration IS NOT NULL AND unpaid + paid = 0),
       count(*) FILTER (WHERE paid > 0 AND unpaid = 0), count(*) FILTER (WHERE paid > 0 AND unpaid > 0),
       count(*) FILTER (WHERE paid = 0 AND unpaid > 0), coalesce(sum(unpaid), 0), coalesce(sum(expiring), 0),
       coalesce(sum(owed), 0)
  FROM stood {grouping}
"""
_CAMPUS = ("campus_id",)
# What makes a class: its own name is often just a number.
CLASS = ("campus_id", "department", "major", "grade", "class_name")


@dataclass(frozen=True)
class Count:
    """How many students there are, how many registered, and how those stand; entries and yuan that are unpaid."""

    key: tuple[str, ...]
    students: int
    registered: int
    empty: int
    complete: int
    partly: int
    unpaid: int
    unpaid_entries: int
    expiring_entries: int
    owed: Any

    @property
    def missing(self) -> int:
        """Students without a registration."""
        return self.students - self.registered

    @property
    def open(self) -> int:
        """Registered, and not yet complete."""
        return self.registered - self.complete

    def share(self, part: int, of: int | None = None) -> str:
        """`69.6%` of all students, or of another number; `—` of nothing."""
        whole = self.students if of is None else of
        return f"{part / whole:.1%}" if whole else "—"


def counts(desk: Desk, by: str = "") -> list[Count]:
    """One count in all, or one a `campus` or a `class`, in the order of their keys."""
    columns = {"": (), "campus": _CAMPUS, "class": CLASS}[by]
    fields = ("id", "removed_at", *CLASS)
    own, parameters = access.records(desk).order_by().values(*fields).query.sql_with_params()
    listed = ", ".join(columns)
    statement = _COUNTED.format(
        own=own,
        columns=f"ARRAY[{listed}]::text[]" if columns else "ARRAY[]::text[]",
        grouping=f"GROUP BY {listed} ORDER BY {listed}" if columns else "",
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*parameters, day_end(desk.now)])
        return [Count(tuple(key), *rest) for key, *rest in cursor.fetchall()]


def day_end(now: datetime) -> datetime:
    """The end of today, in Shanghai."""
    return local(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def class_label(key: Sequence[str]) -> str:
    """`化学学院 物理 01级 1班`, from the parts that there are."""
    _, department, major, grade, class_name = key
    parts = [department, major, f"{grade}级" if grade else "", _with(class_name, "班")]
    return " ".join(part for part in parts if part) or "未分班"


def _with(text: str, ending: str) -> str:
    return text if not text or text.endswith(ending) else f"{text}{ending}"
