"""Awaited mails first, so many a minute, and none held up by another's trouble."""

from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused, SMTPServerDisconnected

import pytest

from baokao.core import clock, outbox
from baokao.core.models import OutboxRow
from baokao.core.outbox import Urgency, deliver, handlers, mail
from baokao.core.outbox.deliver import Lane
from baokao.core.outbox.failures import ServerAway, is_final

pytestmark = pytest.mark.django_db(transaction=True)


class Sent(list):
    """Addresses that were reached; `trouble` is what an address meets instead."""

    def __init__(self):
        super().__init__()
        self.trouble = {}

    def __call__(self, payload, row_id):
        if payload["to"] in self.trouble:
            raise self.trouble[payload["to"]]
        self.append(payload["to"])


@pytest.fixture
def sent(monkeypatch):
    """In place of the mail server."""
    found = Sent()
    monkeypatch.setitem(handlers._handlers, "mail", found)
    return found


def ask(to, urgency=Urgency.USUAL):
    context = {"sitting": "2017年下半年CET考试", "ended_at": clock.now()}
    outbox.send_mail(to, "registration/empty_ended", context, clock.now(), urgency)


def waiting():
    return OutboxRow.objects.filter(sent_at=None, given_up_at=None).count()


def test_who_waits_for_a_mail_comes_before_bulk(sent):
    for number in range(30):
        ask(f"bulk{number}@example.com", Urgency.BULK)
    ask("usual@example.com")
    ask("awaited@example.com", Urgency.AWAITED)
    deliver.deliver_batch(3)
    assert sent[:2] == ["awaited@example.com", "usual@example.com"]


def test_each_lane_takes_its_own(sent):
    ask("usual@example.com")
    ask("awaited@example.com", Urgency.AWAITED)
    sent.trouble["failing@example.com"] = SMTPServerDisconnected()
    ask("failing@example.com")
    deliver.deliver_batch(lane=Lane.AWAITED)
    assert sent == ["awaited@example.com"]
    deliver.deliver_batch(lane=Lane.FIRST)
    assert sent == ["awaited@example.com", "usual@example.com"]
    sent.trouble.clear()
    with clock.travel(clock.now() + timedelta(minutes=1)):
        assert deliver.deliver_batch(lane=Lane.FIRST) == 0
        deliver.deliver_batch(lane=Lane.AGAIN)
    assert sent[-1] == "failing@example.com"


def test_a_minute_s_mails_are_bounded_and_the_rest_waits_without_a_try(sent, settings):
    settings.MAIL_PER_MINUTE, settings.MAIL_BURST = 60, 10
    for number in range(30):
        ask(f"a{number}@d{number}.example.com")
    now = clock.now()
    with clock.travel(now):
        deliver.deliver_batch(30)
        assert len(sent) == 10
    assert set(OutboxRow.objects.filter(sent_at=None).values_list("tries", flat=True)) == {0}
    for second in range(2, 62):
        with clock.travel(now + timedelta(seconds=second)):
            deliver.deliver_batch(30)
    assert waiting() == 0


def test_mails_that_somebody_waits_for_have_a_part_of_the_rate(sent, settings):
    settings.MAIL_PER_MINUTE, settings.MAIL_BURST = 60, 60
    for number in range(70):
        ask(f"a{number}@d{number}.example.com", Urgency.BULK)
    now = clock.now()
    with clock.travel(now):
        deliver.deliver_batch(100)
        assert len(sent) == 48
        ask("awaited@example.com", Urgency.AWAITED)
        deliver.deliver_batch(100)
    assert sent[-1] == "awaited@example.com"


def test_a_domain_that_had_enough_stands_back_for_others(sent, settings):
    settings.MAIL_DOMAIN_PER_MINUTE, settings.MAIL_BURST = 5, 200
    for number in range(10):
        ask(f"a{number}@QQ.com" if number % 2 else f"a{number}@qq.com")
    ask("b@163.com")
    deliver.deliver_batch(20)
    assert len([to for to in sent if to.lower().endswith("@qq.com")]) == 5
    assert "b@163.com" in sent


def test_one_slow_recipient_does_not_hold_up_the_rest_twice(sent):
    sent.trouble["slow@example.com"] = TimeoutError()
    ask("slow@example.com")
    ask("quick@example.com")
    deliver.deliver_batch(lane=Lane.FIRST)
    assert sent == ["quick@example.com"]
    assert OutboxRow.objects.get(sent_at=None).last_error == "TimeoutError"
    with clock.travel(clock.now() + timedelta(hours=1)):
        assert deliver.deliver_batch(lane=Lane.FIRST) == 0


def test_while_the_mail_server_is_away_one_row_is_tried_and_the_rest_let_go(monkeypatch):
    for number in range(5):
        ask(f"a{number}@example.com")

    def away():
        raise ServerAway

    monkeypatch.setattr(mail, "_connection", away)
    assert deliver.deliver_batch() == 0
    assert sorted(OutboxRow.objects.values_list("tries", flat=True)) == [0, 0, 0, 0, 1]


def test_a_server_that_refuses_to_talk_is_away(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 1
    ask("a@example.com")
    deliver.deliver_batch()
    assert OutboxRow.objects.get().last_error == "ServerAway"


def test_a_row_that_kills_its_worker_is_given_up(sent):
    ask("poison@example.com")
    OutboxRow.objects.update(tries=deliver.MOST_TRIES)
    deliver.deliver_batch()
    row = OutboxRow.objects.get()
    assert (row.last_error, row.payload, sent) == ("Poison", None, [])


@pytest.mark.parametrize(
    ("error", "final"),
    [
        (SMTPRecipientsRefused({"a": (550, b"5.1.1 no such user")}), True),
        (SMTPRecipientsRefused({"a": (552, b"mailbox full")}), True),
        (SMTPRecipientsRefused({"a": (450, b"4.2.0 greylisted")}), False),
        (SMTPRecipientsRefused({"a": (550, b"5.7.1 relaying denied")}), False),
        (SMTPRecipientsRefused({"a": (530, b"authenticate first")}), False),
        (SMTPDataError(554, b"5.6.0 refused content"), True),
        (SMTPDataError(554, b"5.7.1 rejected for policy"), False),
        (SMTPDataError(451, b"try again"), False),
        (SMTPSenderRefused(553, b"sender", "x"), False),
        (SMTPServerDisconnected(), False),
        (TimeoutError(), False),
        (KeyError("no such kind"), False),
    ],
)
def test_what_is_final_and_what_passes(error, final):
    assert is_final(error) is final


def test_what_is_asked_for_once_is_asked_for_once():
    asked = [
        outbox.send_mail("a@example.com", "registration/empty_ended", {}, clock.now(), once="this one")
        for _ in range(2)
    ]
    assert asked == [True, False]
    assert OutboxRow.objects.count() == 1
