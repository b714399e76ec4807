"""集体缴费: picking, locking, paying and releasing, one school at a time (rule D8)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from baokao.core.invariants import runner
from baokao.core.models import AuditRow
from baokao.exams.models import WindowPiece
from baokao.payments import services
from baokao.payments.models import Attempt, GroupPayment, Line, Order, Pick
from baokao.registration import services as registration
from baokao.registration.models import Entry, Registration
from baokao.roster.models import StudentRecord
from tests.cast import NOW, SITTING, a_candidate
from tests.payments.doing import LASTS, attempt_state, balances, enter, hear, refunds, start, states, work
from tests.payments.grouping import (
    TEACHER,
    a_group,
    a_locked_group,
    entries_of,
    held,
    picked,
    release,
    start_group,
    state,
)
from tests.registration.doing import mails, refused
from tests.speaking import a_speaker, set_speaking_stage

pytestmark = pytest.mark.django_db

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
CENT = Decimal("0.01")
LOCKED = "该科目已被集体缴费锁定，请联系学校老师。"
BUSY = "支付处理中，请稍后再试。"
PAY_UNTIL = NOW + timedelta(days=11)


@pytest.fixture
def stage(bank):
    return set_speaking_stage()


@pytest.fixture
def one(stage):
    """Who entered 英语四级笔试, 日语六级笔试 and 英语四级口试."""
    found = a_speaker(stage, written="14")
    registration.save_speaking(found.id, SITTING, {"F": "993010"}, NOW)
    return found


@pytest.fixture
def other(stage):
    """A classmate who entered 英语四级笔试."""
    return a_speaker(stage, written="1")


@pytest.fixture(autouse=True)
def sound(stage, bank):
    """After each test: the books agree with the provider's, and no invariant of money is broken."""
    yield
    broken = [found for found in runner.run(patience=0) if found.name not in ("I11", "I14")]
    assert broken == [], "\n".join(map(str, broken))
    assert balances().get("provider", 0) == bank.taken() - bank.returned()


# Picking


def test_d8_a_group_is_made_of_unpaid_entries_of_the_own_school(stage, one, other):
    stranger = a_speaker(stage, written="1", campus_id="991010")
    group = a_group(one, other, stranger)
    assert (picked(group), state(group)) == ("114F", "picking")
    assert Entry.objects.exclude(lock="").count() == 0


def test_d8_a_picked_written_entry_brings_its_speaking_entry(one):
    assert picked(a_group(one, codes="1")) == "1F"


def test_d8_further_entries_come_onto_the_list_once(one, other):
    group = a_group(one, codes="4")
    assert services.add_picks(group.id, entries_of(one, other), TEACHER, NOW) == 3
    assert picked(group) == "114F"
    assert refused(services.add_picks, group.id, entries_of(one), TEACHER, NOW) == ["没有找到可加入的未支付科目。"]


def test_d8_paid_and_foreign_entries_make_no_group(stage, one, bank):
    stranger = a_speaker(stage, written="1", campus_id="991010")
    assert refused(a_group, stranger) == ["没有找到可加入的未支付科目。"]
    assert GroupPayment.objects.count() == 0


def test_d8_a_group_needs_a_name(one):
    entries = entries_of(one)
    found = refused(services.make_group, "99301", SITTING, "  ", entries, TEACHER, "王老师", NOW)
    assert found == ["请填写名称，例如班级或院系。"]


def test_d8_a_group_is_bounded(one, other, monkeypatch):
    monkeypatch.setattr("baokao.payments.group_rules.MOST", 3)
    assert refused(a_group, one, other) == ["一次集体缴费最多2000科。"]


# Locking


def test_d8_what_is_locked_can_not_be_cancelled(one):
    a_locked_group(one, codes="1")
    assert refused(enter, one, "4") == [LOCKED]
    assert states(one) == "1 unpaid, 4 unpaid, F unpaid"


def test_d8_what_is_locked_can_not_be_paid_by_the_candidate(one):
    a_locked_group(one, codes="1")
    assert refused(start, one, "1") == [LOCKED]
    assert start(one, "4").amount == CENT


