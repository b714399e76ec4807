"""The demonstration's mail catcher, spoken to as Django speaks to a mail server."""

import smtplib
import socket
from datetime import UTC, datetime, timedelta

import pytest
from django.core.mail import EmailMessage, get_connection

from baokao.sandbox import mailbox, smtp


@pytest.fixture
def catcher(tmp_path):
    with smtp.catching(0, tmp_path / "mail") as server:
        yield server


def send(catcher, subject="验证邮箱", body="请点击 http://localhost:8000/x?a=1，谢谢", to="yan@example.com"):
    host, port = catcher.server_address
    connection = get_connection("django.core.mail.backends.smtp.EmailBackend", host=host, port=port, timeout=5)
    EmailMessage(subject, body, "CET <no-reply@baokao.invalid>", [to], connection=connection).send()


def test_a_mail_is_kept_and_its_link_found(catcher):
    send(catcher)
    [listed] = mailbox.newest(catcher.folder)
    assert (listed.to, listed.subject) == ("yan@example.com", "验证邮箱")
    read = mailbox.one(catcher.folder, listed.id)
    assert read.body.strip() == "请点击 http://localhost:8000/x?a=1，谢谢"
    assert read.links == ("http://localhost:8000/x?a=1",)


def test_a_line_that_begins_with_a_dot_stays_as_it_was(catcher):
    send(catcher, body="one\n.two\n..three\n")
    [listed] = mailbox.newest(catcher.folder)
    assert mailbox.one(catcher.folder, listed.id).body.splitlines() == ["one", ".two", "..three"]


def test_newest_first_and_the_oldest_go(tmp_path, monkeypatch):
    monkeypatch.setattr(mailbox, "KEPT", 3)
    began = datetime(2026, 9, 20, tzinfo=UTC)
    for number in range(5):
        raw = f"Subject: {number}\r\n\r\nx\r\n".encode()
        mailbox.keep(tmp_path, raw, ["a@example.com"], began + timedelta(seconds=number))
    assert [mail.subject for mail in mailbox.newest(tmp_path)] == ["4", "3", "2"]


@pytest.mark.parametrize("mail_id", ["", "..", "../secret", "20260920000000-000000-00000000", "x" * 300])
def test_an_id_that_is_none_finds_nothing(tmp_path, mail_id):
    assert mailbox.one(tmp_path, mail_id) is None


def test_nonsense_is_answered_and_a_broken_off_mail_is_not_kept(catcher):
    with smtplib.SMTP(*catcher.server_address, timeout=5) as talk:
        assert talk.docmd("VRFY", "x")[0] == 502
        assert talk.docmd("DATA")[0] == 503
    with socket.create_connection(catcher.server_address, timeout=5) as talk:
        talk.sendall(b"HELO x\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\nDATA\r\nSubject: half\r\n")
    assert mailbox.newest(catcher.folder) == []
