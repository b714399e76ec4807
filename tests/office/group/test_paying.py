"""`/office/group/<id>/pay/` and what comes of it: the school pays for all that a group holds (rules D1 to D8)."""

import pytest

from baokao.payments import services
from baokao.payments.models import Attempt
from tests.cast import NOW
from tests.office.group.pages import address
from tests.payments.bank import AnotherBank
from tests.payments.doing import hear, start, states
from tests.payments.grouping import TEACHER, a_group, a_locked_group, start_group, state
from tests.registration.test_pages import text

pytestmark = pytest.mark.django_db


def test_d8_the_school_goes_to_the_provider_and_comes_back_to_the_group(desk, one, other, bank):
    group = a_locked_group(one, other)
    shown = text(desk.get(address(group, "pay/")))
    assert "2人，3科" in shown
    assert "支付金额¥0.03" in shown
    response = desk.post(address(group, "pay/"), {"way": "alipay"})
    assert response.headers["Location"].startswith("https://bank.example/cashier")
    [sent] = bank.sent
    assert sent.return_url.endswith(address(group))
    assert (sent.amount, sent.subject) == (Attempt.objects.get().amount, "CET考试报名费（3科）")
    waiting = desk.get(address(group))
    assert waiting.headers["Refresh"] == "3"
    assert "支付结果确认中，请勿重复支付" in text(waiting)


def test_d8_the_page_tells_each_students_result(desk, one, other, bank):
    group = a_locked_group(one, other)
    attempt = start_group(group)
    hear(bank.pay(attempt.number, attempt.amount))
    response = desk.get(address(group))
    assert "Refresh" not in response.headers
    shown = text(response)
    assert "已为2人支付3科，共¥0.03" in shown
    assert shown.count("已缴费") >= 4
    assert "锁定3科" not in shown


def test_d6_what_went_back_to_the_school_is_on_the_page(desk, one, other, bank):
    group = a_locked_group(one, other)
    attempt = start_group(group)
    services.end_for_another([attempt], NOW)
    services.release_group(group.id, None, TEACHER, NOW)
    own = start(other, "1")
    hear(bank.pay(own.number, own.amount))
    bank.facts.pop(attempt.number, None)
    hear(bank.pay(attempt.number, attempt.amount))
    shown = text(desk.get(f"{address(group)}?f=back"))
    assert "有1科的款项未能入账，自动退回学校的付款账户。" in shown
    assert "王佳怡0002文学院2班(1)英语四级笔试0.01款项退回该科目已经支付" in shown
    assert "其中¥0.01正在原路退回" in shown


def test_d1_a_way_and_a_bank_are_asked_for(desk, one, monkeypatch):
    made = AnotherBank()
    monkeypatch.setattr("baokao.payments.providers.configured", lambda: {"payease": made})
    group = a_locked_group(one)
    assert "请选择支付平台。" in text(desk.post(address(group, "pay/"), {}))
    assert "请选择支付银行。" in text(desk.post(address(group, "pay/"), {"way": "payease"}))
    page = desk.post(address(group, "pay/"), {"way": "payease", "bank": "85"})
    assert "您选择首信易支付中国银行进行支付,支付金额为0.02元人民币。" in text(page)
    assert 'action="https://another-bank.example/pay"' in page.content.decode()
    assert "https://another-bank.example" in page.headers["Content-Security-Policy"]
    desk.post(address(group, "pay/"), {"step": "cancel"})
    assert (state(group), Attempt.objects.get().state) == ("locked", "ended")


def test_d5_paying_again_first_ends_the_attempt_before(desk, one, bank):
    group = a_locked_group(one)
    first = start_group(group)
    desk.post(address(group, "pay/"), {"way": "alipay"})
    assert sorted(Attempt.objects.values_list("state", flat=True)) == ["ended", "open"]
    assert Attempt.objects.get(id=first.id).state == "ended"


def test_d5_what_turns_out_to_be_paid_is_not_paid_again(desk, one, bank):
    group = a_locked_group(one)
    first = start_group(group)
    bank.pay(first.number, first.amount)
    assert desk.post(address(group, "pay/"), {"way": "alipay"}).headers["Location"] == address(group)
    assert (Attempt.objects.count(), state(group), states(one)) == (1, "paid", "1 paid, 4 paid")


def test_d4_refresh_asks_the_provider(desk, one, bank):
    group = a_locked_group(one)
    attempt = start_group(group)
    bank.pay(attempt.number, attempt.amount)
    assert desk.post(address(group, "refresh/")).headers["Location"] == address(group)
    assert state(group) == "paid"
    assert [desk.post(address(group, "refresh/")).status_code for _ in range(20)][-1] == 429


def test_d8_nothing_can_be_paid_before_it_is_locked(desk, one):
    group = a_group(one)
    assert desk.get(address(group, "pay/")).headers["Location"] == address(group)
    assert desk.post(address(group, "pay/"), {"way": "alipay"}).headers["Location"] == address(group)
    assert Attempt.objects.count() == 0
