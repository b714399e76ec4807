"""An import is taken back: every record is again as it was (rule G3)."""

from datetime import timedelta

import pytest

from baokao.roster.queries import find_record
from tests import files
from tests.cast import NOW
from tests.files import SITTING, student
from tests.roster.desk import LI, Desk, audited, counts, records, undone

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def desk(db, tmp_path):
    files.places()
    return Desk(tmp_path)


def test_g3_undo_gives_every_row_back_as_it_was(desk):
    desk.applied(student(), student(**LI))
    before = records()
    one = desk.applied(student(姓名="甲", 限制科目="1", 限制原因="x"), student(证件号码="H12345678", 证件类型="3"),
                       mode="replace", removed=1, now=LATER)  # fmt: skip
    assert counts(one) == ("applied", 1, 1, 1)
    assert undone(one, now=LATER).state == "undone"
    assert [row for row in records() if not row["removed_at"]] == before
    assert find_record(SITTING, "3", "H12345678", "颜明") is None
    assert audited().count("roster.import_undone") == 1


def test_g3_an_import_under_a_later_one_is_undone_after_it(desk):
    first = desk.applied(student())
    second = desk.applied(student(姓名="乙"), now=LATER)
    refused = undone(first, now=LATER)
    assert (refused.state, "其后的导入" in refused.message) == ("applied", True)
    assert undone(second, now=LATER).state == "undone"
    assert undone(first, now=LATER).state == "undone"
    assert find_record(SITTING, "1", "11010519491231002X", "颜明") is None