def test_d8_locking_a_written_entry_locks_its_speaking_entry(one):
    group = a_locked_group(one, codes="1")
    assert held(group) == "1F"
    found = refused(registration.save_speaking, one.id, SITTING, {}, NOW)
    assert found == [LOCKED]


def test_d8_a_speaking_entry_that_came_after_picking_is_locked_too(stage):
    late = a_speaker(stage, written="1")
    group = a_group(late)
    registration.save_speaking(late.id, SITTING, {"F": "993010"}, NOW)
    assert services.lock_group(group.id, TEACHER, NOW).count == 2
    assert (held(group), picked(group)) == ("1F", "1F")


def test_d8_what_is_locked_does_not_expire_until_pay_until(one, other):
    a_locked_group(one, other)
    assert registration.expire_entries(NOW + 25 * HOUR) == 0
    assert registration.warn_of_entries(NOW + 23 * HOUR) == 0
    assert registration.expire_entries(PAY_UNTIL - MINUTE) == 0


def test_d8_an_entry_that_is_being_paid_is_skipped_and_said(one, other):
    start(one, "1")
    group = a_group(one, other)
    locked = services.lock_group(group.id, TEACHER, NOW)
    assert (locked.count, dict(locked.skipped)) == (2, {"being_paid": 1, "no_written": 1})
    assert held(group) == "14"
    skipped = Pick.objects.exclude(skipped="").order_by("subject__position")
    assert list(skipped.values_list("subject_id", "skipped")) == [("1", "being_paid"), ("F", "no_written")]


def test_d8_a_second_group_gets_nothing_of_what_the_first_holds(one):
    first, second = a_group(one), a_group(one)
    services.lock_group(first.id, TEACHER, NOW)
    locked = services.lock_group(second.id, TEACHER, NOW)
    assert (locked.count, dict(locked.skipped)) == (0, {"other_group": 3})
    assert (held(first), held(second), state(second)) == ("14F", "", "picking")


def test_d8_what_has_gone_meanwhile_is_skipped_and_said(one):
    group = a_group(one)
    registration.save_entries(one.id, SITTING, frozenset("1"), NOW)
    locked = services.lock_group(group.id, TEACHER, NOW)
    assert (locked.count, dict(locked.skipped)) == (2, {"gone": 1})


def test_d5_d8_nothing_is_locked_whose_time_is_over(one):
    group = a_group(one)
    locked = services.lock_group(group.id, TEACHER, NOW + 24 * HOUR)
    assert (locked.count, dict(locked.skipped)) == (0, {"over": 3})
    registration.expire_entries(NOW + 24 * HOUR)


def test_b8_d8_what_is_restricted_is_not_locked(one):
    group = a_group(one)
    StudentRecord.objects.update(subjects_restricted="4", restriction_reason="违规")
    assert dict(services.lock_group(group.id, TEACHER, NOW).skipped) == {"restricted": 1}
    assert held(group) == "1F"


def test_d8_a_speaking_entry_is_not_locked_without_its_written_one(one):
    group = a_group(one, codes="F")
    assert dict(services.lock_group(group.id, TEACHER, NOW).skipped) == {"no_written": 1}
    Entry.objects.filter(subject_id="1").update(state="paid")
    assert services.lock_group(group.id, TEACHER, NOW).count == 1
    Entry.objects.filter(subject_id="1").update(state="unpaid")


def test_d8_locking_again_goes_on_where_it_was(one, other):
    group = a_locked_group(one)
    services.add_picks(group.id, entries_of(other), TEACHER, NOW)
    assert services.lock_group(group.id, TEACHER, NOW).count == 1
    assert held(group) == "114F"
    assert services.lock_group(group.id, TEACHER, NOW).count == 0


def test_d8_a_long_list_is_locked_some_registrations_at_a_time(stage, monkeypatch):
    monkeypatch.setattr("baokao.payments.services.groups.state.BATCH", 2)
    people = [a_speaker(stage, written="1") for _ in range(5)]
    group = a_group(*people)
    assert services.lock_group(group.id, TEACHER, NOW).count == 5
    assert AuditRow.objects.filter(action="group.locked").count() == 3
    assert release(group) == 5


