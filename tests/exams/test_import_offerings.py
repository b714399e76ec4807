"""`baokao import offerings`: rules C12, C13, G6 and proof a8."""

import threading
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from baokao.core.models import AuditRow
from baokao.core.zone import SHANGHAI
from baokao.exams.counters import TAKE
from baokao.exams.models import Offering, WindowPiece
from tests import files
from tests.files import OFFERINGS, run, write_csv

_ROW = {
    "校区代码": "993010", "科目": "1", "容量": "100", "费用": "0.01", "开放时间": "2026-09-20 14:00:00",
    "截止时间": "2026-09-25 17:00:00",
}  # fmt: skip
ALL = [*OFFERINGS, "缴费截止", "开放对象"]


@pytest.fixture
def imported(tmp_path, capsys):
    files.places()

    def go(*changes, columns=ALL, **options):
        path = write_csv(tmp_path / "o.csv", columns, *(_ROW | change for change in changes))
        code = run("offerings", path, **options)
        return code, capsys.readouterr().out

    return go


def at(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


@pytest.mark.django_db
def test_c12_c13_a_row_makes_an_offering_and_its_piece(imported):
    code, out = imported({}, columns=OFFERINGS)
    assert (code, "新增 1，更改 0，未变 0" in out) == (0, True)
    offering = Offering.objects.get()
    assert (offering.target, offering.capacity, offering.taken, offering.fee) == (100, 100, 0, Decimal("0.01"))
    piece = WindowPiece.objects.get()
    assert (piece.setter, piece.campus_id, piece.subject_id, piece.kind, piece.group) == (
        "campus", "993010", "1", "written", "everyone",
    )  # fmt: skip
    assert (piece.opens_at, piece.closes_at) == (at("2026-09-20 14:00"), at("2026-09-25 17:00"))
    assert piece.pay_until == piece.closes_at + timedelta(hours=24)


@pytest.mark.django_db
def test_c13_rows_of_one_pair_are_pieces_and_the_file_replaces_them(imported):
    imported({"科目": "英语四级口试", "开放对象": "本校"}, {"科目": "F", "开放对象": "全部"}, {"校区代码": "991010"})
    assert WindowPiece.objects.filter(subject="F", kind="speaking").count() == 2
    other = {
        "科目": "F",
        "开放时间": "2026-10-01 09:00",
        "截止时间": "2026-10-02 09:00",
        "缴费截止": "2026-10-02 12:00",
    }
    _, out = imported(other)
    assert "新增 0，更改 1，未变 0" in out
    piece = WindowPiece.objects.get(campus="993010", subject="F")
    assert (piece.group, piece.pay_until) == ("everyone", at("2026-10-02 12:00"))
    assert WindowPiece.objects.filter(campus="991010").count() == 1


@pytest.mark.django_db
def test_c13_pieces_of_other_setters_stay(imported):
    span = {
        "opens_at": at("2026-09-01 00:00"),
        "closes_at": at("2026-09-30 00:00"),
        "pay_until": at("2026-10-01 00:00"),
    }
    WindowPiece.objects.create(sitting_id=files.SITTING, setter="national", kind="written", **span)
    imported({})
    assert WindowPiece.objects.filter(setter="national").count() == 1


@pytest.mark.django_db
def test_the_same_file_twice_changes_nothing(imported):
    imported({}, {"科目": "F", "费用": ""})
    before = list(Offering.objects.order_by("id").values()), list(WindowPiece.objects.order_by("id").values())
    audits = AuditRow.objects.count()
    _, out = imported({}, {"科目": "F", "费用": ""})
    assert "新增 0，更改 0，未变 2" in out
    assert (list(Offering.objects.order_by("id").values()), list(WindowPiece.objects.order_by("id").values())) == before
    assert AuditRow.objects.count() == audits


@pytest.mark.django_db
def test_a_fee_that_the_file_leaves_out_stays(imported):
    imported({})
    imported({"容量": "90"}, columns=[column for column in ALL if column != "费用"])
    assert (Offering.objects.get().fee, Offering.objects.get().capacity) == (Decimal("0.01"), 90)


@pytest.mark.django_db
def test_g6_a_capacity_below_what_is_taken_is_a_target(imported):
    imported({})
    Offering.objects.update(taken=60)
    imported({"容量": "50"})
    offering = Offering.objects.get()
    assert (offering.target, offering.capacity, offering.taken) == (50, 60, 60)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"校区代码": "123456"}, "校区代码：未知的校区“123456”"),
        ({"科目": "7"}, "科目：本考次没有科目 (7) 俄语四级笔试"),
        ({"科目": "数学"}, "科目：未知的科目“数学”"),
        ({"容量": "-1"}, "容量：应为 0–1000000 的整数"),
        ({"容量": "99"}, "容量：与第 2 行不一致"),
        ({"费用": "0.02"}, "费用：与第 2 行不一致"),
        ({"费用": "0.001"}, "费用：应为"),
        ({"费用": "1e2x"}, "费用：应为"),
        ({"费用": "NaN"}, "费用：应为"),
        ({"开放时间": "2026-09-24 00:00:00", "截止时间": "2026-09-30 00:00:00"}, "开放时间：与第 2 行的开放时间重叠"),
        ({"开放时间": "明天"}, "开放时间：应为 2017-09-20 14:00:00 的形式，不是“明天”"),
        ({"截止时间": ""}, "截止时间：未填写"),
        ({"截止时间": "2026-09-20 14:00:00"}, "截止时间：不晚于开放时间"),
        ({"缴费截止": "2026-09-25 16:00:00"}, "缴费截止：早于截止时间"),
        ({"开放对象": "校友"}, "开放对象：应为全部或本校，不是“校友”"),
    ],
)
def test_each_fault_names_row_column_and_reason(imported, changes, fault):
    code, out = imported({}, changes)
    assert code == 1
    assert f"错误  第 3 行，{fault}" in out
    assert not Offering.objects.exists()


