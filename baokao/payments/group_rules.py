"""Pure rules of group payment: what may be held, until when, and what may be paid (rule D8)."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from baokao.core.verdict import Refused
from baokao.registration.rules import LiveEntry

# How many entries a group may have: what one settlement books within a few seconds.
MOST = 2000

BUSY = Refused("busy", "支付处理中，请稍后再试。", "支付结果会显示在本页；得到结果前名单不能更改。")
OVER = Refused("over", "该集体缴费已结束，名单不能再更改。", "请新建集体缴费。")
EMPTY = Refused("empty", "没有可缴费的科目。", "请先锁定要缴费的科目。")
NONE_CHOSEN = Refused("none_chosen", "请至少勾选一行。")
NOBODY = Refused("nobody", "没有找到可加入的未支付科目。", "请核对所选内容；已支付、已取消或不属于本校的科目不能加入。")
TOO_MANY = Refused("too_many", f"一次集体缴费最多{MOST}科。", "请分班级或分院系多次办理。")
NO_NAME = Refused("no_name", "请填写名称，例如班级或院系。", about="name")


class Skip(StrEnum):
    """Why an entry can't be held by a group; the words for it are the pages'."""

    GONE = "gone"
    PAID = "paid"
    BEING_PAID = "being_paid"
    OTHER_GROUP = "other_group"
    OVER = "over"
    RESTRICTED = "restricted"
    NO_WRITTEN = "no_written"


def with_speaking(picked: Collection[UUID], live: Iterable[LiveEntry]) -> list[LiveEntry]:
    """The picked entries among `live` (by their ids), each written one with its unpaid speaking entry."""
    live = list(live)
    written = [one for one in live if one.id in picked and one.kind == "written" and one.state == "unpaid"]
    return [one for one in live if one.id in picked or _goes_along(one, written)]


def _goes_along(one: LiveEntry, written: Sequence[LiveEntry]) -> bool:
    return (one.kind, one.state) == ("speaking", "unpaid") and any(one.belongs_to(other) for other in written)


def skips(wanted: Sequence[LiveEntry], live: Sequence[LiveEntry], group: UUID, now: datetime) -> dict[UUID, Skip]:
    """Which of the wanted entries can't be held by the group now, by their ids, and why; `live` are all live entries of
    the same registrations. What the group holds already can."""
    found: dict[UUID, Skip] = {}
    # Written ones first: a speaking entry can't be held without its written one.
    for one in sorted(wanted, key=lambda entry: entry.kind != "written"):
        written = [other for other in live if other.kind == "written" and other.belongs_to(one)]
        why = _skip(one, written, group, now)
        if why is None and one.kind == "speaking" and not _is_kept_up(written, wanted, found, group):
            why = Skip.NO_WRITTEN
        if why is not None:
            found[one.id] = why
    return found


def _skip(one: LiveEntry, written: Sequence[LiveEntry], group: UUID, now: datetime) -> Skip | None:
    if one.state == "paid":
        return Skip.PAID
    if one.locked_by == group:
        return None
    if one.lock:
        return Skip.BEING_PAID if one.lock == "payment" else Skip.OTHER_GROUP
    # A speaking entry goes with its unpaid written one, if that goes earlier (rule C7).
    ends = [one.held_until, ends_at(one)]
    if one.kind == "speaking":
        ends += [other.held_until for other in written if other.state == "unpaid" and not other.lock]
    if now >= min(ends):
        return Skip.OVER
    return Skip.RESTRICTED if one.restriction is not None else None


def _is_kept_up(
    written: Sequence[LiveEntry], wanted: Sequence[LiveEntry], skipped: Collection[UUID], group: UUID
) -> bool:
    """Whether the written entry of a speaking one is paid, or held by the same group."""
    return any(
        one.state == "paid" or one.locked_by == group or (one in wanted and one.id not in skipped) for one in written
    )


def ends_at(one: LiveEntry) -> datetime:
    """When a lock on it ends at the latest: its pay-until, or, where no window is known any more, its own time."""
    return one.pay_until or one.held_until


def held_until(one: LiveEntry, hold: timedelta, now: datetime) -> datetime:
    """Until when an entry is held that a group lets go: the hold begins again, up to pay-until (rules C12, D8)."""
    return min(now + hold, ends_at(one))


def paying_refusals(entries: Sequence[tuple[LiveEntry, datetime]], now: datetime) -> list[Refused]:
    """What stands in the way of paying the entries that a group holds, each with the end of its lock: a lock that is
    over, and a restriction since (rules B8, D5)."""
    over = [one for one, ends in entries if now >= ends]
    restricted = [one for one, _ in entries if one.restriction is not None]
    found = []
    if over:
        found.append(Refused("over", f"有{len(over)}科已超过缴费截止时间，不能再缴费。", "请先解除这些科目的锁定。"))
    if restricted:
        message = f"有{len(restricted)}科在锁定后被限制报考，不能缴费。"
        about = ",".join(str(one.id) for one in restricted)
        found.append(Refused("restricted", message, "请先解除这些科目的锁定。", about=about))
    return found