# Releasing


def test_d8_released_entries_have_24_hours_again(one):
    group = a_locked_group(one)
    later = NOW + 30 * HOUR
    assert release(group, now=later) == 3
    assert set(Entry.objects.values_list("held_until", "lock")) == {(later + 24 * HOUR, "")}
    assert (state(group), held(group)) == ("released", "")
    template, context = mails()[-1]
    assert template == "payments/group_released"
    assert [line["held_until"] for line in context["released"]] == [later + 24 * HOUR] * 3
    assert registration.expire_entries(later + 24 * HOUR - MINUTE) == 0
    assert registration.warn_of_entries(later + 23 * HOUR) == 3
    assert registration.expire_entries(later + 24 * HOUR) == 3


def test_c12_d8_released_entries_end_at_pay_until_all_the_same(one):
    group = a_locked_group(one)
    release(group, now=PAY_UNTIL - HOUR)
    assert set(Entry.objects.values_list("held_until", flat=True)) == {PAY_UNTIL}
    registration.expire_entries(PAY_UNTIL)


def test_d8_some_of_them_can_be_released(one, other):
    group = a_locked_group(one, other)
    [written] = Pick.objects.filter(entry__registration__passport=one, subject_id="1")
    assert release(group, written.id) == 2
    assert (held(group), state(group)) == ("14", "locked")
    assert enter(other, "1") is None
    assert refused(enter, other, "") == [LOCKED]


def test_d8_what_was_picked_and_not_locked_leaves_the_list(one, other):
    group = a_group(one, other)
    [pick] = Pick.objects.filter(entry__registration__passport=other)
    assert release(group, pick.id) == 0
    assert picked(group) == "14F"
    release(group)
    assert (picked(group), state(group)) == ("", "released")
    assert refused(services.lock_group, group.id, TEACHER, NOW) == ["该集体缴费已结束，名单不能再更改。"]


def test_d8_every_lock_ends_at_pay_until(one, other):
    group = a_locked_group(one, other)
    assert services.release_due(PAY_UNTIL - MINUTE) == 0
    assert services.release_due(PAY_UNTIL) == 1
    assert (held(group), state(group)) == ("", "released")
    assert not [template for template, _ in mails() if template == "payments/group_released"]
    assert registration.expire_entries(PAY_UNTIL) == 4
    assert services.release_due(PAY_UNTIL) == 0


def test_d8_locks_with_different_ends_end_each_at_its_own(stage, one):
    WindowPiece.objects.create(
        sitting=stage.sitting, setter="school", school_id="99301", kind="written", subject_id="4",
        opens_at=NOW - HOUR, closes_at=NOW + HOUR, pay_until=NOW + 2 * HOUR,
    )  # fmt: skip
    group = a_locked_group(one)
    services.release_due(NOW + 2 * HOUR)
    assert (held(group), state(group)) == ("1F", "locked")
    registration.expire_entries(NOW + 2 * HOUR)


def test_c12_d8_between_closing_and_pay_until_the_lock_ends_at_that_pay_until(one):
    closed = NOW + timedelta(days=10, hours=1)
    Entry.objects.update(held_until=PAY_UNTIL)
    group = a_locked_group(one, now=closed)
    assert set(Pick.objects.filter(group=group).values_list("ends_at", flat=True)) == {PAY_UNTIL}
    release(group, now=closed)


# Paying


def test_d8_the_school_pays_once_for_all(one, other, bank):
    group = a_locked_group(one, other)
    attempt = start_group(group)
    order = Order.objects.get()
    assert (order.group_id, order.passport_id, order.registration_id) == (group.id, None, None)
    assert (attempt.amount, Line.objects.count(), state(group)) == (4 * CENT, 4, "paying")
    assert held(group) == "114F"
    assert hear(bank.pay(attempt.number, attempt.amount))
    assert (states(one), states(other)) == ("1 paid, 4 paid, F paid", "1 paid")
    assert (state(group), held(group)) == ("paid", "")
    assert balances() == {"provider": 4 * CENT, "fees": -4 * CENT}
    assert Pick.objects.exclude(paid_at=None).filter(ends_at=None).count() == 4


