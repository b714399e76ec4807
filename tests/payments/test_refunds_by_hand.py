"""Refunds that are stuck, and what a person can do about them: the list, sending again, booking by hand (rule D6)."""

import pytest

from baokao.__main__ import main
from baokao.core import clock, watch
from baokao.core.invariants import runner
from baokao.core.models import AuditRow
from baokao.payments import services
from baokao.payments.gateways.contract import Rejected
from baokao.payments.models import LedgerRow, Refund
from tests.payments.doing import balances, work
from tests.payments.test_refunds_once import owed  # noqa: F401 (the fixture)
from tests.payments.test_settling import HOUR, LATE
from tests.registration.doing import mails

pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("bank", ["alipay", "payease"], indirect=True)]
BECAUSE = ("--by", "张三", "--reason", "已在平台核实")


@pytest.fixture
def baokao(capsys):
    def run(*words):
        with clock.travel(LATE + HOUR):
            code = main(["refunds", *words])
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


@pytest.fixture
def stuck(owed, bank, monkeypatch):  # noqa: F811
    """A refund that the provider refused."""
    with monkeypatch.context() as patched:
        patched.setattr(bank, "refund", lambda *args: Rejected("operator", "Invalid operator"))
        work(LATE)
    return Refund.objects.get(state="stuck")


@pytest.fixture(autouse=True)
def sound(bank):
    yield
    assert not {found.name for found in runner.run(patience=0)} & {"I5", "I6", "I7", "I9"}


def test_d6_what_is_stuck_is_listed_with_its_reason(stuck, bank, baokao):
    code, said = baokao("list")
    assert code == 1
    assert f"0.01  订单 {stuck.settlement.attempt.number}  退款 {stuck.number}" in said
    assert "operator: Invalid operator" in said
    assert "受阻退款 1 笔。" in said


def test_d6_that_nothing_is_stuck_is_said(bank, baokao):
    assert baokao("list") == (0, "受阻退款 0 笔。\n")


def test_d6_an_operator_is_told_by_check_and_metrics(stuck, bank):
    [trouble] = watch.troubles(LATE)
    assert (trouble.name, trouble.about, trouble.count) == ("payment.refunds_stuck", bank.name, 1)
    assert "baokao refunds list" in trouble.sentence


def test_d6_sent_again_it_goes_back_once(stuck, bank, baokao):
    code, said = baokao("again", stuck.id.hex[:8], *BECAUSE)
    assert (code, "将重新退款" in said) == (0, True)
    work(LATE + 2 * HOUR)
    assert (Refund.objects.get().state, len(bank.refunds)) == ("done", 1)
    assert balances() == {}
    assert AuditRow.objects.get(action="refund.sent_again").actor == "operator:张三"


def test_d6_booked_by_hand_nothing_is_sent_and_its_payer_is_told(stuck, bank, baokao):
    before = bank.asked["refund"]
    code, said = baokao("book", stuck.id.hex[:8], *BECAUSE, "--trade", "R9")
    assert (code, "已入账" in said) == (0, True)
    work(LATE + 2 * HOUR)
    assert list(Refund.objects.values_list("state", "trade")) == [("done", "R9")]
    assert bank.asked["refund"] == before
    assert balances() == {}
    assert mails()[-1][0] == "payments/refunded"


def test_d6_what_is_done_is_decided_on_once(stuck, bank, baokao):
    services.book_refund(stuck.id, "张三", "已在平台退回", LATE)
    for word in ("again", "book"):
        assert baokao(word, stuck.id.hex[:8], *BECAUSE) == (1, "没有这笔受阻退款。\n")
    with pytest.raises(Refund.DoesNotExist):
        services.send_refund_again(stuck.id, "张三", "x", LATE)
    assert LedgerRow.objects.filter(kind="refunded").count() == 1


@pytest.mark.parametrize(("by", "reason"), [(" ", "x"), ("张三", ""), ("张" * 41, "x"), ("张三", "x" * 201)])
def test_d6_deciding_takes_a_name_and_a_reason(stuck, bank, baokao, by, reason):
    code, said = baokao("book", stuck.id.hex, "--by", by, "--reason", reason)
    assert (code, "须写明处理人" in said) == (1, True)
    assert Refund.objects.get().state == "stuck"


def test_h2_an_id_number_that_is_typed_as_a_reason_is_not_in_the_log(stuck, bank):
    services.send_refund_again(stuck.id, "张三", "本人 110105194912310021 到场", LATE)
    assert "110105194912310021" not in AuditRow.objects.get(action="refund.sent_again").detail["reason"]
