"""Mails: a letter of the app that asked, as text and as HTML, sent through Django's mail backend."""

import contextlib
import threading
import uuid
from functools import lru_cache
from typing import Any, cast

import jinja2
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.utils import DNS_NAME
from django.template import engines

from baokao.core.outbox import letter
from baokao.core.outbox.failures import ServerAway
from baokao.core.outbox.handlers import handles

_line = threading.local()


@handles("mail")
def send(payload: dict[str, Any], row_id: uuid.UUID) -> None:
    """Send one mail. Sent twice after a crash, it bears the same Message-ID, by which mail programs drop the second.

    Raises `ServerAway` when the mail server can't be reached, and what smtplib raises.
    """
    subject, text = render(payload["template"], payload["context"])
    message = EmailMultiAlternatives(
        subject,
        text,
        to=[payload["to"]],
        headers={"Message-ID": f"<{row_id.hex}@{DNS_NAME}>", "Auto-Submitted": "auto-generated"},
        connection=_connection(),
    )
    message.attach_alternative(dressed(subject, text), "text/html")
    try:
        message.send()
    except BaseException:
        hang_up()
        raise


def render(template: str, context: dict[str, Any]) -> tuple[str, str]:
    """Subject and text of `app/name`, from `<app>/mail/<name>.txt`, with the foot that all mails share."""
    app, _, name = template.partition("/")
    environment = _environment()
    subject, body = letter.split(environment.get_template(f"{app}/mail/{name}.txt").render(letter.flat(context)))
    return subject, f"{body}\n{environment.get_template('core/mail/foot.txt').render().strip()}\n"


def dressed(subject: str, text: str) -> str:
    """The same words as HTML."""
    pages: jinja2.Environment = engines["jinja2"].env  # type: ignore[attr-defined]
    return pages.get_template("core/mail/letter.html").render(subject=subject, paragraphs=letter.paragraphs(text))


def hang_up() -> None:
    """Close this thread's line to the mail server; called after each batch."""
    connection = getattr(_line, "connection", None)
    _line.connection = None
    if connection is not None:
        # Whoever is sent away rudely has still taken the mails before.
        with contextlib.suppress(Exception):
            connection.close()


def _connection() -> BaseEmailBackend:
    """One line to the mail server for a whole batch, since greeting it costs more than a mail."""
    if getattr(_line, "connection", None) is None:
        opened = get_connection()
        try:
            opened.open()
        except Exception as failed:
            raise ServerAway from failed
        _line.connection = opened
    return cast(BaseEmailBackend, _line.connection)


@lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    """The pages' environment without escaping: a text has nothing to escape."""
    environment: jinja2.Environment = engines["jinja2"].env  # type: ignore[attr-defined]
    made = environment.overlay(autoescape=False)
    made.globals = {**made.globals, "way": letter.way, "ways": letter.ways}
    return made
