"""What the review's desk shows, each page with a constant number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict

from baokao.core.words import left, masked_number
from baokao.office import access
from baokao.office.desk import Desk
from baokao.office.listing import Chip, Listing, Sort
from baokao.office.review import beside
from baokao.passport.idtypes import IdType
from baokao.review import rules
from baokao.review.differences import Compared, compare
from baokao.review.models import Application, Decision
from baokao.roster.models import PastScore, StudentRecord
from baokao.roster.rules import PASSING_SCORE, name_key, number_key

_WAITS = Q(state="pending", decided=False)
CHIPS = (
    Chip("", "未复核", _WAITS),
    Chip("decided", "待生效", Q(state="pending", decided=True)),
    Chip("failed", "复核失败", Q(state="failed")),
    Chip("passed", "复核通过", Q(state="passed")),
    Chip("behalf", "代为申请", Q(passport__isnull=True)),
    Chip("all", "全部", Q()),
)
SORTS = (
    Sort("", "先提交的在前", ("submitted_at", "id")),
    Sort("late", "后提交的在前", ("-submitted_at", "id")),
    Sort("often", "提交次数多的在前", ("-submitted_count", "submitted_at", "id")),
    Sort("name", "按姓名", ("record__name", "id")),
)
_NEAR = 8


def queue(desk: Desk, asked: QueryDict) -> Listing[Application]:
    """The applications of the desk, as the address asks for them."""
    rows = _with_decided(desk).select_related("record")
    return Listing(asked, rows, search=_search, chips=CHIPS, sorts=SORTS)


def _with_decided(desk: Desk) -> QuerySet[Application]:
    opened = access.decisions(desk).filter(outcome=Decision.Outcome.OPEN, application=OuterRef("pk"))
    return access.applications(desk).annotate(decided=Exists(opened))


def _search(rows: QuerySet[Application], text: str) -> QuerySet[Application]:
    return rows.filter(
        Q(record__name_key__startswith=name_key(text)) | Q(record__student_no=text) | Q(ticket_number=number_key(text))
    )


def waiting(desk: Desk) -> QuerySet[Application]:
    """What waits for a decision, the first submitted first."""
    return _with_decided(desk).filter(_WAITS).select_related("record").order_by("submitted_at", "id")


def next_waiting(desk: Desk, after: Application) -> Application | None:
    """The next that waits behind this one, else the first of all; None when nothing else waits."""
    others = waiting(desk).exclude(id=after.id)
    behind = Q(submitted_at__gt=after.submitted_at) | Q(submitted_at=after.submitted_at, id__gt=after.id)
    return others.filter(behind).first() or others.first()


def students(desk: Desk, asked: QueryDict) -> Listing[StudentRecord]:
    """The desk's students to apply for on behalf, found by name or student number."""

    def search(rows: QuerySet[StudentRecord], text: str) -> QuerySet[StudentRecord]:
        return rows.filter(Q(name_key__startswith=name_key(text)) | Q(student_no=text))

    rows = access.records(desk).filter(removed_at__isnull=True).exclude(name="")
    sorts = (Sort("", "按姓名", ("name", "id")), Sort("no", "按学号", ("student_no", "id")))
    return Listing(asked, rows, search=search, chips=(Chip("", "全部", Q()),), sorts=sorts, size=20)


@dataclass(frozen=True)
class Line:
    """A line of the comparison: what the roster or the application says, and what the score record says."""

    label: str
    compared: Compared

    @property
    def verdict(self) -> str:
        if self.compared.same:
            return "一致"
        return "不同" if self.label == "证件类型" else f"{self.compared.count} 位不同"


def comparison(application: Application, score: PastScore) -> list[Line]:
    """The application beside the score record that it names. Each side is shown whole (rule E4)."""
    record = application.record
    pairs = [
        ("姓名", record.name, score.name),
        ("证件号码", record.id_number, score.id_number),
        ("证件类型", record.get_id_type_display(), IdType(score.id_type).label),
        ("准考证号", application.ticket_number, score.ticket_number),
    ]
    return [Line(label, compare(str(ours), str(theirs))) for label, ours, theirs in pairs]


def sitting_of(ticket: str) -> str:
    """`2016年下半年`, from a written ticket number."""
    return f"{rules.year_of(ticket)}年{'上' if ticket[8] == '1' else '下'}半年"


def one(desk: Desk, application: Application) -> dict[str, Any]:
    """One application beside its score record, the other applications for its record, evidence and history."""
    score = access.named_score(desk, application)
    decisions = list(access.decisions(desk).filter(application=application).order_by("-decided_at", "id"))
    others = list(
        access.applications(desk)
        .filter(record=application.record)
        .exclude(id=application.id)
        .select_related("record", "passport")
        .order_by("submitted_at", "id")
    )
    opened = next((one for one in decisions if one.outcome == Decision.Outcome.OPEN), None)
    around = list(waiting(desk)[: _NEAR + 1])
    return {
        "application": application,
        "record": application.record,
        "number_masked": masked_number(application.record.id_number),
        "how": how(application, score),
        "score": score,
        "score_sitting": sitting_of(score.ticket_number) if score else "",
        "score_passes": bool(score and score.score >= PASSING_SCORE),
        "lines": comparison(application, score) if score else [],
        "others": others,
        "columns": beside.columns(desk, application, others),
        "evidence": list(
            access.evidence(desk).filter(application=application).defer("scan_sealed").order_by("position")
        ),
        "decisions": decisions,
        "names": access.staff_names({one.decided_by for one in decisions} | {application.settled_by}),
        "opened": opened,
        "waits": application.state == Application.State.PENDING and opened is None,
        "near": around[:_NEAR],
        "more": max(0, waiting(desk).count() - _NEAR),
        "next": next_waiting(desk, application),
    }


def how(application: Application, score: PastScore | None) -> str:
    """Why it waits, in a few words."""
    if application.passport_id is None:
        return "代为申请"
    if application.state == Application.State.PASSED and application.settled_by == "system":
        return "自动通过"
    return "证件号码不一致" if score else "没有成绩记录"


@dataclass(frozen=True)
class Undoable:
    """One's own decision that may still be undone."""

    application: Application
    verdict: str
    left: str
    seconds: int


def undo_time(now: datetime) -> str:
    """For how long a decision can be undone (`BAOKAO_REVIEW_UNDO`), as pages say it: `5 分`."""
    return left(now + settings.REVIEW_UNDO, now)


def undoable(desk: Desk) -> list[Undoable]:
    """One's own decisions that have not taken effect, the latest first."""
    found = (
        access.decisions(desk)
        .filter(outcome=Decision.Outcome.OPEN, decided_by=desk.actor, effective_at__gt=desk.now)
        .select_related("application__record")
        .order_by("-decided_at", "id")
    )
    return [_undoable(one, desk.now) for one in found[:20]]


def _undoable(decision: Decision, now: datetime) -> Undoable:
    seconds = int((decision.effective_at - now).total_seconds())
    told = left(decision.effective_at, now)
    return Undoable(decision.application, decision.get_verdict_display(), told, seconds)


def scores_shown(scores: Sequence[PastScore], record: StudentRecord) -> list[dict[str, Any]]:
    """Past scores that a search found, held against the record; a stranger's number is masked."""
    own = record.id_number
    return [
        {
            "ticket": one.ticket_number,
            "sitting": sitting_of(one.ticket_number),
            "name": one.name,
            "number": masked_number(one.id_number),
            "own": one.id_number == own,
            "score": one.score,
            "passes": one.score >= PASSING_SCORE,
        }
        for one in scores
    ]
