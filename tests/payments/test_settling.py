"""Where money goes that was proved: to its entry, to a seat taken again, or back (rules D2 to D6; b1, b3 to b8)."""

import itertools
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from baokao.core.invariants import runner
from baokao.exams.models import Offering
from baokao.passport.services.end import end
from baokao.payments import services
from baokao.payments.gateways.contract import Fact, Message, State
from baokao.payments.models import Allotment, Notification, Settlement
from baokao.registration import services as registration
from baokao.registration.models import Entry, Registration
from baokao.roster.models import StudentRecord
from tests.cast import NOW, SITTING, a_candidate
from tests.payments.doing import LASTS, attempt_state, balances, enter, hear, refunds, start, states, work
from tests.registration.doing import mails
from tests.speaking import a_speaker, set_speaking_stage

pytestmark = [
    pytest.mark.django_db,
    # Everything holds whichever provider it is, one that ends orders and repeats refunds or one that does neither.
    pytest.mark.parametrize("bank", ["alipay", "payease"], indirect=True),
]

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
CENT = Decimal("0.01")
LATE = NOW + 25 * HOUR


@pytest.fixture
def stage():
    return set_speaking_stage()


@pytest.fixture
def passport(stage, bank):
    """Who entered 英语四级笔试, 日语六级笔试 and 英语四级口试."""
    found = a_speaker(stage, written="14")
    registration.save_speaking(found.id, SITTING, {"F": "993010"}, NOW)
    return found


@pytest.fixture(autouse=True)
def sound(bank):
    """After each test: the books agree with the provider's, and no invariant of money is broken."""
    yield
    assert not {found.name for found in runner.run(patience=0)} & {"I2", "I5", "I6", "I7", "I9", "I10"}
    assert balances().get("provider", 0) == bank.taken() - bank.returned()
    assert "unallotted" not in balances()


def expire_unpaid(attempt, bank, now=LATE):
    """The attempt runs out, and with it the time of its entries."""
    work(NOW + LASTS)
    assert attempt_state(attempt) == "ended"
    registration.expire_entries(now)


def pay_late(attempt, bank, now=LATE):
    """The provider took the money all the same (its clock, or an address that was still open)."""
    bank.facts.pop(attempt.number, None)
    return hear(bank.pay(attempt.number, attempt.amount), now)


# The usual way


def test_d3_a_notification_pays_the_entries(passport, bank):
    attempt = start(passport, "1F")
    assert hear(bank.pay(attempt.number, attempt.amount))
    assert states(passport) == "1 paid, 4 unpaid, F paid"
    assert attempt_state(attempt) == "paid"
    assert Entry.objects.exclude(lock="").count() == 0
    assert balances() == {"provider": 2 * CENT, "fees": -2 * CENT}


def test_d2_written_and_speaking_are_paid_at_different_times(passport, bank):
    first = start(passport, "1")
    hear(bank.pay(first.number, first.amount))
    assert states(passport) == "1 paid, 4 unpaid, F unpaid"
    second = start(passport, "F")
    hear(bank.pay(second.number, second.amount))
    assert states(passport) == "1 paid, 4 unpaid, F paid"


def test_d2_only_what_is_paid_counts_as_registered(passport, bank):
    attempt = start(passport, "1F")
    hear(bank.pay(attempt.number, attempt.amount))
    registration.expire_entries(LATE)
    assert states(passport) == "1 paid, 4 expired, F paid"


def test_d6_the_payer_is_told_what_was_paid(passport, bank):
    attempt = start(passport, "1F")
    hear(bank.pay(attempt.number, attempt.amount))
    template, context = mails()[-1]
    assert (template, context["paid"], context["back"]) == (
        "payments/paid",
        ["(1) 英语四级笔试", "(F) 英语四级口试"],
        [],
    )


def test_d4_asking_pays_them_too_when_no_notification_comes(passport, bank):
    attempt = start(passport, "1")
    bank.pay(attempt.number, attempt.amount)
    work(NOW + 5 * timedelta(seconds=1))
    assert attempt_state(attempt) == "paid"
    assert Settlement.objects.get().proof == "query"


@pytest.mark.parametrize("times", [1, 2, 8, 50])
def test_d4_b1_the_same_notification_again_changes_nothing_and_is_acknowledged(passport, bank, times):
    attempt = start(passport, "1")
    message = bank.pay(attempt.number, attempt.amount)
    assert all(hear(message) for _ in range(times))
    assert (Settlement.objects.count(), Allotment.objects.count(), Notification.objects.count()) == (1, 1, times)


