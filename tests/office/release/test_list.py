"""`/office/release/`: whose records are held, and a student found by number (rules B10, G1, G5, H2)."""

import pytest

from baokao.core.models import AuditRow
from tests.cast import a_candidate, a_record
from tests.office.release.doing import held_by, typed
from tests.payments.doing import hear, start
from tests.registration.test_pages import text
from tests.speaking import a_speaker

pytestmark = pytest.mark.django_db


def test_b10_g5_held_records_are_listed_with_the_account_masked(desk, stranger, stage):
    a_candidate(stage, name="王佳怡", student_no="0002")
    page = text(desk.get("/office/release/"))
    assert f"颜明0001—1班{stranger.account[0]}***@example.com" in page
    assert "王佳怡0002" in page
    assert stranger.account not in page
    assert "颜明" not in text(desk.get("/office/release/?q=0002"))
    assert "王佳怡" not in text(desk.get("/office/release/?q=颜"))


def test_b10_g5_filters_tell_what_can_be_released(desk, stranger, owner, bank, stage):
    payer = a_speaker(stage, name="王佳怡")
    attempt = start(payer, "1")
    hear(bank.pay(attempt.number, attempt.amount))
    assert "王佳怡" not in text(desk.get("/office/release/?f=unpaid"))
    paid = text(desk.get("/office/release/?f=paid"))
    assert "王佳怡" in paid
    assert "颜明" not in paid
    assert "本考次还没有释放过报名信息。" in text(desk.get("/office/release/?f=released"))
    desk.post(held_by(stranger), typed())
    assert "颜明" in text(desk.get("/office/release/?f=released"))
    assert "颜明" not in text(desk.get("/office/release/"))


@pytest.mark.parametrize("number", ["993010WW1", " 993010ww1 ", "0001"])
def test_b10_h2_a_student_is_found_by_a_number_that_stands_in_no_address(desk, stranger, number):
    answer = desk.post("/office/release/", {"number": number})
    assert answer.headers["Location"] == held_by(stranger)
    row = AuditRow.objects.get(action="candidate.searched")
    assert row.detail == {"found": 1}


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("", "请输入证件号码或学号。"),
        ("330101199001010000", "本校没有这个证件号码或学号的学生，请核对"),
        ("0002", "该考生的学籍没有被占用"),
    ],
)
def test_b10_h3_a_number_without_a_held_record_says_why_and_is_kept(desk, stranger, stage, number, said):
    a_record(stage, name="王佳怡", student_no="0002")
    answer = desk.post("/office/release/", {"number": number})
    assert said in text(answer)
    assert "<title>错误：" in answer.content.decode()
    assert f'value="{number}"' in answer.content.decode()


def test_the_number_of_statements_does_not_grow_with_the_list(desk, stage, django_assert_max_num_queries):
    for _ in range(8):
        a_candidate(stage)
    with django_assert_max_num_queries(14):
        desk.get("/office/release/")
