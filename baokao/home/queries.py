"""What the public pages read. Nothing is remembered here: the pages made of it are (`views.py`)."""

from datetime import datetime

from baokao.exams import queries as exams
from baokao.exams.models import Campus, News, Page, Sitting, SittingSubject
from baokao.exams.rules import Light
from baokao.home.shown import Dates, Exam, SittingShown

_NEWS_SHOWN = 8
_DATES = (
    "registration_opens_at", "registration_closes_at", "written_on", "speaking4_on", "speaking6_on",
    "written_tickets_at", "speaking_tickets_at",
)  # fmt: skip


def sittings(now: datetime) -> list[SittingShown]:
    """The sittings that are open, latest first; if none is, the latest one that was announced, if any."""
    found = list(Sitting.objects.filter(state=Sitting.State.OPEN).order_by("-code"))
    if not found:
        found = list(Sitting.objects.exclude(registration_opens_at=None).order_by("-code")[:1])
    subjects = (
        SittingSubject.objects.filter(sitting__in=found, exam_on__isnull=False)
        .select_related("subject")
        .order_by("subject__position")
        if found
        else []
    )
    of_sitting: dict[str, list[Exam]] = {}
    for row in subjects:
        assert row.exam_on is not None
        subject = row.subject
        exam = Exam(subject.name, subject.level, subject.kind == "written", row.exam_on, row.starts_at)
        of_sitting.setdefault(row.sitting_id, []).append(exam)
    return [SittingShown.of(_dates(sitting, of_sitting.get(sitting.code, [])), now) for sitting in found]


def latest_news(now: datetime) -> list[News]:
    """The newest items that are published by now."""
    return list(News.objects.filter(published_at__lte=now).defer("body")[:_NEWS_SHOWN])


def news(news_id: int, now: datetime) -> News | None:
    """One item, if it is published by now."""
    return News.objects.filter(id=news_id, published_at__lte=now).first()


def page(slug: str) -> Page | None:
    """A content page."""
    return Page.objects.filter(slug=slug).first()


def lights(campus: str, sitting: str) -> dict[str, Light] | None:
    """The lights of a campus by subject code, of one open sitting or of all; None if there is no such campus."""
    found = exams.lights(campus, sitting)
    return found if found or Campus.objects.filter(code=campus).exists() else None


def _dates(sitting: Sitting, exams: list[Exam]) -> Dates:
    announced = {name: getattr(sitting, name) for name in _DATES}
    return Dates(sitting.name, sitting.half_name, sitting.state, exams=tuple(exams), **announced)