@pytest.mark.parametrize("order", list(itertools.permutations(["paid", "closed", "waiting", "refunded"])))
def test_d4_b3_messages_in_any_order_come_to_the_same(passport, bank, order):
    attempt = start(passport, "1")
    bank.pay(attempt.number, attempt.amount)
    told = {
        "paid": State.PAID,
        "closed": State.CLOSED,
        "waiting": State.WAITING,
        "paid again": State.PAID,
        "refunded": State.REFUNDED,
    }
    for name in order:
        assert hear(bank.notification(attempt.number, state=told[name]))
    work(NOW + LASTS)
    assert states(passport) == "1 paid, 4 unpaid, F unpaid"
    assert attempt_state(attempt) == "paid"


def test_d4_every_message_is_kept_sealed_and_as_received(passport, bank):
    attempt = start(passport, "1")
    message = bank.pay(attempt.number, attempt.amount)
    hear(message)
    kept = Notification.objects.get()
    assert kept.message.endswith(message.body.decode())
    assert attempt.number.encode() not in bytes(kept.message_sealed)
    assert (kept.code, kept.attempt_id) == ("accepted", attempt.id)


# What proves nothing


@pytest.mark.parametrize("amount", ["0.02", "0.00", "-0.01", "1e2", "0.011"])
def test_d3_b5_a_well_signed_message_of_another_amount_pays_nothing(passport, bank, amount):
    attempt = start(passport, "1")
    bank.arrive(attempt.number, attempt.amount)
    assert not hear(bank.notification(attempt.number, state=State.PAID, amount=Decimal(amount)))
    assert states(passport) == "1 unpaid, 4 unpaid, F unpaid"
    assert Notification.objects.get().code == "amount"


def test_d3_b5_a_message_of_a_number_that_is_not_ours_is_kept_with_its_reason(passport, bank):
    bank.facts["x"] = Fact("x", State.PAID, CENT)
    assert not hear(bank.notification("x"))
    assert Notification.objects.get().code == "unknown_number"
    bank.facts.clear()


def test_d3_b4_a_message_that_is_not_signed_is_refused_and_kept(passport, bank):
    attempt = start(passport, "1")
    body = f"{attempt.number}|paid|{attempt.amount}|T".encode()
    assert not hear(Message("POST", b"", b"forged|" + body))
    assert (Notification.objects.get().code, attempt_state(attempt)) == ("signature", "open")


def test_b4_a_flood_of_forged_messages_does_not_fill_the_disk(passport, bank):
    for _ in range(400):
        assert not hear(Message("POST", b"", b"forged|x"))
    assert Notification.objects.count() == 300


# Money that comes late


def test_d6_b7_a_seat_is_taken_again_when_one_is_free(stage, passport, bank):
    attempt = start(passport, "14F")
    expire_unpaid(attempt, bank)
    assert pay_late(attempt, bank)
    assert states(passport) == "1 expired, 1 paid, 4 expired, 4 paid, F expired, F paid"
    assert Registration.objects.get(passport=passport).empty_since is None
    assert stage.offering("1").taken == 1


def test_d6_b7_a_closed_window_is_no_reason_to_refuse(stage, passport, bank):
    attempt = start(passport, "1")
    expire_unpaid(attempt, bank)
    assert pay_late(attempt, bank, NOW + timedelta(days=11))
    assert states(passport).startswith("1 expired, 1 paid")


def test_d6_b7_without_a_free_seat_it_goes_back_in_full(stage, passport, bank):
    attempt = start(passport, "1")
    expire_unpaid(attempt, bank)
    Offering.objects.filter(subject_id="1").update(target=0, capacity=0)
    assert pay_late(attempt, bank)
    work(LATE)
    assert refunds() == [("full", CENT, "done")]
    assert states(passport) == "1 expired, 4 expired, F expired"
    assert [template for template, _ in mails()][-2:] == ["payments/returned", "payments/refunded"]


def test_d6_it_pays_a_live_entry_of_the_same_offering_and_amount(stage, passport, bank):
    attempt = start(passport, "1")
    expire_unpaid(attempt, bank)
    enter(passport, "1", now=LATE)
    assert pay_late(attempt, bank, LATE + MINUTE)
    assert states(passport) == "1 expired, 1 paid, 4 expired, F expired"
    assert stage.offering("1").taken == 1


def test_d6_not_one_that_costs_something_else(stage, passport, bank):
    attempt = start(passport, "1")
    expire_unpaid(attempt, bank)
    Offering.objects.filter(subject_id="1").update(fee=Decimal("30.00"))
    enter(passport, "1", now=LATE)
    pay_late(attempt, bank, LATE + MINUTE)
    work(LATE + MINUTE)
    assert refunds() == [("not_allowed", CENT, "done")]
    assert states(passport) == "1 expired, 1 unpaid, 4 expired, F expired"


