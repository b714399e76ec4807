"""Student numbers that bring nothing onto a list of a group payment, each with its reason (rules D8, H3)."""

from collections.abc import Sequence
from datetime import datetime

from baokao.office import access
from baokao.office.desk import Desk
from baokao.registration.models import Entry, Registration

_NUMBER = "registration__record__student_no"


def reasons(desk: Desk, numbers: Sequence[str]) -> list[tuple[str, str]]:
    """Each of the numbers with why there is nothing to pay for it, in their order; three statements."""
    # Of a number that stands in several records the one that is still in the roster comes last, and counts.
    known = dict(
        access.records(desk)
        .filter(student_no__in=numbers)
        .order_by("removed_at")
        .values_list("student_no", "removed_at")
    )
    live = access.registrations(desk).filter(state=Registration.State.LIVE, record__student_no__in=numbers)
    saved = set(live.values_list("record__student_no", flat=True))
    held: dict[str, set[str]] = {}
    entries = access.entries(desk).filter(**{f"{_NUMBER}__in": numbers}, state__in=Entry.LIVE)
    for number, state, lock in entries.values_list(_NUMBER, "state", "lock"):
        held.setdefault(number, set()).add(lock or state)
    return [(number, _reason(number, known, saved, held.get(number, set()))) for number in numbers]


def _reason(number: str, known: dict[str, datetime | None], saved: set[str], held: set[str]) -> str:
    """`known` has each number of the roster with the moment at which its student was removed."""
    if number not in known:
        return "本校学籍中没有这个学号"
    if number not in saved:
        return "未报名" if known[number] is None else "已移出学籍库"
    if not held:
        return "未报考科目"
    if Entry.Lock.GROUP in held:
        return "已被集体缴费锁定"
    if Entry.Lock.PAYMENT in held:
        return "考生正在支付"
    return "已到期，即将自动删除" if Entry.State.UNPAID in held else "已支付"
