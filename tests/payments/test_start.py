"""去支付: what may be paid, and what is locked while it is (rules D1, D5, C6, C7, B8)."""

from datetime import timedelta

import pytest

from baokao.core.models import AuditRow
from baokao.payments.models import Attempt, Line, Order
from baokao.registration import services as registration
from baokao.registration.models import Entry
from baokao.roster.models import StudentRecord
from tests.cast import NOW, SITTING
from tests.payments.doing import LASTS, enter, start, states
from tests.registration.doing import live, refused
from tests.speaking import a_speaker, set_speaking_stage

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
BUSY = "支付处理中，请稍后再试。"


@pytest.fixture
def passport(bank):
    """Who entered 英语四级笔试, 日语六级笔试 and 英语四级口试."""
    found = a_speaker(set_speaking_stage(), written="14")
    registration.save_speaking(found.id, SITTING, {"F": "993010"}, NOW)
    return found


def test_d1_an_order_has_a_line_for_each_entry_and_their_sum(passport):
    attempt = start(passport, "1F")
    order = Order.objects.get()
    assert (order.amount, attempt.amount, attempt.state, attempt.expires_at) == (
        order.amount,
        order.amount,
        "open",
        NOW + LASTS,
    )
    assert str(order.amount) == "0.02"
    assert sorted(Line.objects.values_list("subject_id", "amount")) == [
        ("1", order.amount / 2),
        ("F", order.amount / 2),
    ]
    assert attempt.number.isalnum()
    assert attempt.number.startswith(f"{NOW + 8 * HOUR:%Y%m%d}")


def test_d5_what_is_being_paid_is_locked_and_nothing_else(passport):
    attempt = start(passport, "1")
    assert set(Entry.objects.filter(locked_by=attempt.id).values_list("subject_id", "lock")) == {("1", "payment")}
    assert Entry.objects.filter(lock="").count() == 2


def test_start_leaves_one_audit_row(passport):
    attempt = start(passport, "14")
    row = AuditRow.objects.get(action="payment.started")
    assert (row.subject, row.detail["subjects"]) == (f"attempt:{attempt.id}", ["1", "4"])


@pytest.mark.parametrize("codes", ["", "5", "X"])
def test_d1_nothing_that_could_be_paid_is_refused(passport, codes):
    assert refused(start, passport, codes) == ["请至少勾选一个未支付的科目。"]


def test_d1_c7_speaking_is_not_paid_without_its_written_entry(passport):
    assert refused(start, passport, "4F") == ["口试须与英语四级笔试一起支付，或在其支付之后支付。"]
    Entry.objects.filter(subject_id="1").update(state="paid")
    assert start(passport, "F").amount > 0


def test_d5_a_payment_begins_only_before_the_hold_ends(passport):
    assert refused(start, passport, "1", NOW + 24 * HOUR) == ["已超过支付时间，科目将被系统自动删除。"]
    assert start(passport, "1", NOW + 24 * HOUR - timedelta(seconds=1)).amount > 0


def test_b8_what_was_restricted_since_is_not_paid(passport):
    StudentRecord.objects.update(subjects_restricted="4", restriction_reason="违规")
    assert refused(start, passport, "4") == ["已被限制报考：违规。"]
    assert start(passport, "1").amount > 0


def test_b2_a_new_agreement_is_asked_for_before(passport):
    from baokao.core.brief import forget_all
    from baokao.exams.models import Agreement

    Agreement.objects.create(sitting_id=SITTING, version=2, label="第2版", body="新版")
    forget_all()
    assert refused(start, passport, "1") == ["请先阅读并同意报名协议。"]


def test_d5_an_entry_that_is_being_paid_is_not_paid_a_second_time(passport):
    start(passport, "1")
    assert refused(start, passport, "14") == [BUSY]
    assert Attempt.objects.count() == 1


def test_c6_an_entry_that_is_being_paid_can_not_be_given_up(passport):
    start(passport, "14")
    assert refused(enter, passport, "1") == [BUSY]
    assert live(passport) == "14F"


def test_c7_nor_can_a_written_entry_whose_speaking_entry_is_being_paid(passport):
    Entry.objects.filter(subject_id="1").update(state="paid")
    start(passport, "F")
    Entry.objects.filter(subject_id="1").update(state="unpaid")
    found = refused(registration.save_entries, passport.id, SITTING, frozenset("4"), NOW, frozenset("F"))
    assert found == [BUSY]


def test_d5_an_entry_that_is_being_paid_does_not_expire(passport):
    start(passport, "1", NOW + 24 * HOUR - timedelta(minutes=1))
    assert registration.expire_entries(NOW + 25 * HOUR) == 2
    assert states(passport) == "1 unpaid, 4 expired, F expired"


def test_c7_a_written_entry_does_not_expire_while_its_speaking_entry_is_locked(passport):
    Entry.objects.filter(subject_id="1").update(state="paid")
    start(passport, "F", NOW + 24 * HOUR - timedelta(minutes=1))
    Entry.objects.filter(subject_id="1").update(state="unpaid")
    assert registration.expire_entries(NOW + 25 * HOUR) == 1
    assert states(passport) == "1 unpaid, 4 expired, F unpaid"


def test_c5_nobody_is_warned_of_what_is_being_paid(passport):
    start(passport, "14F")
    assert registration.warn_of_entries(NOW + 23 * HOUR) == 0
