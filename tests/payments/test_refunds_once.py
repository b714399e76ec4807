"""Money that goes back through a provider that would pay a refund twice if it were asked twice (rule D6; b8, b9)."""

from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from uuid import UUID

import pytest

from baokao.core.clock import local
from baokao.core.faults import InjectedFault
from baokao.core.models import AuditRow
from baokao.payments import services
from baokao.payments.gateways.contract import Rejected, Unknown
from baokao.payments.models import LedgerRow, Refund
from baokao.registration import services as registration
from tests.cast import NOW
from tests.payments.billing import compare, line, line_back
from tests.payments.doing import LASTS, balances, hear, refunds, start, work
from tests.payments.test_settling import CENT, HOUR, LATE, MINUTE
from tests.speaking import a_speaker, set_speaking_stage

pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("bank", ["payease"], indirect=True)]


@pytest.fixture
def owed(bank):
    """An attempt whose money came when its seat was gone, so that it is to go back."""
    stage = set_speaking_stage()
    attempt = start(a_speaker(stage, written="1"), "1")
    work(NOW + LASTS)
    registration.expire_entries(LATE)
    stage.set_seats("1", 0)
    hear(bank.pay(attempt.number, attempt.amount), LATE)
    return attempt


def states():
    return [state for _, _, state in refunds()]


def test_d6_the_operators_number_of_a_refund_is_kept(owed, bank):
    work(LATE)
    assert list(Refund.objects.values_list("state", "trade")) == [("done", "R1")]
    assert balances() == {}


def test_d6_b8_a_refund_whose_answer_is_lost_is_looked_for_and_not_asked_for_again(owed, bank):
    bank.lose_refunds = True
    work(LATE)
    assert states() == ["sending"]
    work(LATE + 5 * MINUTE)
    assert list(Refund.objects.values_list("state", "trade")) == [("done", "R1")]
    assert (bank.asked["refund"], len(bank.refunds)) == (1, 1)


def test_d6_b8_one_that_never_arrived_is_never_asked_for_again_by_itself(owed, bank, monkeypatch):
    monkeypatch.setattr(bank, "refund", lambda *args: swallow(bank))
    for minutes in (0, 1, 5, 30, 60, 119):
        work(LATE + minutes * MINUTE)
    assert states() == ["sending"]
    work(LATE + 4 * HOUR)
    assert states() == ["stuck"]
    assert bank.asked["refund"] == 1
    assert "missing" in Refund.objects.get().trouble
    assert balances()["owed"] == -CENT


def missing(bank, monkeypatch):
    """The question was lost on its way, and after two hours a person is told."""
    with monkeypatch.context() as patched:
        patched.setattr(bank, "refund", lambda *args: swallow(bank))
        work(LATE)
    work(LATE + 4 * HOUR)
    assert states() == ["stuck"]


def test_d6_what_a_person_gives_back_for_it_is_found_and_booked(owed, bank, monkeypatch):
    missing(bank, monkeypatch)
    for hours in (5, 6, 7):
        work(LATE + hours * HOUR)
    assert states() == ["stuck"]
    assert AuditRow.objects.filter(action="refund.stuck").count() == 1, "a person is told once"
    bank.refunds["R9"] = (owed.number, owed.amount)
    work(LATE + 9 * HOUR)
    assert list(Refund.objects.values_list("state", "trade")) == [("done", "R9")]
    assert balances() == {}
    assert bank.asked["refund"] == 1


def test_d6_silence_while_it_is_looked_for_only_puts_it_off(owed, bank, monkeypatch):
    missing(bank, monkeypatch)
    bank.silent = True
    work(LATE + 6 * HOUR)
    assert states() == ["stuck"]
    assert Refund.objects.get().send_at > LATE + 6 * HOUR + MINUTE
    bank.silent = False


def test_d6_a_person_reads_what_is_known_of_it_by_now(owed, bank, monkeypatch):
    missing(bank, monkeypatch)
    Refund.objects.update(trouble="uncertain: no answer")
    work(LATE + 6 * HOUR)
    assert Refund.objects.get().trouble.startswith("missing")


def test_d7_a_bill_that_tells_of_it_has_it_looked_for_at_once(owed, bank, monkeypatch):
    missing(bank, monkeypatch)
    bank.refunds["R9"] = (owed.number, owed.amount)
    tells = LATE + 4 * HOUR + MINUTE
    day = local(LATE).date()
    compare(bank, line(owed, LATE), line_back(Refund.objects.get(), LATE), day=day, now=tells, provider="payease")
    work(tells)
    assert states() == ["done"]