def test_d8_each_candidate_is_told(one, other, bank):
    attempt = start_group(a_locked_group(one, other))
    before = len(mails())
    hear(bank.pay(attempt.number, attempt.amount))
    told = sorted((template, context["school"], context["paid"]) for template, context in mails()[before:])
    assert told == [
        ("payments/group_paid", "测试学校机构01", ["(1) 英语四级笔试"]),
        ("payments/group_paid", "测试学校机构01", ["(1) 英语四级笔试", "(4) 日语六级笔试", "(F) 英语四级口试"]),
    ]


def test_d4_d8_asking_pays_them_too_and_telling_again_changes_nothing(one, other, bank):
    group = a_locked_group(one, other)
    attempt = start_group(group)
    message = bank.pay(attempt.number, attempt.amount)
    work(NOW + 5 * timedelta(seconds=1))
    assert all(hear(message) for _ in range(8))
    assert (state(group), Pick.objects.exclude(paid_at=None).count()) == ("paid", 4)


def test_d8_while_it_is_being_paid_the_list_stays_as_it_is(one, other):
    group = a_locked_group(one)
    start_group(group)
    assert refused(start_group, group) == [BUSY]
    assert refused(release, group) == [BUSY]
    assert refused(services.lock_group, group.id, TEACHER, NOW) == [BUSY]
    assert refused(services.add_picks, group.id, entries_of(other), TEACHER, NOW) == [BUSY]
    assert refused(enter, one, "4") == [LOCKED]


def test_d5_d8_an_attempt_without_money_ends_and_the_lock_stays(one, other):
    group = a_locked_group(one, other)
    attempt = start_group(group)
    before = len(mails())
    work(NOW + LASTS)
    assert (attempt_state(attempt), state(group), held(group)) == ("ended", "locked", "114F")
    assert len(mails()) == before
    assert start_group(group, NOW + LASTS).amount == 4 * CENT


def test_d5_d8_a_second_attempt_first_ends_the_first(one, bank):
    group = a_locked_group(one)
    first = start_group(group)
    assert services.end_for_another([first], NOW) == {Attempt.State.ENDED}
    second = start_group(group)
    hear(bank.pay(second.number, second.amount))
    assert state(group) == "paid"


def test_d8_a_lock_does_not_end_while_it_is_being_paid(one, bank):
    group = a_locked_group(one)
    attempt = start_group(group, PAY_UNTIL - MINUTE)
    assert services.release_due(PAY_UNTIL + MINUTE) == 0
    hear(bank.pay(attempt.number, attempt.amount), PAY_UNTIL + MINUTE)
    assert state(group) == "paid"


def test_d5_d8_a_payment_begins_only_before_the_lock_ends(one):
    group = a_locked_group(one)
    assert refused(start_group, group, PAY_UNTIL) == ["有3科已超过缴费截止时间，不能再缴费。"]
    services.release_due(PAY_UNTIL)
    registration.expire_entries(PAY_UNTIL)


def test_b8_d8_what_was_restricted_since_it_was_locked_is_not_paid(one):
    group = a_locked_group(one)
    StudentRecord.objects.update(subjects_restricted="4", restriction_reason="违规")
    assert refused(start_group, group) == ["有1科在锁定后被限制报考，不能缴费。"]
    [pick] = Pick.objects.filter(subject_id="4")
    release(group, pick.id)
    assert start_group(group).amount == 2 * CENT


def test_d8_nothing_locked_can_not_be_paid(one):
    assert refused(start_group, a_group(one)) == ["没有可缴费的科目。"]


def test_an_order_belongs_to_a_passport_or_a_group_and_never_to_both(one):
    group = a_locked_group(one)
    start_group(group)
    own = Registration.objects.get(passport=one)
    with pytest.raises(IntegrityError, match="an_order_is_a_passports_or_a_groups"), transaction.atomic():
        Order.objects.update(passport=one, registration=own)


# Money that comes late, and faults of a part (D6)


def pay_late(attempt, bank, now):
    bank.facts.pop(attempt.number, None)
    return hear(bank.pay(attempt.number, attempt.amount), now)


