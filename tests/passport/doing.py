"""Short ways of saying what the tests of accounts do."""

from html import unescape
from re import findall, sub

import pytest
from django.db.models.expressions import RawSQL

from baokao.core.captcha import tokens
from baokao.core.crypto.sealed import unseal
from baokao.core.models import AuditRow, OutboxRow
from baokao.core.outbox import mail, packing
from baokao.core.outbox.write import CONTEXT
from baokao.core.verdict import RefusedError
from baokao.passport.models import Passport

CLIENT = "192.0.2.7"


def refused(function, *args):
    """What the person reads when the function refuses."""
    with pytest.raises(RefusedError) as caught:
        function(*args)
    return [refusal.message for refusal in caught.value.refusals]


def again(passport):
    """The passport as it is kept now."""
    return Passport.objects.get(id=passport.id)


def actions(passport):
    """The audit's actions about the passport after it was registered, in their order.

    A test is one transaction, in which only the number of the command that wrote a row tells the order.
    """
    rows = AuditRow.objects.filter(subject=f"passport:{passport.id.hex}").exclude(action="passport.registered")
    return list(rows.order_by("xact", RawSQL("cmin::text::bigint", [])).values_list("action", flat=True))


def mails(template=""):
    """The mails that are asked for, of one template or of all: to whom, template and context."""
    rows = OutboxRow.objects.filter(kind="mail").order_by(
        "made_at", RawSQL("xmin::text::bigint", []), RawSQL("cmin::text::bigint", [])
    )
    payloads = [packing.unpack(unseal(bytes(row.payload), CONTEXT, row.id.bytes)) for row in rows]
    return [payload for payload in payloads if template in ("", payload["template"])]


def text(payload):
    """Subject and body as they would be sent."""
    return "\n".join(mail.render(payload["template"], payload["context"]))


def link(kind, of=-1):
    """The path of a link (`verify` or `disown`) in the newest mail to an address."""
    return "/passport/" + mails("passport/verify")[of]["context"][kind][0].partition("/passport/")[2]


def with_captcha(purpose, **fields):
    """A form's fields with an answered captcha."""
    return fields | {"captcha": "8888", "captcha_token": tokens.issue(purpose)}


def words(response):
    """What a page says, without its tags."""
    return " ".join(sub("<[^>]+>", " ", unescape(response.content.decode())).split())


def values(response):
    """What stands in the page's fields, by name."""
    inputs = findall(r"<input[^>]*>", response.content.decode())
    found = [(findall(r' name="([^"]*)"', one), findall(r' value="([^"]*)"', one)) for one in inputs]
    return {name[0]: unescape(value[0]) if value else "" for name, value in found if name}
