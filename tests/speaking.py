"""Where the speaking tests play: campuses of one's own school, of another in the province, and of another province."""

from datetime import timedelta
from decimal import Decimal

from baokao.exams.models import Campus, Offering, School, SittingSubject, WindowPiece
from tests.cast import NOW, a_candidate, set_stage
from tests.registration.doing import enter

OWN, OWN_OTHER, NEAR, FAR = "993010", "993011", "991010", "111110"


def set_speaking_stage(seats: int = 10):
    """`set_stage`, with English speaking at each of the four campuses, open from yesterday for ten days; Japanese
    speaking without a date."""
    stage = set_stage(seats=max(seats, 100))
    Campus.objects.create(code=OWN_OTHER, school_id=OWN[:5], name="测试校区机构002")
    School.objects.create(code=FAR[:5], province_id="11", name="北京示例大学")
    Campus.objects.create(code=FAR, school_id=FAR[:5], name="主校区")
    SittingSubject.objects.create(sitting=stage.sitting, subject_id="J")
    Offering.objects.bulk_create(
        Offering(
            sitting=stage.sitting, campus_id=campus, subject_id=code, fee=Decimal("0.01"), target=seats, capacity=seats
        )
        for campus in (OWN, OWN_OTHER, NEAR, FAR)
        for code in "FS"
    )  # fmt: skip
    a_piece(stage, setter="national")
    return stage


def a_piece(stage, opens=timedelta(days=-1), closes=timedelta(days=10), kind="speaking", **columns):
    """A piece of a window, open from and until that far off."""
    return WindowPiece.objects.create(
        sitting=stage.sitting, kind=kind, opens_at=NOW + opens, closes_at=NOW + closes,
        pay_until=NOW + closes + timedelta(days=1), **columns,
    )  # fmt: skip


def a_speaker(stage, subjects="13456FSJ", written="1", **record):
    """A passport with a registration that holds these written entries."""
    passport = a_candidate(stage, subjects=subjects, **record)
    enter(passport, written)
    return passport
