"""The test province's schools and what they offer; the sitting itself is set up beside them (`sitting.py`)."""

from decimal import Decimal

from baokao.exams.models import Campus, Contact, Offering, School, Sitting
from baokao.sandbox.data import sitting as set_up
from baokao.sandbox.data.calendar import Calendar

FEE = Decimal("0.01")
# School code and name, then campuses.
SCHOOLS = {
    ("99101", "测试学校"): [("991010", "99101-0校区"), ("991011", "99101-1校区")],
    ("99301", "测试学校机构01"): [("993010", "测试校区机构001"), ("993011", "测试校区机构002")],
    ("99102", "测试口试考点一校"): [("991020", "口试开放校区"), ("991021", "口试报满校区")],
    ("99103", "测试口试考点二校"): [("991030", "口试紧张校区"), ("991031", "口试未开放校区")],
    ("99104", "测试口试考点三校"): [("991040", "口试仅限本校校区")],
}
_WRITTEN = "123456789"
# What campuses offer: (codes, target, taken).
_OFFERINGS = {
    "991010": [(_WRITTEN, 500, 0), ("FS", 60, 0)],
    "991011": [("12", 200, 0)],
    "993010": [("123456", 500, 0), ("8", 40, 0), ("7", 40, 0), ("9", 40, 0), ("FS", 60, 0)],
    "993011": [("12", 200, 0)],
    "991020": [("FS", 120, 0)],
    "991021": [("FS", 0, 0)],
    "991030": [("FS", 3, 0)],
    "991031": [("FS", 80, 0)],
    "991040": [("FS", 80, 0)],
}


def load(calendar: Calendar) -> Sitting:
    """Make the schools, the sitting, and what is offered in it."""
    for (code, name), campuses in SCHOOLS.items():
        school = School.objects.create(code=code, province_id="99", name=name)
        for campus, campus_name in campuses:
            Campus.objects.create(code=campus, school=school, name=campus_name)
            offer_contact(campus)
    sitting = set_up.load(calendar)
    for campus, offered in _OFFERINGS.items():
        for codes, target, taken in offered:
            offer(sitting, campus, codes, target, taken)
    return sitting


def offer(sitting: Sitting, campus: str, codes: str, target: int, taken: int = 0) -> None:
    """Offer each of the subjects at a campus, for the test fee."""
    Offering.objects.bulk_create(
        Offering(
            sitting=sitting, campus_id=campus, subject_id=code, fee=FEE, target=target,
            capacity=max(target, taken), taken=taken,
        )
        for code in codes
    )  # fmt: skip


def offer_contact(campus: str) -> None:
    """Somebody whom the campus's candidates may ask."""
    Contact.objects.create(
        campus_id=campus, name="王老师", phone=f"010-6298{campus[-4:]}", office="教务处考试科 101室",
        hours="工作日 8:30–11:30，14:00–17:00",
    )  # fmt: skip
