"""A school's turn at its own settings: one at a time, within an open sitting, unless its province froze them (G6)."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from baokao.core import audit, versions
from baokao.core.verdict import Refused, RefusedError
from baokao.core.words import shown
from baokao.exams.audit import ExamsAction
from baokao.exams.models import Freeze, School, Sitting
from baokao.exams.services import turns

CLOSED = Refused("sitting_closed", "本考次已结束，仅供查看。", "如需修改，请先更换考次。")
KEPT = "您填写的内容仍保留在下面，请核对后再次保存。"


@dataclass(frozen=True)
class Setter:
    """Who sets something, where and when: `actor` as audit rows name people."""

    sitting: str
    school: str
    actor: str
    now: datetime


def frozen(school: str, sitting: str, area: str) -> Freeze | None:
    """The freeze that keeps the school from changing this area now, its own before its province's."""
    standing = Freeze.objects.filter(sitting_id=sitting, area=area, province_id=school[:2], lifted_at__isnull=True)
    return standing.filter(Q(school_id=school) | Q(school__isnull=True)).order_by("school_id").first()


def refuse_frozen(school: str, sitting: str, area: str) -> None:
    """Raises RefusedError while the area is frozen for the school. To be asked within the transaction that writes,
    after `turns.join`, so that no freeze comes in between."""
    if (freeze := frozen(school, sitting, area)) is not None:
        what = Freeze.Area(freeze.area).label
        message = f"省级承办机构已于{shown(freeze.frozen_at)}冻结{what}：{freeze.reason}。"
        raise RefusedError(Refused("frozen", message, "如需修改，请联系省级承办机构解除冻结。"))


def refuse_frozen_anywhere(school: str) -> None:
    """Raises RefusedError while the school's settings are frozen in any sitting that isn't over: for what all sittings
    share, which could otherwise be changed by way of another one."""
    frozen_in = Freeze.objects.filter(area=Freeze.Area.SETTINGS, province_id=school[:2], lifted_at__isnull=True)
    for sitting in (
        frozen_in.exclude(sitting__state=Sitting.State.CLOSED).order_by("sitting").values_list("sitting", flat=True)
    ):
        refuse_frozen(school, sitting, Freeze.Area.SETTINGS)


@contextmanager
def turn(setter: Setter, action: ExamsAction, about: str) -> Iterator[Callable[[object], None]]:
    """The transaction of one setting; yields what records its audit row, which the caller calls with the changes
    before the last statements. A refusal leaves a row of its own.

    Raises RefusedError when the sitting is over or the school's settings are frozen.
    """
    who = {"actor": setter.actor, "subject": about, "sitting": setter.sitting, "at": setter.now}
    with audit.refusals(ExamsAction.SETTING_REFUSED, **who), transaction.atomic():  # type: ignore[arg-type]
        turns.join(setter.sitting, setter.school[:2])
        School.objects.select_for_update(no_key=True).only("code").get(code=setter.school)
        if Sitting.objects.get(code=setter.sitting).state == Sitting.State.CLOSED:
            raise RefusedError(CLOSED)
        refuse_frozen(setter.school, setter.sitting, Freeze.Area.SETTINGS)

        def record(changes: object) -> None:
            audit.record(action, detail={"changes": changes}, **who)  # type: ignore[arg-type]

        yield record


def refuse_changed(seen: str, values: Mapping[str, object], told: Mapping[str, str]) -> None:
    """Raises RefusedError with one refusal a field that somebody else changed since the page was made; `told` puts
    each field with its present value into words."""
    found = [
        Refused("changed_meanwhile", f"在您打开本页之后，其他人已修改：{told[name]}。", KEPT, about=name)
        for name in versions.changed(seen, values)
    ]
    if found:
        raise RefusedError(*found)