@pytest.mark.django_db
def test_a_dry_run_writes_nothing(imported):
    assert imported({}, dry_run=True)[0] == 0
    assert not Offering.objects.exists()


# What a service would do that read the counter first and wrote what it had worked out.
_NAIVE = "UPDATE exams_offering SET target = 0, capacity = 0 WHERE subject_id = '1'"


def _while_a_seat_is_being_sold(then) -> list[BaseException]:
    """Take a seat in a transaction of its own, and let `then` start before that commits."""
    taken, wrong = threading.Event(), []

    def change() -> None:
        taken.wait(10)
        try:
            then()
        except IntegrityError as error:
            wrong.append(error)
        finally:
            connection.close()

    other = threading.Thread(target=change)
    other.start()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TAKE, [Offering.objects.get().pk])
        taken.set()
        other.join(1.0)
        assert other.is_alive(), "it did not wait for the seat being sold"
    other.join(20)
    return wrong


# A seat without an entry is the race's stand-in for a candidate.
@pytest.mark.breaks_invariants
@pytest.mark.django_db(transaction=True)
def test_a8_capacity_lowered_while_a_seat_is_being_sold_throws_nobody_out(imported, tmp_path):
    imported({})
    path = write_csv(tmp_path / "lower.csv", ALL, _ROW | {"容量": "0"})
    assert _while_a_seat_is_being_sold(lambda: run("offerings", path)) == []
    offering = Offering.objects.get()
    assert (offering.target, offering.capacity, offering.taken) == (0, 1, 1)


# A seat without an entry is the race's stand-in for a candidate.
@pytest.mark.breaks_invariants
@pytest.mark.django_db(transaction=True)
def test_a8_control_a_capacity_worked_out_beforehand_breaks_the_constraint(imported):
    def naive() -> None:
        with connection.cursor() as cursor:
            cursor.execute(_NAIVE)

    imported({})
    wrong = _while_a_seat_is_being_sold(naive)
    assert "never_one_seat_too_many" in str(wrong) or "capacity_is_target_or_taken" in str(wrong)
