"""Which subjects a campus offers, and for how many (rules C3, G6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from baokao.core import versions
from baokao.core.verdict import Refused, RefusedError
from baokao.exams import queries as exams
from baokao.exams.audit import ExamsAction
from baokao.exams.models import Offering, SittingSubject
from baokao.exams.rules import CAPACITY_AT_MOST
from baokao.exams.services.school.turn import Setter, refuse_changed, turn

# First every lock, in the order of the ids, then the updates: strangers who want a seat wait for as short as can be.
_LOCK = "SELECT id FROM exams_offering WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
# What is taken stays taken, so capacity follows the higher of the two (rule G6), computed from the counter as it stands
# under the lock.
_SET = """
UPDATE exams_offering o SET target = c.target, capacity = greatest(c.target, o.taken), offered = true
  FROM unnest(%s::bigint[], %s::integer[]) AS c (id, target) WHERE o.id = c.id
"""
# Nobody is thrown out by closing; who takes a seat in this very moment finds none (`never_one_seat_too_many`).
_CLOSE = """
UPDATE exams_offering SET target = 0, capacity = 0, offered = false WHERE id = ANY(%s) AND taken = 0 RETURNING id
"""


@dataclass(frozen=True)
class Wish:
    """What a campus wants of one subject: whether it is offered, and the number of seats aimed at."""

    offered: bool
    target: int = 0


def offerings_version(standing: Mapping[str, Offering], subjects: Sequence[str]) -> str:
    """The version of the campus's offerings as a form shows them."""
    return versions.version(_values(standing, subjects))


def set_offerings(setter: Setter, campus: str, wishes: Mapping[str, Wish], seen: str) -> list[str]:
    """Open, close and size the campus's offerings as wished, all or nothing; returns the codes that changed.

    A target below what is taken is accepted: seats that come free are withdrawn until it is met, and nobody is thrown
    out (rule G6). Raises RefusedError: a subject that the sitting doesn't have, a number out of bounds, an offering to
    close in which somebody holds a seat, or somebody else changed it meanwhile.
    """
    with turn(setter, ExamsAction.OFFERINGS_SET, f"campus:{campus}") as record:
        offered = set(SittingSubject.objects.filter(sitting_id=setter.sitting).values_list("subject_id", flat=True))
        _check(wishes, offered)
        found = Offering.objects.filter(sitting_id=setter.sitting, campus_id=campus, subject_id__in=list(wishes))
        standing = {row.subject_id: row for row in found}
        refuse_changed(seen, _values(standing, list(wishes)), _told(standing, list(wishes)))
        changed = {code: wish for code, wish in wishes.items() if wish != _wish(standing.get(code))}
        if not changed:
            return []
        record({code: [_number(standing.get(code)), wish.target if wish.offered else None]
                for code, wish in changed.items()})  # fmt: skip
        new = {code: wish for code, wish in changed.items() if code not in standing}
        _open(setter, campus, new)
        _move({standing[code]: wish for code, wish in changed.items() if code in standing})
        return list(changed)


def _values(standing: Mapping[str, Offering], subjects: Sequence[str]) -> dict[str, object]:
    return {f"target_{code}": _number(standing.get(code)) for code in subjects}


def _told(standing: Mapping[str, Offering], subjects: Sequence[str]) -> dict[str, str]:
    names, found = exams.subject_names(), {}
    for code in subjects:
        number = _number(standing.get(code))
        found[f"target_{code}"] = f"{names[code]}现为{'不开考' if number is None else f'开考，容量 {number}'}"
    return found


def _number(offering: Offering | None) -> int | None:
    """The target of what is offered, None for what isn't."""
    return offering.target if offering is not None and offering.offered else None


def _wish(offering: Offering | None) -> Wish:
    number = _number(offering)
    return Wish(number is not None, number or 0)


def _check(wishes: Mapping[str, Wish], offered: set[str]) -> None:
    found = [
        Refused("unknown_subject", "本考次没有该科目。", "请刷新页面后再试。", about=f"target_{code}")
        for code in wishes
        if code not in offered
    ]
    found += [
        Refused("out_of_bounds", f"容量应为 0–{CAPACITY_AT_MOST} 的整数。", about=f"target_{code}")
        for code, wish in wishes.items()
        if wish.offered and not 0 <= wish.target <= CAPACITY_AT_MOST
    ]
    if found:
        raise RefusedError(*found)


def _open(setter: Setter, campus: str, new: Mapping[str, Wish]) -> None:
    """Offerings that the campus never had. Fees are not the school's to set: see `_fee`."""
    Offering.objects.bulk_create(
        Offering(
            sitting_id=setter.sitting, campus_id=campus, subject_id=code, fee=_fee(setter, code),
            target=wish.target, capacity=wish.target,
        )
        for code, wish in sorted(new.items())
    )  # fmt: skip


def _fee(setter: Setter, subject: str) -> Decimal | None:
    """What the subject costs throughout the province, as long as it costs the same everywhere; else none is set yet,
    and candidates read 费用未设置。 (decision 65)."""
    there = Offering.objects.filter(
        sitting_id=setter.sitting, subject_id=subject, campus__school__province_id=setter.school[:2], fee__isnull=False
    )
    fees = list(there.values_list("fee", flat=True).distinct()[:2])
    return fees[0] if len(fees) == 1 else None


def _move(wishes: Mapping[Offering, Wish]) -> None:
    """The counters' rows, last (docs/locking.md)."""
    kept: list[tuple[int, int]] = [(row.pk, wish.target) for row, wish in wishes.items() if wish.offered]
    closing = {row.pk: row for row, wish in wishes.items() if not wish.offered}
    if not wishes:
        return
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [sorted(row.pk for row in wishes)])
        if closing:
            cursor.execute(_CLOSE, [list(closing)])
            closed: set[Any] = {row[0] for row in cursor.fetchall()}
            if held := [row.subject_id for pk, row in closing.items() if pk not in closed]:
                raise RefusedError(*(_still_held(code) for code in held))
        if kept:
            cursor.execute(_SET, [[pk for pk, _ in kept], [target for _, target in kept]])


def _still_held(subject: str) -> Refused:
    name = exams.subject_names()[subject]
    return Refused(
        "still_held",
        f"{name}已有考生报考，不能停考。",
        "如不再接受新的报考，请把容量改为 0：已报考的不受影响，空出的名额随即收回。",
        about=f"offered_{subject}",
    )
