"""Mails: a text template of the app that asked, sent through Django's mail backend."""

import threading
import uuid
from functools import lru_cache
from typing import Any, cast

import jinja2
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.utils import DNS_NAME
from django.template import engines

from baokao.core.outbox.handlers import handles

_SUBJECT = "Subject: "
_line = threading.local()


@handles("mail")
def send(payload: dict[str, Any], row_id: uuid.UUID) -> None:
    """Send one mail. Sent twice after a crash, it bears the same Message-ID, by which mail programs drop the second."""
    subject, body = render(payload["template"], payload["context"])
    message = EmailMessage(
        subject,
        body,
        to=[payload["to"]],
        headers={"Message-ID": f"<{row_id.hex}@{DNS_NAME}>", "Auto-Submitted": "auto-generated"},
        connection=_connection(),
    )
    try:
        message.send()
    except BaseException:
        hang_up()
        raise


def render(template: str, context: dict[str, Any]) -> tuple[str, str]:
    """Subject and body of `app/name`, from `<app>/mail/<name>.txt`. Text, so that nothing is escaped for HTML."""
    app, _, name = template.partition("/")
    text = _environment().get_template(f"{app}/mail/{name}.txt").render(context)
    first, _, body = text.partition("\n")
    if not first.startswith(_SUBJECT):
        raise ValueError(f"the first line of {app}/mail/{name}.txt is no subject")
    return first.removeprefix(_SUBJECT).strip(), body.strip("\n") + "\n"


def hang_up() -> None:
    """Close this thread's line to the mail server; called after each batch."""
    connection = getattr(_line, "connection", None)
    _line.connection = None
    if connection is not None:
        connection.close()


def _connection() -> BaseEmailBackend:
    """One line to the mail server for a whole batch, since greeting it costs more than a mail."""
    if getattr(_line, "connection", None) is None:
        _line.connection = get_connection()
        _line.connection.open()
    return cast(BaseEmailBackend, _line.connection)


@lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    environment: jinja2.Environment = engines["jinja2"].env  # type: ignore[attr-defined]
    return environment.overlay(autoescape=False)
