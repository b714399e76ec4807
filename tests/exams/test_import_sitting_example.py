"""The example of docs/imports.md: a whole sitting from an empty database, until a candidate has entered in it."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from baokao.core.brief import forget_all
from baokao.core.zone import SHANGHAI
from baokao.exams import queries
from baokao.exams.models import Agreement, Contact, Offering, Sitting, WindowPiece
from baokao.exams.services import ensure_reference_data
from baokao.registration import services
from baokao.registration.models import Entry
from baokao.roster.models import StudentRecord
from tests.cast import a_passport
from tests.files import run
from tests.registration.doing import refused

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
SITTING = "20262"
KINDS = {"schools": "csv", "sitting": "yaml", "offerings": "csv", "roster": "csv", "scores": "csv"}

pytestmark = pytest.mark.django_db


def at(text):
    return datetime.strptime(text, "%m-%d %H:%M").replace(year=2026, tzinfo=SHANGHAI)


@pytest.fixture
def examples():
    """All files of docs/examples, imported in the order of docs/operations.md."""
    ensure_reference_data()
    forget_all()
    for kind, ending in KINDS.items():
        assert run(kind, EXAMPLES / f"{kind}.{ending}") == 0, kind
    yield
    forget_all()


def a_candidate(name, now):
    """Somebody of the roster, from registering a passport to a saved registration, through the services."""
    record = StudentRecord.objects.get(name=name)
    passport = a_passport()
    services.accept_agreement(passport.id, SITTING, 1, "192.0.2.7", now)
    services.save_registration(passport.id, record.id, now)
    return passport


def enter(passport, codes, now):
    return services.save_entries(passport.id, SITTING, frozenset(codes), now)


def test_the_example_is_a_sitting_in_which_a_candidate_registers_and_enters(examples):
    now = at("09-21 20:00")
    passport = a_candidate("颜明", now)
    enter(passport, "1", now)
    services.save_speaking(passport.id, SITTING, {"F": "991010"}, at("09-22 15:00"))
    entries = Entry.objects.filter(registration__passport=passport).order_by("subject_id")
    assert [(one.subject_id, one.offering.campus_id, one.fee, one.state) for one in entries] == [
        ("1", "991011", Decimal("25.00"), "unpaid"),
        ("F", "991010", Decimal("50.00"), "unpaid"),
    ]


def test_c13_its_graduates_enter_before_the_others(examples):
    early = at("09-21 15:00")
    enter(a_candidate("颜明", early), "1", early)
    assert refused(a_candidate, "李博", early) == ["2026-09-21 19:00开始报名。"]
    later = at("09-21 19:00")
    enter(a_candidate("李博", later), "1", later)


def test_c13_its_pause_stops_entering(examples):
    passport = a_candidate("颜明", at("09-21 15:00"))
    assert refused(enter, passport, "1", at("09-25 10:00")) == ["2026-09-26 09:00开始报名。"]
    enter(passport, "1", at("09-26 09:00"))


def test_c1_its_japanese_is_at_the_main_campus_only(examples):
    now = at("09-21 15:00")
    passport = a_candidate("颜明", now)
    enter(passport, "3", now)
    assert Entry.objects.get().offering.campus_id == "991010"


def test_everything_that_it_says_is_there(examples):
    sitting = Sitting.objects.get()
    assert (sitting.code, sitting.name, sitting.state) == (SITTING, "2026年下半年CET考试", "open")
    assert (sitting.written_on, sitting.speaking4_on, sitting.speaking6_on) == (
        date(2026, 12, 12), date(2026, 11, 14), date(2026, 11, 15),
    )  # fmt: skip
    on = dict(sitting.subjects.values_list("subject_id", "exam_on"))
    assert on == dict.fromkeys("123", sitting.written_on) | {
        "F": sitting.speaking4_on, "S": sitting.speaking6_on, "J": None,
    }  # fmt: skip
    assert Agreement.objects.get().body.count("\n") == 2
    assert len(queries.instructions(SITTING, "written")) == 2
    assert queries.province_notice(SITTING, "99").lines == ("一、遵守时间", "二、遵守纪律")
    assert queries.school_notice(SITTING, "99301") is None
    assert Contact.objects.get(campus_id="991010").hours == "工作日 8:30–11:30，14:00–17:00"
    assert WindowPiece.objects.filter(setter="province").count() == 3
    assert Offering.objects.count() == 6


def test_imported_again_the_example_changes_nothing(examples, capsys):
    for kind, ending in KINDS.items():
        capsys.readouterr()
        assert run(kind, EXAMPLES / f"{kind}.{ending}") == 0
        assert "新增 0，更改 0" in capsys.readouterr().out, kind
