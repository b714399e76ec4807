"""信息占用: a stranger's passport holds a student's record, and the school releases it (rule B10)."""

from datetime import timedelta
from functools import cache
from io import BytesIO

import pytest
from PIL import Image

from baokao.core.models import AuditRow, OutboxRow
from baokao.core.outbox.mail import render
from baokao.core.verdict import RefusedError
from baokao.payments import services as payments
from baokao.registration import services
from baokao.registration.models import Entry, Registration, Release
from baokao.review.evidence import pages_of
from baokao.roster.models import StudentRecord
from tests.cast import NOW, SITTING, a_passport, agreed
from tests.payments.bank import Bank
from tests.payments.doing import hear, refunds, start, work
from tests.payments.grouping import a_locked_group
from tests.registration.doing import live, mails, refused, taken
from tests.review.scans import a_scan, pdf
from tests.speaking import OWN, a_speaker, set_speaking_stage

pytestmark = pytest.mark.django_db

TEACHER = "staff:00000000000000000000000000000007"
HOUR = timedelta(hours=1)


@pytest.fixture
def bank(monkeypatch):
    made = Bank()
    monkeypatch.setattr("baokao.payments.providers.configured", lambda: {"alipay": made})
    return made


@pytest.fixture
def stage(bank):
    return set_speaking_stage()


@pytest.fixture
def stranger(stage):
    """Who holds the record, with a written and a speaking entry."""
    found = a_speaker(stage)
    services.save_speaking(found.id, SITTING, {"F": OWN}, NOW)
    return found


@pytest.fixture
def owner(stage):
    """Whose record it is."""
    return agreed(a_passport("owner@example.com"))


@cache
def proof():
    """A picture and a document of two pages, as they are handed in."""
    return pages_of([a_scan(), a_scan(pdf(2), "学生证.pdf")])


def release(stranger, account="Owner@example.com", reason="本人持学生证到场核验", now=NOW):
    registration = Registration.objects.get(passport=stranger, state="live")
    return services.release_registration(registration.id, account, reason, proof(), TEACHER, "王老师", now)


def test_b10_a_release_frees_record_passport_and_seats(stage, stranger, owner):
    release(stranger)
    assert Registration.objects.get().state == "released"
    assert set(Entry.objects.values_list("state", flat=True)) == {"cancelled"}
    assert (taken(stage, "1"), taken(stage, "F")) == (0, 0)
    record = StudentRecord.objects.get()
    services.save_registration(owner.id, record.id, NOW)
    assert Registration.objects.get(state="live").passport_id == owner.id


def test_b10_both_sides_are_mailed_and_the_stranger_learns_no_name_and_no_number(stranger, owner):
    before = OutboxRow.objects.count()
    release(stranger)
    told = dict(mails()[before:])
    assert set(told) == {"registration/released_from_holder", "registration/released_for_owner"}
    record = StudentRecord.objects.get()
    text = str(render("registration/released_from_holder", told["registration/released_from_holder"]))
    assert record.name not in text
    assert record.id_number not in text
    assert record.student_no == "" or record.student_no not in text


def test_b10_reason_and_proof_are_kept_and_the_audit_names_neither(stranger, owner):
    found = release(stranger)
    kept = Release.objects.get(id=found.id)
    assert (kept.reason, kept.released_by, kept.passport_id) == ("本人持学生证到场核验", TEACHER, owner.id)
    assert [Image.open(BytesIO(page)).format for page in kept.pages] == ["JPEG"] * 3
    assert kept.pages == [page.jpeg for page in proof()]
    assert kept.pages[0] not in bytes(kept.proof_sealed)
    row = AuditRow.objects.get(action="registration.released")
    record = StudentRecord.objects.get()
    assert row.detail == {"release": str(found.id), "record": str(record.id), "entries": 2, "pages": 3}


def test_b10_a_paid_registration_is_not_released(stranger, owner, bank):
    attempt = start(stranger, "1")
    hear(bank.pay(attempt.number, attempt.amount))
    assert refused(release, stranger) == ["该报名信息已有支付成功的科目，不能释放。"]
    with pytest.raises(RefusedError) as caught:
        release(stranger)
    assert "改绑" in caught.value.first.remedy
    assert live(stranger) == "1F"


def test_b10_not_while_a_payment_is_under_way(stranger, owner):
    start(stranger, "1F")
    assert refused(release, stranger) == ["占用方正在支付，暂时不能释放。"]


def test_b10_d8_not_while_a_group_payment_holds_it(stranger, owner):
    a_locked_group(stranger)
    assert refused(release, stranger) == ["该报名信息的科目已被集体缴费锁定。"]


def test_b10_d6_money_that_comes_after_a_release_goes_back(stranger, owner, bank):
    attempt = start(stranger, "1")
    assert payments.end_for_another([attempt], NOW) == {"ended"}
    release(stranger)
    bank.facts.pop(attempt.number, None)
    hear(bank.pay(attempt.number, attempt.amount), NOW + HOUR)
    assert [why for why, _, _ in refunds()] == ["no_registration"]
    work(NOW + HOUR)


@pytest.mark.parametrize(
    ("account", "reason", "message"),
    [
        ("nobody@example.com", "核验", "没有这个通行证账号。"),
        ("", "核验", "没有这个通行证账号。"),
        ("owner@example.com", "  ", "请填写释放原因。"),
    ],
)
def test_b10_without_an_account_or_a_reason_nothing_is_released(stranger, owner, account, reason, message):
    assert refused(release, stranger, account, reason) == [message]
    assert live(stranger) == "1F"


def test_b10_without_a_proof_nothing_is_released(stranger, owner):
    found = Registration.objects.get(passport=stranger)
    said = refused(services.release_registration, found.id, owner.account, "核验", [], TEACHER, "王老师", NOW)
    assert said == ["请上传证明材料。"]
    assert live(stranger) == "1F"


def test_b10_not_to_the_account_that_holds_it(stranger, owner):
    assert refused(release, stranger, stranger.account) == ["该账号就是占用报名信息的账号。"]


def test_b10_a_registration_is_released_once(stranger, owner):
    found = Registration.objects.get(passport=stranger)
    release(stranger)
    again = refused(
        services.release_registration, found.id, owner.account, "核验", proof(), TEACHER, "王老师", NOW
    )  # fmt: skip
    assert again == ["该考生的报名信息不存在或已结束。"]
