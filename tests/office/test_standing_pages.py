"""`/office/`, `/office/standing/`, `/office/candidates/`: where things stand (rules G1, G5)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from baokao.core import clock
from baokao.core.brief import forget_all
from baokao.core.zone import local
from baokao.passport.models import Role
from baokao.registration.models import Entry, Registration
from baokao.roster.models import StudentRecord
from baokao.sandbox.data.people import record_of
from tests.cast import NOW, a_candidate, a_record, passports_without_password
from tests.office.desks import desk_client
from tests.office.filling import shown
from tests.registration.doing import enter


@pytest.fixture
def client(stage):
    return desk_client()


@pytest.fixture
def students(stage):
    """One of each: not registered, empty, unpaid, partly paid, complete; and one of another school."""
    a_record(stage, name="未报生", class_name="1", department="化学学院", student_no="01")
    a_candidate(stage, name="空报生", class_name="1", department="化学学院", student_no="02")
    enter(a_candidate(stage, name="欠费生", class_name="1", department="化学学院", student_no="03"), "1")
    half = a_candidate(stage, name="半付生", class_name="2", department="化学学院", student_no="04")
    enter(half, "14")
    done = a_candidate(stage, name="付清生", class_name="2", department="文学院", student_no="05")
    enter(done, "1")
    Entry.objects.filter(registration__passport=half, subject_id="1").update(state="paid")
    Entry.objects.filter(registration__passport=done).update(state="paid")
    a_candidate(stage, name="外校生", campus_id="991010", subjects="12")
    return stage


def names(page):
    return {name for name in ("未报生", "空报生", "欠费生", "半付生", "付清生", "外校生") if name in page}


OWN = {"未报生", "空报生", "欠费生", "半付生", "付清生"}


def test_the_first_page_counts_the_own_students(students, client):
    page = shown(client, "/office/")
    assert "<dt>学籍</dt><dd><b>5</b>" in page
    assert "<dt>已报名</dt><dd><b>4</b> <small>80.0%</small>" in page
    assert "<dt>全部支付</dt><dd><b>1</b> <small>25.0%</small>" in page
    assert "<dt>已保存未报考</dt><dd><b>1</b>" in page
    assert "<dt>未支付科次</dt><dd><b>2</b>" in page
    assert names(page) == OWN


@pytest.mark.parametrize(
    ("chip", "expected"),
    [
        ("", OWN), ("missing", {"未报生"}), ("empty", {"空报生"}), ("unpaid", {"欠费生"}), ("partly", {"半付生"}),
        ("complete", {"付清生"}), ("locked", set()), ("removed", set()),
    ],
)  # fmt: skip
def test_g5_the_list_filters_by_how_somebody_stands(students, client, chip, expected):
    assert names(shown(client, f"/office/candidates/?f={chip}")) == expected


@pytest.mark.parametrize(("left", "expected"), [(timedelta(seconds=-1), {"欠费生"}), (timedelta(), set())])
def test_g5_what_runs_out_today_is_filtered_and_counted(students, left, expected):
    """Today ends at midnight in Beijing, whenever the test runs; what was entered just now ends tomorrow."""
    midnight = local(NOW).replace(hour=0, minute=0, second=0) + timedelta(days=1)
    Entry.objects.filter(registration__name="欠费生").update(held_until=midnight + left)
    with clock.travel(NOW):
        client = desk_client()
        assert names(shown(client, "/office/candidates/?f=expiring")) == expected
        assert f'今日到期 <a href="/office/candidates/?f=expiring">{len(expected)}</a>' in shown(client, "/office/")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("欠费", {"欠费生"}), ("03", {"欠费生"}), ("文学院", {"付清生"}), ("化学学院 2班", {"半付生"}), ("外校", set())],
)
def test_g5_the_list_is_searched_by_name_number_department_and_class(students, client, text, expected):
    assert names(shown(client, f"/office/candidates/?q={text}")) == expected


def test_g5_the_list_is_sorted(students, client):
    page = shown(client, "/office/candidates/?sort=number")
    places = [page.index(name) for name in ("未报生", "空报生", "欠费生", "半付生", "付清生")]
    assert places == sorted(places)


def test_h2_an_id_number_finds_nobody_by_the_address_and_is_masked_in_the_list(students, client):
    number = StudentRecord.objects.get(name="欠费生").id_number
    assert names(shown(client, f"/office/candidates/?q={number}")) == set()
    assert number not in shown(client, "/office/candidates/")


def test_g3_who_was_removed_and_is_registered_stays_in_the_list(students, client):
    StudentRecord.objects.filter(name__in=["欠费生", "未报生"]).update(removed_at=NOW)
    assert names(shown(client, "/office/candidates/?f=removed")) == {"欠费生"}
    assert names(shown(client, "/office/candidates/")) == OWN - {"未报生"}
    assert "<dt>学籍</dt><dd><b>4</b>" in shown(client, "/office/")


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ({"school": ["99101"]}, {"外校生"}),
        ({"department": ["文学院"]}, {"付清生"}),
        ({"campus": ["993011"]}, set()),
        ({"campus": ["993010"], "department": ["化学学院"]}, OWN - {"付清生"}),
    ],
)
def test_g1_each_desk_counts_and_lists_its_own(students, scope, expected):
    client = desk_client(**scope)
    for path in ("/office/", "/office/candidates/"):
        assert names(shown(client, path)) == expected
    assert f"<dt>学籍</dt><dd><b>{len(expected)}</b>" in shown(client, "/office/standing/")


def test_the_statistics_show_subjects_campuses_classes_and_days(students, client):
    page = shown(client, "/office/standing/")
    assert '(1) 英语四级笔试</th><td data-label="报考" class="num half">3</td>' in page
    assert "化学学院 01级 1班" in page
    assert "有效报考 4 科次，其中已支付 2 科次" in page
    assert f'<th scope="row">{local(NOW):%Y-%m-%d}</th>' in page


def test_g5_classes_are_searched_filtered_and_sorted(students, client):
    page = shown(client, "/office/standing/?q=文学院")
    assert "共 1 个班级" in page
    assert "共 2 个班级" in shown(client, "/office/standing/?f=open")
    assert "共 1 个班级" in shown(client, "/office/standing/?f=done")
    page = shown(client, "/office/standing/?sort=missing")
    assert page.index("化学学院 01级 1班") < page.index("文学院 01级 2班")


def test_the_classes_are_exported_as_they_are_searched(students, client):
    text = client.get("/office/standing/export/?q=文学院&as=csv").getvalue().decode()
    assert text.splitlines()[1].startswith("993010,文学院,,01,2,1,1,0,0,1,0,0,0,0")
    assert "化学学院" not in text


def test_other_desks_begin_with_figures_and_nobodys_name(students):
    page = shown(desk_client(Role.AGENT), "/office/")
    assert names(page) == set()
    assert "学籍</dt>" in page


def crowd(stage, first, count):
    """So many further students, every second one registered, two thirds of these with a paid entry."""
    records = [
        record_of(
            stage.sitting, id_type="1", number=f"9930101999{n:08}", name=f"生{n}", gender="女", campus_id="993010",
            department=f"院{n % 7}", class_name=str(n % 40), student_no=f"{n:06}", subjects_given="1",
        )
        for n in range(first, first + count)
    ]  # fmt: skip
    StudentRecord.objects.bulk_create(records, batch_size=5000)
    pairs = list(zip(records[::2], passports_without_password(len(records[::2])), strict=True))
    registrations = []
    for record, passport in pairs:
        one = Registration(
            sitting=stage.sitting, record=record, passport=passport, saved_at=NOW, name=record.name, gender="女",
            id_type="1", campus_id="993010", written_campus_id="993010", subjects="1",
        )  # fmt: skip
        one.id_number = record.id_number
        registrations.append(one)
    Registration.objects.bulk_create(registrations, batch_size=5000)
    offering = stage.offering("1")
    Entry.objects.bulk_create(
        [
            Entry(
                sitting=stage.sitting, registration=one, offering=offering, subject_id="1", level=4, kind="written",
                state="paid" if n % 3 else "unpaid", fee="0.01", made_at=NOW, held_until=NOW + timedelta(hours=5),
            )
            for n, one in enumerate(registrations)
        ],
        batch_size=5000,
    )  # fmt: skip
    taken = Entry.objects.filter(offering=offering, state__in=["paid", "unpaid"]).count()
    type(offering).objects.filter(id=offering.id).update(taken=taken, target=taken + 100, capacity=taken + 100)


PAGES = ["/office/", "/office/standing/", "/office/candidates/?f=unpaid&q=生", "/office/check-list/"]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_takes_as_many_statements_for_many_students_as_for_few(stage, client, path):
    counted = []
    for first, count in ((0, 4), (4, 200)):
        crowd(stage, first, count)
        forget_all()
        with CaptureQueriesContext(connection) as statements:
            shown(client, path)
        counted.append(len(statements))
    assert counted[0] == counted[1] <= 24