@pytest.mark.parametrize("bar", ["restricted", "level", "date"])
def test_d6_it_goes_back_when_the_entry_would_not_be_allowed_now(stage, passport, bank, bar):
    attempt = start(passport, "1")
    expire_unpaid(attempt, bank)
    if bar == "restricted":
        StudentRecord.objects.update(subjects_restricted="1")
    elif bar == "level":
        enter(passport, "3", now=LATE)
    else:
        stage.sitting.subjects.filter(subject_id="1").update(exam_on=None)
    pay_late(attempt, bank, LATE + MINUTE)
    work(LATE + MINUTE)
    assert refunds() == [("not_allowed", CENT, "done")]


def test_d6_of_several_the_written_go_first_and_the_rest_goes_back_in_part(stage, passport, bank):
    attempt = start(passport, "14F")
    expire_unpaid(attempt, bank)
    Offering.objects.filter(subject_id="1").update(target=0, capacity=0)
    pay_late(attempt, bank)
    work(LATE)
    assert states(passport) == "1 expired, 4 expired, 4 paid, F expired"
    assert sorted(refunds()) == [("full", CENT, "done"), ("no_written", CENT, "done")]
    _template, context = next(mail for mail in reversed(mails()) if mail[0] == "payments/paid")
    assert (context["paid"], len(context["back"])) == (["(4) 日语六级笔试"], 2)


def test_d6_for_a_registration_that_is_gone_it_goes_back(stage, passport, bank):
    attempt = start(passport, "1")
    expire_unpaid(attempt, bank)
    registration.expire_registrations(LATE + 13 * HOUR)
    pay_late(attempt, bank, LATE + 14 * HOUR)
    work(LATE + 14 * HOUR)
    assert refunds() == [("no_registration", CENT, "done")]


def test_d6_who_closed_the_account_meanwhile_has_the_money_back_all_the_same(passport, bank):
    attempt = start(passport, "1")
    expire_unpaid(attempt, bank)
    registration.expire_registrations(LATE + 13 * HOUR)
    end(passport, LATE + 14 * HOUR)
    before = len(mails())
    assert pay_late(attempt, bank, LATE + 15 * HOUR)
    work(LATE + 15 * HOUR)
    assert [state for _, _, state in refunds()] == ["done"]
    assert mails()[before:] == [], "nobody's address is known any more"


def test_d6_b8_money_that_comes_twice_goes_back_once(passport, bank):
    first = start(passport, "1")
    work(NOW + LASTS)
    second = start(passport, "1", NOW + LASTS + MINUTE)
    hear(bank.pay(second.number, second.amount), NOW + LASTS + 2 * MINUTE)
    assert pay_late(first, bank, NOW + LASTS + 3 * MINUTE)
    for minutes in range(4, 9):
        work(NOW + LASTS + minutes * MINUTE)
    assert refunds() == [("twice", CENT, "done")]
    assert len(bank.refunds) == 1
    assert states(passport) == "1 paid, 4 unpaid, F unpaid"


def test_d6_money_of_an_earlier_attempt_pays_what_a_later_one_holds(passport, bank):
    first = start(passport, "1")
    work(NOW + LASTS)
    second = start(passport, "1", NOW + LASTS + MINUTE)
    pay_late(first, bank, NOW + LASTS + 2 * MINUTE)
    assert states(passport) == "1 paid, 4 unpaid, F unpaid"
    hear(bank.pay(second.number, second.amount), NOW + LASTS + 3 * MINUTE)
    work(NOW + LASTS + 3 * MINUTE)
    assert refunds() == [("twice", CENT, "done")]


# Silence


def test_d5_at_its_end_the_provider_is_asked_and_the_trade_closed_where_it_can_be(passport, bank):
    attempt = start(passport, "1")
    bank.arrive(attempt.number, attempt.amount)
    work(NOW + LASTS)
    assert bank.facts[attempt.number].state == (State.CLOSED if bank.closes else State.WAITING)
    assert attempt_state(attempt) == "ended"
    assert Entry.objects.exclude(lock="").count() == 0
    assert mails()[-1][0] == "payments/ended"


def test_d5_without_an_answer_the_seat_is_kept(passport, bank):
    attempt = start(passport, "1", NOW + 23 * HOUR)
    bank.silent = True
    for hours in range(24, 40):
        work(NOW + hours * HOUR)
        registration.expire_entries(NOW + hours * HOUR)
    assert attempt_state(attempt) == "open"
    assert states(passport).startswith("1 unpaid")
    bank.silent = False
    work(NOW + 41 * HOUR)
    registration.expire_entries(NOW + 41 * HOUR)
    assert states(passport).startswith("1 expired")