def test_d6_b8_sent_again_by_mistake_what_is_there_is_not_paid_twice(owed, bank, monkeypatch):
    """A person says that it isn't there, and it is."""
    missing(bank, monkeypatch)
    enlarge(owed, bank)
    bank.refunds["R9"] = (owed.number, owed.amount)
    services.send_refund_again(Refund.objects.get().id, "张三", "平台无此退款", LATE + 4 * HOUR)
    work(LATE + 4 * HOUR)
    assert (states(), len(bank.refunds)) == (["stuck"], 1)
    assert "there_before" in Refund.objects.get().trouble


def swallow(bank):
    """The question is lost on its way."""
    bank.asked["refund"] += 1
    raise Unknown("no answer")


def enlarge(owed, bank):
    """More was paid for the order than goes back, so that the provider would pay a refund twice."""
    bank.facts[owed.number] = replace(bank.facts[owed.number], amount=9 * CENT)


def test_b8_control_asking_again_as_of_alipay_pays_twice(owed, bank, monkeypatch):
    bank.repeats_refunds = True
    enlarge(owed, bank)
    bank.lose_refunds = True
    for minutes in (0, 1, 2, 5):
        work(LATE + minutes * MINUTE)
    assert len(bank.refunds) > 1


@pytest.mark.parametrize("point", ["refund.before_asking", "refund.after_answer"])
def test_b9_dead_around_the_refund_it_happens_at_most_once(owed, bank, settings, point):
    settings.FAULT = f"{point}:raise"
    with pytest.raises(InjectedFault):
        work(LATE)
    settings.FAULT = ""
    for minutes in (2, 5, 10):
        work(LATE + minutes * MINUTE)
    if point == "refund.after_answer":
        assert (states(), len(bank.refunds)) == (["done"], 1)
    else:
        # It may have been asked for, as far as anybody can tell: a person decides.
        assert (states(), len(bank.refunds)) == (["sending"], 0)
        work(LATE + 4 * HOUR)
        assert (states(), len(bank.refunds)) == (["stuck"], 0)


def test_b9_control_without_writing_it_down_before_a_death_pays_twice(owed, bank, settings, monkeypatch):
    once = import_module("baokao.payments.services.refund_once")
    monkeypatch.setattr(
        once,
        "_look",
        lambda gateway, refund, now: gateway.refund(refund.settlement.attempt.number, refund.number, refund.amount, ""),
    )
    enlarge(owed, bank)
    settings.FAULT = "refund.after_answer:raise"
    with pytest.raises(InjectedFault):
        work(LATE)
    settings.FAULT = ""
    work(LATE + 5 * MINUTE)
    assert len(bank.refunds) == 2


def test_d6_silence_before_it_was_asked_for_only_puts_it_off(owed, bank):
    bank.silent = True
    work(LATE)
    assert (states(), Refund.objects.get().asked_at) == (["sending"], None)
    bank.silent = False
    work(LATE + 5 * HOUR)
    assert (states(), len(bank.refunds)) == (["done"], 1)


def test_d6_a_refund_that_somebody_made_there_before_is_a_matter_for_a_person(owed, bank):
    bank.refunds["R0"] = (owed.number, owed.amount)
    work(LATE)
    assert states() == ["stuck"]
    assert bank.asked["refund"] == 0
    assert "R0" in Refund.objects.get().trouble
    assert LedgerRow.objects.filter(kind="refunded").count() == 0


def test_d6_a_clear_refusal_means_that_it_has_not_happened(owed, bank, monkeypatch):
    monkeypatch.setattr(bank, "refund", lambda *args: Rejected("operator", "Invalid operator"))
    work(LATE)
    assert list(Refund.objects.values_list("state", "asked_at")) == [("stuck", None)]


def test_d6_who_may_have_been_asked_and_is_not_found_holds_up_the_others_of_its_payment(owed, bank):
    stuck = Refund.objects.get()
    Refund.objects.update(state="stuck", asked_at=LATE, send_at=None)
    other = Refund.objects.create(
        sitting_id=stuck.sitting_id,
        settlement=stuck.settlement,
        number="20260101R2",
        amount=CENT,
        why="full",
        made_at=LATE,
        send_at=LATE,
    )
    work(LATE + timedelta(hours=1))
    assert (Refund.objects.get(id=other.id).state, bank.asked["refund"]) == ("due", 0)
    other.delete()


@pytest.mark.parametrize("state", ["sending", "stuck"])
def test_d6_one_that_waits_behind_another_does_not_hold_that_up(owed, bank, state):
    first = Refund.objects.get()
    Refund.objects.update(state=state, asked_at=LATE - HOUR)
    waits = Refund.objects.create(
        id=UUID(int=1),
        sitting_id=first.sitting_id,
        settlement=first.settlement,
        number="20260101R2",
        amount=CENT,
        why="full",
        made_at=LATE,
        send_at=LATE,
    )
    assert services.claim_refunds(LATE) == [first.id]
    waits.delete()
