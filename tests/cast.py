"""The cast that the tests share: one sitting, two schools, and people with fixed parts.

Records are at 颜明's campus 993010 unless another is named. Everything is made through the models and services, so that
what a test starts from is what the program could have come to.
"""

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from baokao.core.brief import forget_all
from baokao.exams.models import (
    Agreement,
    Campus,
    Contact,
    Offering,
    Province,
    School,
    Sitting,
    SittingSubject,
    Subject,
    WindowPiece,
)
from baokao.exams.reference import PROVINCES, SUBJECTS
from baokao.passport import services as passports
from baokao.passport.models import Passport
from baokao.passport.services import NewPassport
from baokao.registration import services
from baokao.roster.models import StudentRecord
from baokao.sandbox.data.people import record_of

NOW = datetime.now(UTC).replace(microsecond=0)
SITTING = "20262"
PASSWORD = "a long enough one"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Stage:
    """Where the tests play: a sitting whose written window is open at two campuses."""

    sitting: Sitting
    campus: Campus
    elsewhere: Campus

    def offering(self, code: str, campus: str = "993010") -> Offering:
        return Offering.objects.get(sitting=self.sitting, campus_id=campus, subject_id=code)

    def set_seats(self, code: str, seats: int) -> Offering:
        """So many seats free, at 颜明's campus."""
        offering = self.offering(code)
        Offering.objects.filter(id=offering.id).update(target=seats + offering.taken, capacity=seats + offering.taken)
        return self.offering(code)


def set_stage(seats: int = 100, opens: timedelta = timedelta(days=-1), closes: timedelta = timedelta(days=10)) -> Stage:
    """A sitting with English, Japanese and German at 993010 and English at 991010, open from and until that far off."""
    forget_all()
    ensure_reference_data()
    sitting = Sitting.objects.create(
        code=SITTING, name="2026年下半年CET考试", state=Sitting.State.OPEN, written_on=NOW.date() + timedelta(days=65),
        registration_opens_at=NOW + opens, registration_closes_at=NOW + closes,
    )  # fmt: skip
    for subject in Subject.objects.exclude(code="J"):
        SittingSubject.objects.create(sitting=sitting, subject=subject, exam_on=sitting.written_on)
    Agreement.objects.create(sitting=sitting, version=1, label="第1版", body="考生本人已认真阅读。\n遵守考试纪律。")
    campuses = [_campus("99301", "测试学校机构01", "993010"), _campus("99101", "测试学校", "991010")]
    for campus, codes in zip(campuses, ("123456", "12"), strict=True):
        Offering.objects.bulk_create(
            Offering(sitting=sitting, campus=campus, subject_id=code, fee=Decimal("0.01"), target=seats, capacity=seats)
            for code in codes
        )
    WindowPiece.objects.create(
        sitting=sitting, setter="national", kind="written", opens_at=NOW + opens, closes_at=NOW + closes,
        pay_until=NOW + closes + timedelta(days=1),
    )  # fmt: skip
    return Stage(sitting, campuses[0], campuses[1])


def ensure_reference_data() -> None:
    """Provinces and subjects, which a migration brings and the flush after a test with real commits takes away."""
    if Subject.objects.exists():
        return
    Province.objects.bulk_create(Province(code=code, name=name) for code, name in PROVINCES.items())
    Subject.objects.bulk_create(
        Subject(code=code, name=name, level=level, language=language, kind=kind, position=position)
        for position, (code, name, level, language, kind) in enumerate(SUBJECTS, start=1)
    )


def _campus(school: str, name: str, code: str) -> Campus:
    made = School.objects.create(code=school, province_id="99", name=name)
    campus = Campus.objects.create(code=code, school=made, name=f"{name}校区")
    Contact.objects.create(campus=campus, name="王老师", phone="010-62980000", office="101室", hours="8:30–17:00")
    return campus


def a_passport(email: str = "") -> Passport:
    """A passport with PASSWORD."""
    return passports.register(NewPassport(email=email or f"p{next(_numbers)}@example.com", password=PASSWORD), NOW)


def passports_without_password(count: int) -> list[Passport]:
    """Many passports at once, for tests in which nobody signs in by password."""
    numbers = [next(_numbers) for _ in range(count)]
    return Passport.objects.bulk_create(
        Passport(
            account=f"q{n}@example.com", account_folded=f"q{n}@example.com", password="!", registered_at=NOW,
            privacy_version=passports.PRIVACY_VERSION,
        )
        for n in numbers
    )  # fmt: skip


def a_record(
    stage: Stage, name: str = "颜明", number: str = "", subjects: str = "13456F", **columns: str
) -> StudentRecord:
    """A record at 993010 unless another campus is named."""
    defaults = {"id_type": "6", "gender": "男", "campus_id": "993010", "grade": "01", "degree": "专科"}
    number = number or f"993010WW{next(_numbers)}"
    record = record_of(stage.sitting, number=number, name=name, subjects_given=subjects, **(defaults | columns))
    record.save(force_insert=True)
    return record


def agreed(passport: Passport) -> Passport:
    """The passport, having accepted the agreement."""
    services.accept_agreement(passport.id, SITTING, 1, "192.0.2.7", NOW)
    return passport


def a_candidate(stage: Stage, **record: str) -> Passport:
    """A passport with a saved registration of a record of its own."""
    passport = agreed(a_passport())
    services.save_registration(passport.id, a_record(stage, **record).id, NOW)
    return passport
