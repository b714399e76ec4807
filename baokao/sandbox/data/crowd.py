"""Two thousand more candidates at a hundred schools in real provinces, so that lists and charts are not empty.

Names and numbers are made up from a fixed seed, the same each time. Half of them have a passport and a registration,
most of these with a written entry.
"""

import random
import uuid
from collections import Counter
from datetime import timedelta

from django.conf import settings
from django.db.models import F

from baokao.exams.models import Campus, Offering, Province, School, Sitting
from baokao.passport.models import Passport
from baokao.passport.rules import folded
from baokao.passport.services import PRIVACY_VERSION
from baokao.registration.models import Entry, Registration
from baokao.registration.services.save import DETAILS
from baokao.roster.models import StudentRecord
from baokao.sandbox.data.calendar import Calendar
from baokao.sandbox.data.exam import offer, offer_contact
from baokao.sandbox.data.people import record_of

SCHOOLS, A_SCHOOL = 100, 20
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程苏魏吕丁任沈"
_GIVEN = "伟芳娜敏静丽强磊洋艳勇军杰娟涛明超秀霞平刚桂玲华红玉兰飞鹏云莹雪琳晨宇浩欣怡子涵梓轩思远若曦嘉宁"
_KINDS = ("示例大学", "示例师范学院", "示例理工学院", "示例职业学院")
_DEPARTMENTS = ("文学院", "理学院", "工学院", "经济管理学院", "外国语学院", "计算机学院")


def load(sitting: Sitting, calendar: Calendar, schools: int = SCHOOLS) -> None:
    """Make so many schools, their records, passports, registrations and entries, each kind in one statement."""
    chance = random.Random(20170920)  # noqa: S311 (made-up people, not secrets)
    campuses = _schools(sitting, schools)
    records = [_record(sitting, campus, n, chance) for campus in campuses for n in range(A_SCHOOL)]
    StudentRecord.objects.bulk_create(records, batch_size=1000)
    bound = [record for record in records if chance.random() < 0.5]
    passports = [passport(n, calendar) for n in range(len(bound))]
    Passport.objects.bulk_create(passports, batch_size=1000)
    registrations = [
        registration(record, owner, calendar, chance) for record, owner in zip(bound, passports, strict=True)
    ]
    Registration.objects.bulk_create(registrations, batch_size=1000)
    enter(sitting, [one for one in registrations if one.empty_since is None], chance)
    _nearly_fill(sitting, calendar, chance)


def _nearly_fill(sitting: Sitting, calendar: Calendar, chance: random.Random) -> None:
    """Two of the three speaking seats at 991030 are taken, so that its light says 紧张."""
    records = [
        record_of(
            sitting, id_type="1", number=with_check_digit(f"9901012005010100{n}"), name=name, gender="女",
            campus_id="991011", degree="本科", grade="02", subjects_given="1F",
        )
        for n, name in enumerate(("示例甲", "示例乙"), start=1)
    ]  # fmt: skip
    passports = [passport(9000 + n, calendar) for n in range(len(records))]
    registrations = [registration(*pair, calendar, chance) for pair in zip(records, passports, strict=True)]
    for one in registrations:
        one.empty_since = None
    StudentRecord.objects.bulk_create(records)
    Passport.objects.bulk_create(passports)
    Registration.objects.bulk_create(registrations)
    for campus, code in (("991011", "1"), ("991030", "F")):
        offering = Offering.objects.get(sitting=sitting, campus_id=campus, subject_id=code)
        Entry.objects.bulk_create(entry(one, offering) for one in registrations)
        Offering.objects.filter(id=offering.id).update(taken=F("taken") + len(registrations))


def _schools(sitting: Sitting, count: int) -> list[str]:
    provinces = list(Province.objects.exclude(code="99").order_by("code"))
    campuses = []
    for n in range(count):
        province = provinces[n % len(provinces)]
        number = n // len(provinces)
        school = School.objects.create(
            code=f"{province.code}9{number:02}", province=province, name=f"{province.name}{_KINDS[number]}"
        )
        campus = Campus.objects.create(code=f"{school.code}0", school=school, name="主校区")
        offer(sitting, campus.code, "12", 30)
        offer(sitting, campus.code, "FS", 20)
        offer_contact(campus.code)
        campuses.append(campus.code)
    return campuses