def test_d5_at_most_a_day_beyond_the_time_for_paying(passport, bank):
    attempt = start(passport, "1")
    bank.silent = True
    # The window closes in ten days and is payable for one more.
    work(NOW + timedelta(days=12) - MINUTE)
    assert attempt_state(attempt) == "open"
    work(NOW + timedelta(days=12) + 10 * MINUTE)
    assert attempt_state(attempt) == "ended"


def test_d5_an_answer_that_cant_be_booked_keeps_the_seat_no_longer_than_none(passport, bank):
    """Asked, the provider says that another sum was paid: that is no outcome, and a person has to look."""
    attempt = start(passport, "1")
    bank.facts[attempt.number] = Fact(attempt.number, State.PAID, attempt.amount + CENT, "T")
    work(NOW + timedelta(days=12) - MINUTE)
    assert attempt_state(attempt) == "open"
    work(NOW + timedelta(days=12) + 20 * MINUTE)
    assert attempt_state(attempt) == "ended"
    assert Entry.objects.exclude(lock="").count() == 0
    assert Settlement.objects.count() == 0
    # It is put right there, and found.
    bank.facts[attempt.number] = Fact(attempt.number, State.PAID, attempt.amount, "T")
    work(NOW + timedelta(days=13))
    assert attempt_state(attempt) == "paid"


def test_d3_b5_a_trade_that_paid_another_attempt_pays_nothing(passport, bank):
    one, other = start(passport, "1"), start(passport, "4")
    hear(bank.pay(one.number, one.amount))
    bank.pay(other.number, other.amount)
    right = bank.facts[other.number]
    bank.facts[other.number] = replace(right, trade=bank.facts[one.number].trade)
    assert not hear(bank.notification(other.number))
    assert Notification.objects.get(code="trade").attempt == other
    work(NOW + MINUTE)
    assert attempt_state(other) == "open"
    bank.facts[other.number] = right
    work(NOW + 5 * MINUTE)
    assert attempt_state(other) == "paid"


def test_d5_a_second_attempt_ends_the_first(passport, bank):
    first = start(passport, "1")
    bank.arrive(first.number, first.amount)
    assert services.end_for_another([first], NOW + MINUTE) == {"ended"}
    assert bank.facts[first.number].state == (State.CLOSED if bank.closes else State.WAITING)
    assert start(passport, "1", NOW + MINUTE).id != first.id


def test_d5_a_second_attempt_finds_the_first_paid(passport, bank):
    first = start(passport, "1")
    bank.pay(first.number, first.amount)
    assert services.end_for_another([first], NOW + MINUTE) == {"paid"}
    assert states(passport).startswith("1 paid")


@pytest.mark.parametrize("trouble", ["silent", "lose"])
def test_d5_a_first_attempt_that_is_in_doubt_stays(passport, bank, trouble):
    first = start(passport, "1")
    bank.arrive(first.number, first.amount)
    setattr(bank, trouble, True)
    assert services.end_for_another([first], NOW + MINUTE) == {"open"}
    assert attempt_state(first) == "open"


# Refunds


def test_d6_a_refund_whose_answer_is_lost_happens_once(stage, passport, bank):
    attempt = start(passport, "1")
    expire_unpaid(attempt, bank)
    Offering.objects.filter(subject_id="1").update(target=0, capacity=0)
    pay_late(attempt, bank)
    bank.lose = True
    for minutes in (0, 1, 2, 3, 5, 9):
        work(LATE + minutes * MINUTE)
    assert refunds() == [("full", CENT, "sending")]
    bank.lose = False
    work(LATE + HOUR)
    assert refunds() == [("full", CENT, "done")]
    assert len(bank.refunds) == 1


def test_d6_a_refund_that_the_provider_puts_off_is_tried_again_and_told(stage, passport, bank):
    attempt = start(passport, "1")
    expire_unpaid(attempt, bank)
    Offering.objects.filter(subject_id="1").update(target=0, capacity=0)
    pay_late(attempt, bank)
    bank.low = True
    work(LATE)
    assert refunds() == [("full", CENT, "sending")]
    bank.low = False
    work(LATE + 2 * HOUR)
    assert refunds() == [("full", CENT, "done")]


def test_another_candidates_money_is_nobody_elses(stage, passport, bank):
    other = a_candidate(stage, subjects="1")
    enter(other, "1")
    attempt = start(other, "1")
    hear(bank.pay(attempt.number, attempt.amount))
    assert states(passport) == "1 unpaid, 4 unpaid, F unpaid"
    assert states(other) == "1 paid"
