"""Imported windows as a candidate meets them: the registration's own facts, of pieces from both kinds of files."""

from datetime import datetime

import pytest

from baokao.core.raw import rows
from baokao.core.zone import SHANGHAI
from baokao.exams.rules import Person, Span
from baokao.registration import facts
from tests.exams.setting_up import SAME, SITTING, importing, schools
from tests.files import OFFERINGS, run, write_csv

__all__ = ["importing"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _schools(db):
    schools()


@pytest.fixture
def offered(importing, tmp_path):
    """A sitting without any window in its own file, and what `import offerings` opens at 991010 from the 20th."""
    importing(SITTING)
    row = {"校区代码": "991010", "科目": "1", "容量": "9", "费用": "25", "开放时间": "2026-09-20 14:00:00",
           "截止时间": "2026-09-30 17:00:00"}  # fmt: skip
    assert run("offerings", write_csv(tmp_path / "o.csv", OFFERINGS, row), sitting="20262") == 0


def at(day, hour=0):
    return datetime(2026, 9, day, hour, tzinfo=SHANGHAI)


def spans(school="99101", grade="01", degree="本科", subject="1", campus="991010"):
    """The window of a person of that school in a subject at a campus."""
    who = facts.Who("20262", None, school, campus, Person(school, grade, degree), "", "", "")
    found = facts.from_rows(rows(facts.STATEMENT, who.parameters("written", "speaking")), who)
    return next(list(one.spans) for one in found if one.code == subject)


def window(by, opens, closes, target="kind: written", more=""):
    piece = f"{{opens_at: 2026-09-{opens}:00:00, closes_at: 2026-09-{closes}:00:00{more}}}"
    return f"  - {{by: {by}, {target}, pieces: [{piece}]}}\n"


def test_c13_an_offering_so_imported_needs_no_window_of_its_province_or_school(offered):
    assert spans() == [Span(at(20, 14), at(30, 17), datetime(2026, 10, 1, 17, tzinfo=SHANGHAI))]


@pytest.mark.parametrize("by", ["national", "99", "99101"])
def test_c13_unless_one_is_set(offered, importing, by):
    importing(SAME + "windows:\n" + window(by, "22 09", "25 17"))
    assert spans() == [Span(at(22, 9), at(25, 17), at(26, 17))]
    importing(SAME + f"windows: [{{by: {by}, kind: written, pieces: []}}]")
    assert len(spans()) == 1
    assert spans()[0].opens_at == at(20, 14)


def test_c13_one_of_another_province_school_kind_or_subject_is_none(offered, importing):
    others = [("11", "kind: written"), ("99301", "kind: written"), ("99", "kind: speaking"), ("99", "subjects: [3]")]
    importing(SAME + "windows:\n" + "".join(window(by, "22 09", "25 17", target) for by, target in others))
    assert spans()[0].opens_at == at(20, 14)


def test_c13_what_several_set_is_intersected(offered, importing):
    importing(
        SAME + "windows:\n" + window("national", "20 14", "30 17", more=", pay_until: 2026-09-30 20:00:00")
        + window("99", "21 09", "29 17") + window("99101", "19 00", "28 12", "subjects: [1]")
    )  # fmt: skip
    assert spans() == [Span(at(21, 9), at(28, 12), at(29, 12))]


def test_c12_no_setters_pay_until_is_passed(offered, importing):
    importing(SAME + "windows:\n" + window("99", "21 09", "29 17", more=", pay_until: 2026-09-29 18:00:00"))
    assert spans()[0].pay_until == at(29, 18)


@pytest.mark.parametrize(
    ("group", "person", "opens"),
    [
        ("own", {}, True),
        ("own", {"school": "99301"}, False),
        ("{grade: 04}", {"grade": "04"}, True),
        ("{grade: 04}", {"grade": "4"}, False),
        ("{degree: 专科}", {"degree": "专科"}, True),
        ("{degree: 专科}", {}, False),
    ],
)
def test_c13_a_piece_for_a_group_opens_for_that_group_alone(offered, importing, group, person, opens):
    importing(SAME + "windows:\n" + window("99", "21 09", "29 17", more=f", for: {group}"))
    assert bool(spans(**person)) is opens


def test_c13_a_campuss_own_piece_of_a_grade_gives_way_to_the_offerings_file(offered, importing, tmp_path):
    importing(SAME + "windows:\n" + window("991010", "21 09", "29 17", "subjects: [1]", ", for: {grade: 04}"))
    assert spans() == []
    row = {"校区代码": "991010", "科目": "1", "容量": "9", "开放时间": "2026-09-21 09:00:00",
           "截止时间": "2026-09-29 17:00:00"}  # fmt: skip
    assert run("offerings", write_csv(tmp_path / "o.csv", OFFERINGS, row), sitting="20262") == 0
    assert spans() == [Span(at(21, 9), at(29, 17), at(30, 17))]
