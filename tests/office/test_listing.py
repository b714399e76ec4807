"""Lists with search, filter, sort and pages (rule G5)."""

import pytest
from django.db import connection
from django.db.models import Q
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from baokao.office.listing import Chip, Listing, Sort
from baokao.roster.models import StudentRecord
from tests.cast import a_record

CHIPS = (Chip("", "全部", Q()), Chip("men", "男", Q(gender="男")))
SORTS = (Sort("name", "按姓名", ("name", "id")), Sort("class", "按班级", ("-class_name", "id")))


@pytest.fixture
def rows(stage):
    for number in range(7):
        a_record(stage, name=f"甲{number}", gender="男" if number < 5 else "女", class_name=str(number))


def listing(query: str, size: int = 3) -> Listing:
    found = StudentRecord.objects.all()
    return Listing(
        QueryDict(query),
        found,
        search=lambda qs, text: qs.filter(name__contains=text),
        chips=CHIPS,
        sorts=SORTS,
        size=size,
    )


def names(found):
    return [row.name for row in found.rows]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ["甲0", "甲1", "甲2"]),
        ("page=3", ["甲6"]),
        ("page=99", ["甲6"]),
        ("page=-1", ["甲0", "甲1", "甲2"]),
        # More digits than Python makes a number of.
        ("page=" + "9" * 5000, ["甲0", "甲1", "甲2"]),
        ("page=x&f=x&sort=x", ["甲0", "甲1", "甲2"]),
        ("f=men&page=2", ["甲3", "甲4"]),
        ("q=甲6", ["甲6"]),
        ("q=没有", []),
        ("sort=class", ["甲6", "甲5", "甲4"]),
    ],
)
def test_g5_a_list_shows_what_its_address_asks_for(rows, query, shown):
    assert names(listing(query)) == shown


def test_g5_chips_count_within_the_search_and_keep_it(rows):
    found = listing("q=甲&sort=class&page=2")
    assert [(chip.label, chip.count, chip.here) for chip in found.chips] == [("全部", 7, True), ("男", 5, False)]
    assert found.chips[1].href == "?q=%E7%94%B2&f=men&sort=class"


def test_g5_the_pager_leaves_gaps(rows):
    assert listing("", size=7).numbers == [1]
    assert listing("page=4", size=1).numbers == [1, None, 3, 4, 5, None, 7]


def test_g5_a_page_costs_two_statements(rows):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = listing("f=men")
        shown = (len(found.rows), len(found.chips), found.pages, found.total)
    assert (shown, len(asked)) == ((3, 2, 2, 5), 2)
