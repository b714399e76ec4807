"""冻结 and 解除冻结 (rule G6): by the province for its schools or one of them, by the national office anywhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from baokao.core import audit
from baokao.core.verdict import Refused, RefusedError
from baokao.exams.audit import ExamsAction
from baokao.exams.models import Freeze
from baokao.exams.services import turns

STANDS = Refused("already_frozen", "已经冻结。", "无需重复操作。")
STANDS_NOT = Refused("not_frozen", "并未冻结，或已解除。", "请刷新页面查看。")


def freeze(
    sitting: str, province: str, school: str | None, area: Freeze.Area, reason: str, actor: str, now: datetime
) -> Freeze:
    """From now on the school, or with None every school of the province, changes nothing of this area.

    Waits for what schools of the province are just setting. Raises RefusedError when it is frozen already.
    """
    about = _about(province, school)
    with _turn(province, about, sitting, actor, now):
        if _standing(sitting, province, school, area) is not None:
            raise RefusedError(STANDS)
        row = Freeze.objects.create(
            sitting_id=sitting, province_id=province, school_id=school, area=area, reason=reason, frozen_at=now,
            frozen_by=actor,
        )  # fmt: skip
        _record(ExamsAction.FROZEN, row, actor, now)
        return row


def thaw(sitting: str, province: str, school: str | None, area: Freeze.Area, actor: str, now: datetime) -> None:
    """Let it be changed again. Raises RefusedError when it isn't frozen."""
    about = _about(province, school)
    with _turn(province, about, sitting, actor, now):
        row = _standing(sitting, province, school, area)
        if row is None:
            raise RefusedError(STANDS_NOT)
        row.lifted_at = now
        row.save(update_fields=["lifted_at"])
        _record(ExamsAction.THAWED, row, actor, now)


@contextmanager
def _turn(province: str, about: str, sitting: str, actor: str, now: datetime) -> Iterator[None]:
    refusals = audit.refusals(ExamsAction.FREEZE_REFUSED, actor=actor, subject=about, sitting=sitting, at=now)
    with refusals, transaction.atomic():
        turns.take_freeze(province)
        yield


def _standing(sitting: str, province: str, school: str | None, area: Freeze.Area) -> Freeze | None:
    return Freeze.objects.filter(
        sitting_id=sitting, province_id=province, school_id=school, area=area, lifted_at__isnull=True
    ).first()


def _about(province: str, school: str | None) -> str:
    return f"school:{school}" if school else f"province:{province}"


def _record(action: ExamsAction, row: Freeze, actor: str, now: datetime) -> None:
    detail = {"area": row.area, "reason": row.reason}
    about = _about(row.province_id, row.school_id)
    audit.record(action, actor=actor, subject=about, sitting=row.sitting_id, detail=detail, at=now)
