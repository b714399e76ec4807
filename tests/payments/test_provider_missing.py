"""A provider that was taken out of the settings while payments through it were open: they wait for it to come back, and
an operator is told (rules D4 to D7)."""

from datetime import timedelta

import pytest

from baokao.core import clock, watch
from baokao.core.checks import worker
from baokao.payments import loops, providers, services
from baokao.payments.gateways import unconfigured
from baokao.payments.models import Bill
from tests.cast import NOW, a_candidate
from tests.payments.bank import Bank
from tests.payments.doing import LASTS, attempt_state, enter, hear, refunds, start, states, work
from tests.speaking import set_speaking_stage

pytestmark = pytest.mark.django_db

SECOND, MINUTE, HOUR, DAY = (timedelta(**{unit: 1}) for unit in ("seconds", "minutes", "hours", "days"))


@pytest.fixture
def people(banks):
    """Two candidates with an entry in 英语四级笔试 each."""
    stage = set_speaking_stage()
    found = [a_candidate(stage, subjects="1") for _ in range(2)]
    for passport in found:
        enter(passport, "1")
    return found


@pytest.fixture
def take_out(banks, monkeypatch):
    """`take_out("payease")`: the settings name it no more; what is returned puts it back."""

    def out(name):
        monkeypatch.setattr(providers, "configured", lambda: {n: bank for n, bank in banks.items() if n != name})
        return lambda: monkeypatch.setattr(providers, "configured", lambda: banks)

    return out


def round_of_work(now):
    """What the worker's loops do at this moment, as it does it."""
    with clock.travel(now):
        loops.ask()
        loops.refund()
        loops.fetch_bills()


@pytest.mark.parametrize("name", ["alipay", "payease"])
def test_d4_an_attempt_waits_for_its_provider_and_the_others_go_on(people, banks, take_out, name):
    other = next(bank for bank in banks if bank != name)
    waits, paid = (start(passport, "1", provider=way) for passport, way in zip(people, (name, other), strict=True))
    for attempt, way in ((waits, name), (paid, other)):
        banks[way].pay(attempt.number, attempt.amount)
    back = take_out(name)
    work(NOW + 5 * SECOND)
    assert (attempt_state(waits), attempt_state(paid)) == ("open", "paid")
    work(NOW + LASTS + MINUTE)
    assert attempt_state(waits) == "open", "at its end nobody could say whether it was paid"
    back()
    work(NOW + LASTS + HOUR)
    assert attempt_state(waits) == "paid"
    assert [states(passport) for passport in people] == ["1 paid", "1 paid"]


@pytest.mark.django_db(transaction=True)
def test_d4_the_workers_loops_come_round(people, banks, take_out):
    """With threads and claims as they are: none of the loops fails, and the other's attempt is asked about."""
    waits = start(people[0], "1", provider="payease")
    paid = start(people[1], "1", provider="alipay")
    banks["alipay"].pay(paid.number, paid.amount)
    take_out("payease")
    round_of_work(NOW + 10 * SECOND)
    waits.refresh_from_db()
    assert (waits.state, attempt_state(paid)) == ("open", "paid")
    assert (waits.asked, waits.ask_at is not None) == (1, True), "it is asked about again"


def test_d5_given_up_a_day_beyond_its_time_it_is_still_looked_for(people, banks, take_out):
    attempt = start(people[0], "1", provider="payease")
    banks["payease"].pay(attempt.number, attempt.amount)
    back = take_out("payease")
    work(attempt.gives_up_at)
    assert attempt_state(attempt) == "ended"
    work(attempt.gives_up_at + 6 * DAY)
    back()
    work(attempt.gives_up_at + 7 * DAY)
    assert attempt_state(attempt) == "paid"


@pytest.mark.parametrize("name", ["alipay", "payease"])
def test_d6_a_refund_waits_and_then_happens_once(people, banks, take_out, name):
    first = start(people[0], "1", provider=name)
    work(NOW + LASTS)
    other = next(bank for bank in banks if bank != name)
    second = start(people[0], "1", NOW + LASTS + MINUTE, other)
    assert hear(banks[other].pay(second.number, second.amount), NOW + LASTS + 2 * MINUTE, other)
    banks[name].facts.pop(first.number, None)
    assert hear(banks[name].pay(first.number, first.amount), NOW + LASTS + 3 * MINUTE, name)
    back = take_out(name)
    for hours in range(1, 4):
        work(NOW + hours * HOUR)
    assert [state for _, _, state in refunds()] == ["sending"]
    assert "0 payments and 1 refunds wait" in " ".join(one.sentence for one in watch.troubles(NOW))
    back()
    work(NOW + 5 * HOUR)
    assert ([state for _, _, state in refunds()], len(banks[name].refunds)) == (["done"], 1)


def test_d7_the_days_on_which_its_money_came_are_still_to_be_compared(people, banks, take_out):
    attempt = start(people[0], "1", provider="payease")
    assert hear(banks["payease"].pay(attempt.number, attempt.amount), provider="payease")
    back = take_out("payease")
    for days in (2, 3):
        round_of_work(NOW + days * DAY)
    [bill] = Bill.objects.filter(provider="payease")
    assert (bill.state, bill.trouble) == ("due", "payease is not among the settings")
    back()
    services.expect_bills(NOW + 4 * DAY)
    assert Bill.objects.filter(provider="payease").count() == 4, "the days since are expected once it is back"


def test_it_is_said_in_log_metrics_and_check(people, banks, take_out, monkeypatch):
    told = []
    monkeypatch.setattr(unconfigured.log, "error", lambda event, **about: told.append((event, about["provider"])))
    start(people[0], "1", provider="payease")
    start(people[1], "1", provider="alipay")
    assert watch.troubles(NOW) == []
    back = take_out("payease")
    work(NOW + 5 * SECOND)
    assert set(told) == {("payment.provider_missing", "payease")}
    assert 'baokao_trouble{name="payment.provider_missing",about="payease"} 1\n' in watch.exposition(NOW)
    [finding] = [one for one in worker.findings() if one.name == "payment.provider_missing"]
    assert finding.level == "unsafe"
    assert "1 payments and 0 refunds wait for payease" in finding.sentence
    back()
    assert not [one for one in worker.findings() if one.name == "payment.provider_missing"]


def test_control_without_a_stand_in_the_loop_fails(people, banks, monkeypatch):
    """The name looked up among the configured ones only, as it was."""
    start(people[0], "1", provider="payease")
    left = {"alipay": Bank()}
    monkeypatch.setattr(providers, "configured", lambda: left)
    monkeypatch.setattr(providers, "gateway", left.__getitem__)
    with pytest.raises(KeyError):
        work(NOW + 5 * SECOND)
