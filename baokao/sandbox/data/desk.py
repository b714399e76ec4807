"""The school of the demonstration's coordinator: students enough that each page of the desk has something to do.

Of the guide's 颜明's school: of its second campus most have registered, mostly with an unpaid entry, and a few wait for
their CET6资格复核; at 颜明's own nobody else has, so that the guide's seats are all there.
"""

import random

from baokao.exams.models import Sitting
from baokao.passport.models import Passport
from baokao.registration.models import Registration
from baokao.review.models import Application
from baokao.roster.models import PastScore, StudentRecord
from baokao.roster.rules import name_key, number_key
from baokao.sandbox.data.calendar import Calendar
from baokao.sandbox.data.crowd import a_name, enter, passport, registration, with_check_digit
from baokao.sandbox.data.people import record_of

CAMPUSES = (("993010", 40), ("993011", 120))
REGISTERED_AT = "993011"
_MAJORS = {
    "化学学院": ("应用化学", "材料化学"),
    "外国语学院": ("英语", "日语"),
    "计算机学院": ("软件工程", "网络工程"),
    "经济管理学院": ("会计学", "物流管理"),
}
_A_CLASS = 10
# The crowd's own passports are counted from 0 and from 9000.
_FIRST_PASSPORT = 5000
_REVIEWS = 5


def load(sitting: Sitting, calendar: Calendar) -> None:
    """Make its students, and what most of them did already."""
    chance = random.Random(20171218)  # noqa: S311 (made-up people, not secrets)
    places = [campus for campus, count in CAMPUSES for _ in range(count)]
    records = [_record(sitting, campus, n, chance) for n, campus in enumerate(places)]
    StudentRecord.objects.bulk_create(records)
    bound = [record for record in records if record.campus_id == REGISTERED_AT and chance.random() < 0.7]
    owners = [passport(_FIRST_PASSPORT + n, calendar) for n in range(len(bound))]
    Passport.objects.bulk_create(owners)
    made = [registration(record, owner, calendar, chance) for record, owner in zip(bound, owners, strict=True)]
    Registration.objects.bulk_create(made)
    enter(sitting, [one for one in made if one.empty_since is None], chance)
    without = [one for one in made if "2" not in one.subjects][:_REVIEWS]
    for n, one in enumerate(without):
        _applied(one, n, calendar)


def _record(sitting: Sitting, campus: str, n: int, chance: random.Random) -> StudentRecord:
    department = list(_MAJORS)[n // (2 * _A_CLASS) % len(_MAJORS)]
    born = f"{chance.randrange(2004, 2008)}{chance.randrange(1, 13):02}{chance.randrange(1, 29):02}"
    return record_of(
        sitting, id_type="1", number=with_check_digit(f"990101{born}{n + 200:03}"), name=a_name(chance),
        gender=chance.choice("男女"), campus_id=campus, degree="本科", length="4", entry_year="24", grade="02",
        department=department, major=_MAJORS[department][n // _A_CLASS % 2], class_name=str(n // 80 + 1),
        student_no=f"2024{n:04}", subjects_given=chance.choice(("1F", "1F", "1F", "13F", "12FS")),
    )  # fmt: skip


def _applied(one: Registration, n: int, calendar: Calendar) -> None:
    """A score in the candidate's name under another ID number, which its owner says is the own one."""
    ticket = f"99301025110{n + 1:02}01"
    past = PastScore(
        ticket_number=ticket, id_type="6", name=one.name, name_key=name_key(one.name), subject_code="1",
        score=426 + 7 * n,
    )  # fmt: skip
    past.id_number = number_key(f"H{n + 1:03}{one.id_number[-4:]}")
    past.save(force_insert=True)
    Application.objects.create(
        sitting_id=one.sitting_id, passport=one.passport, record_id=one.record_id, ticket_number=ticket,
        submitted_at=one.saved_at,
    )  # fmt: skip