def test_d6_d8_money_after_release_pays_what_is_unpaid_still(one, other, bank):
    group = a_locked_group(one, other)
    attempt = start_group(group)
    work(NOW + LASTS)
    release(group, now=NOW + HOUR)
    own = start(other, "1", NOW + HOUR)
    hear(bank.pay(own.number, own.amount), NOW + HOUR)
    pay_late(attempt, bank, NOW + 2 * HOUR)
    assert (states(one), states(other)) == ("1 paid, 4 paid, F paid", "1 paid")
    assert refunds() == [("twice", CENT, "due")]
    assert state(group) == "paid"
    work(NOW + 3 * HOUR)
    assert refunds() == [("twice", CENT, "done")]


def test_d6_d8_money_after_the_entries_ended_takes_seats_again_or_goes_back(stage, one, other, bank):
    group = a_locked_group(one, other)
    attempt = start_group(group)
    work(NOW + LASTS)
    release(group, now=NOW + HOUR)
    registration.expire_entries(NOW + 26 * HOUR)
    stage.set_seats("1", 1)
    pay_late(attempt, bank, NOW + 27 * HOUR)
    assert stage.offering("1").taken == 1
    who_lost = sorted([states(one), states(other)], key=len)
    assert who_lost in (
        ["1 expired", "1 expired, 1 paid, 4 expired, 4 paid, F expired, F paid"],
        ["1 expired, 1 paid", "1 expired, 4 expired, 4 paid, F expired"],
    )
    assert {why for why, _, _ in refunds()} <= {"full", "no_written"}
    work(NOW + 28 * HOUR)
    assert state(group) == "paid"


def test_d6_d8_a_registration_that_ended_gets_its_money_back_to_the_school(one, other, bank):
    group = a_locked_group(one, other)
    attempt = start_group(group)
    work(NOW + LASTS)
    release(group, now=NOW + HOUR)
    registration.expire_entries(NOW + 26 * HOUR)
    registration.expire_registrations(NOW + 40 * HOUR)
    before = len(mails())
    pay_late(attempt, bank, NOW + 41 * HOUR)
    assert [amount for _, amount, _ in refunds()] == [CENT] * 4
    assert {template for template, _ in mails()[before:]} == {"payments/group_returned"}
    assert state(group) == "released"
    for hours in range(42, 47):
        work(NOW + hours * HOUR)
    assert {done for _, _, done in refunds()} == {"done"}


def test_d6_d8_paid_twice_the_second_goes_back_whole(one, bank):
    group = a_locked_group(one)
    first = start_group(group)
    work(NOW + LASTS)
    second = start_group(group, NOW + LASTS)
    hear(bank.pay(second.number, second.amount), NOW + LASTS)
    pay_late(first, bank, NOW + HOUR)
    assert [why for why, _, _ in refunds()] == ["twice"] * 3
    assert (state(group), states(one)) == ("paid", "1 paid, 4 paid, F paid")
    work(NOW + 2 * HOUR)


def test_d6_d8_late_money_for_a_part_leaves_the_rest_locked(one, other, bank):
    group = a_locked_group(one)
    first = start_group(group)
    work(NOW + LASTS)
    services.add_picks(group.id, entries_of(other), TEACHER, NOW + LASTS)
    services.lock_group(group.id, TEACHER, NOW + LASTS)
    pay_late(first, bank, NOW + HOUR)
    assert (state(group), held(group), states(one)) == ("locked", "1", "1 paid, 4 paid, F paid")


def test_d6_late_money_of_a_candidate_pays_an_entry_that_a_group_holds(one, other, bank):
    own = start(one, "1")
    work(NOW + LASTS)
    group = a_locked_group(one, other, now=NOW + LASTS)
    pay_late(own, bank, NOW + HOUR)
    assert states(one) == "1 paid, 4 unpaid, F unpaid"
    assert start_group(group, NOW + HOUR).amount == 3 * CENT


# Several schools, one candidate without an entry


def test_d8_an_empty_group_of_an_empty_registration_is_refused(stage):
    nobody = a_candidate(stage)
    assert refused(a_group, nobody) == ["没有找到可加入的未支付科目。"]