def _record(sitting: Sitting, campus: str, n: int, chance: random.Random) -> StudentRecord:
    born = f"{chance.randrange(2003, 2008)}{chance.randrange(1, 13):02}{chance.randrange(1, 29):02}"
    return record_of(
        sitting,
        id_type="1",
        # The order within the province, so that no two of its schools claim one number.
        number=with_check_digit(f"{campus[:2]}0101{born}{int(campus[3:5]) * A_SCHOOL + n:03}"),
        name=a_name(chance),
        gender=chance.choice("男女"),
        campus_id=campus,
        degree="本科",
        length="4",
        entry_year=str(chance.randrange(23, 27)),
        grade=f"{chance.randrange(1, 5):02}",
        department=chance.choice(_DEPARTMENTS),
        major="通用专业",
        class_name=str(n // 10 + 1),
        student_no=f"{campus}{n:04}",
        subjects_given=chance.choice(("1F", "1F", "1F", "12FS", "2S")),
    )


def a_name(chance: random.Random) -> str:
    """A made-up name of two or three characters."""
    return chance.choice(_SURNAMES) + "".join(chance.sample(_GIVEN, chance.choice((1, 2, 2))))


def with_check_digit(first17: str) -> str:
    """A resident ID number of 18 characters with its check digit (GB 11643)."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(first17, weights, strict=True))
    return first17 + "10X98765432"[total % 11]


def passport(n: int, calendar: Calendar) -> Passport:
    """A passport that nobody signs in with, not saved yet."""
    account = f"student{n:04}@example.com"
    return Passport(
        account=account, account_folded=folded(account), password="!", registered_at=calendar.now,  # noqa: S106
        privacy_version=PRIVACY_VERSION,
    )  # fmt: skip


def registration(record: StudentRecord, owner: Passport, calendar: Calendar, chance: random.Random) -> Registration:
    """A registration of the last ten hours, with a written entry to come in nine of ten; not saved yet."""
    saved_at = calendar.now - timedelta(minutes=chance.randrange(1, 600))
    made = Registration(
        sitting_id=record.sitting_id, passport=owner, record=record, saved_at=saved_at,
        empty_since=None if chance.random() < 0.9 else saved_at, name=record.name, gender=record.gender,
        id_type=record.id_type, campus_id=record.campus_id, written_campus_id=record.written_campus_id,
        subjects=record.subjects_given, details={name: getattr(record, name) for name in DETAILS},
    )  # fmt: skip
    made.id_number = record.id_number
    return made


def enter(sitting: Sitting, registrations: list[Registration], chance: random.Random) -> None:
    """One written entry each, and the counters to match."""
    offerings = {
        (offering.campus_id, offering.subject_id): offering
        for offering in Offering.objects.filter(sitting=sitting, subject_id__in="12")
    }
    entries = []
    for one in registrations:
        code = "1" if "1" in one.subjects else "2"
        entries.append(entry(one, offerings[one.written_campus_id, code]))
    Entry.objects.bulk_create(entries, batch_size=1000)
    for offering, count in Counter(one.offering_id for one in entries).items():
        Offering.objects.filter(id=offering).update(taken=F("taken") + count)


def entry(of: Registration, offering: Offering) -> Entry:
    """An unpaid entry, made when its registration was saved; not saved yet."""
    return Entry(
        id=uuid.uuid4(), sitting_id=of.sitting_id, registration=of, offering=offering,
        subject_id=offering.subject_id, level=6 if offering.subject_id == "2" else 4,
        kind="speaking" if offering.subject_id == "F" else "written",
        fee=offering.fee or 0, made_at=of.saved_at, held_until=of.saved_at + settings.UNPAID_HOLD,
    )  # fmt: skip
