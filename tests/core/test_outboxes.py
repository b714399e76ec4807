"""A mail commits with its transaction, leaves at least once, and its address is forgotten after (ways of the house)."""

import uuid
from datetime import timedelta
from decimal import Decimal
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import jinja2
import pytest
from django.core import mail as django_mail
from django.db import transaction

from baokao.core import clock, outbox
from baokao.core.models import OutboxRow
from baokao.core.outbox import deliver, mail, packing
from baokao.core.outbox.handlers import handles

pytestmark = pytest.mark.django_db(transaction=True)

TEMPLATE = "Subject: 通行证 {{ name }} & 报名\n{{ name }}，您好：\n请在 {{ until.year }} 年前缴费 {{ amount }} 元。\n"


@pytest.fixture(autouse=True)
def template(monkeypatch):
    mine = jinja2.DictLoader({"tests/mail/hello.txt": TEMPLATE, "tests/mail/bad.txt": "您好"})
    real = mail._environment()
    environment = real.overlay(loader=jinja2.ChoiceLoader([mine, real.loader]))
    environment.globals = real.globals
    monkeypatch.setattr(mail, "_environment", lambda: environment)


def ask(to: str = "yanming@example.com", **context) -> None:
    words = {"name": "颜<明>", "until": clock.now(), "amount": Decimal("30.00"), **context}
    outbox.send_mail(to, "tests/hello", words, clock.now())


def test_a_mail_goes_out_and_its_payload_is_forgotten():
    ask()
    assert deliver.deliver_batch() == 1
    (sent,) = django_mail.outbox
    assert sent.to == ["yanming@example.com"]
    assert sent.subject == "通行证 颜<明> & 报名"
    assert "缴费 30.00 元" in sent.body
    row = OutboxRow.objects.get()
    assert row.sent_at is not None
    assert row.payload is None
    assert deliver.deliver_batch() == 0


def test_a_rolled_back_transaction_sends_nothing():
    with transaction.atomic():
        ask()
        transaction.set_rollback(True)
    assert deliver.deliver_batch() == 0


def test_the_address_does_not_stand_in_the_table(run_sql):
    ask()
    ((payload,),) = run_sql("SELECT payload FROM core_outbox")
    assert b"yanming" not in bytes(payload)


def test_asking_for_a_mail_is_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        ask()


def test_a_payload_comes_back_as_it_went_in():
    payload = {
        "at": clock.now(),
        "yuan": Decimal("0.10"),
        "id": uuid.uuid4(),
        "list": [{"deep": Decimal("1")}],
        "x": None,
    }
    assert packing.unpack(packing.pack(payload)) == payload
    with pytest.raises(TypeError):
        packing.pack({"object": object()})


def test_a_failed_mail_is_tried_again_later_and_later(monkeypatch):
    ask()
    sends = []

    def fail(self):
        sends.append(self)
        raise SMTPServerDisconnected("yanming@example.com")

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", fail)
    now = clock.now()
    for waited in (0, 14, 16, 20, 31, 100):
        with clock.travel(now + timedelta(seconds=waited)):
            deliver.deliver_batch()
    # At once, 15 s after that or later, and 30 s after that or later.
    assert len(sends) == 3
    row = OutboxRow.objects.get()
    assert row.last_error == "SMTPServerDisconnected", "the class only: a message may quote the address"


def test_waits_double_up_to_an_hour():
    assert [deliver.wait_after(tries).total_seconds() for tries in (1, 2, 3, 9, 50)] == [15, 30, 60, 3600, 3600]


def test_an_address_that_does_not_exist_is_given_up(monkeypatch):
    ask()

    def refused(self):
        raise SMTPRecipientsRefused({"yanming@example.com": (550, b"no such user")})

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", refused)
    deliver.deliver_batch()
    row = OutboxRow.objects.get()
    assert row.given_up_at is not None
    assert row.payload is None


def test_one_bad_mail_does_not_hold_up_the_next():
    outbox.send_mail("a@example.com", "tests/bad", {}, clock.now() - timedelta(seconds=1))
    ask()
    assert deliver.deliver_batch() == 2
    assert len(django_mail.outbox) == 1


def test_a_worker_that_died_with_a_claim_loses_nothing(monkeypatch):
    ask()

    def die(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(deliver, "_carry_out", die)
        with pytest.raises(KeyboardInterrupt):
            deliver.deliver_batch()
    assert deliver.deliver_batch() == 0, "claimed still"
    with clock.travel(clock.now() + deliver.CLAIM + timedelta(seconds=1)):
        assert deliver.deliver_batch() == 1
    assert len(django_mail.outbox) == 1


def test_four_workers_send_each_mail_once(at_once):
    for number in range(40):
        ask(f"a{number}@example.com")
    at_once(4, deliver.deliver_batch, 20)
    while deliver.deliver_batch():
        pass
    assert sorted(message.to[0] for message in django_mail.outbox) == sorted(f"a{n}@example.com" for n in range(40))


def test_another_kind_of_effect_reaches_its_handler():
    seen = []
    handles("tests.look_up")(lambda payload, row_id: seen.append(payload))
    outbox.put("tests.look_up", {"account": "a@example.com"}, clock.now())
    deliver.deliver_batch()
    assert seen == [{"account": "a@example.com"}]


def test_a_name_with_a_line_break_adds_no_header():
    ask(name="x\nBcc: all@example.com")
    deliver.deliver_batch()
    (sent,) = django_mail.outbox
    assert sent.subject == "通行证 x Bcc: all@example.com & 报名"
    assert "Bcc" not in dict(sent.message().items())
