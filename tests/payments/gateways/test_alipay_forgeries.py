"""Forged notifications (proof b4) and well-signed wrong ones (proof b5): none is believed.

Each kind of forgery has a control: a verifier without the one check believes it, so the forgery is a real one.
"""

import re
from decimal import Decimal
from typing import Any
from urllib.parse import quote_plus, unquote_to_bytes, urlencode

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA1
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from baokao.payments.gateways.alipay import messages, parameters, signing
from baokao.payments.gateways.contract import Fact, Message, Rejected, State
from tests.payments.gateways.alipay import ACCOUNT, PAID, notification, signature, signed, told
from tests.payments.gateways.mutations import Mixtures

GENUINE = signed(PAID)
BODY = urlencode(GENUINE).encode()
REFUND = {"refund_fee": "20.00", "gmt_refund": "2026-11-24 10:00:00.123", "out_biz_no": "20261124R1"}
OTHER_KEY = rsa.generate_private_key(65537, 2048)
names = st.sampled_from(sorted(PAID))
texts = st.text(st.characters(codec="utf-8", exclude_characters="&"), min_size=1, max_size=30)


def believed(message: Message) -> bool:
    return not isinstance(messages.read_notification(ACCOUNT, message), Rejected)


def refused(fields: dict[str, str] | bytes) -> bool:
    return not believed(notification(fields))


@pytest.fixture
def anything_is_signed(monkeypatch):
    """The control: signatures are not asked."""
    monkeypatch.setattr(signing, "verifies", lambda *args: True)


def without(*names: str) -> dict[str, str]:
    return {name: value for name, value in GENUINE.items() if name not in names}


FORGED: dict[str, dict[str, str]] = {
    "unsigned": without("sign") | {"sign": ""},
    "signed by another key": signed(PAID, OTHER_KEY),
    "signature of another message": GENUINE | {"sign": signed(PAID | {"notify_id": "1"})["sign"]},
    "signed with SHA-1": signed(PAID, digest=SHA1()),
    "another amount": GENUINE | {"total_amount": "0.01"},
    "another payment": GENUINE | {"out_trade_no": "REG202611230002"},
    "a field added": GENUINE | {"added": "1"},
    "an empty field added": GENUINE | {"added": ""},
    "a field removed": without("subject"),
    "encoded twice": {name: quote_plus(value) for name, value in GENUINE.items() if name != "sign"}
    | {"sign": GENUINE["sign"]},
}


@pytest.mark.parametrize("fields", FORGED.values(), ids=FORGED)
def test_b4_a_forged_notification_is_refused(fields):
    assert refused(fields)


@pytest.mark.usefixtures("anything_is_signed")
@pytest.mark.parametrize("fields", [fields for name, fields in FORGED.items() if name != "encoded twice"])
def test_b4_control_without_the_signature_each_would_be_believed(fields):
    assert not refused(fields)


def test_b4_a_downgrade_to_sha1_is_refused_in_name_and_in_deed():
    text = signing.joined(PAID, ())
    assert refused(PAID | {"sign_type": "RSA", "sign": signature(text, digest=SHA1())})
    assert refused(PAID | {"sign_type": "RSA2", "sign": signature(text, digest=SHA1())})
    assert refused(PAID | {"sign_type": "RSA", "sign": signature(text)})


@given(names, texts)
@settings(max_examples=200)
def test_b4_no_field_can_be_changed(name, value):
    assume(value != PAID[name])
    assert refused(GENUINE | {name: value})


@given(names)
def test_b4_no_field_can_be_removed(name):
    assert refused(without(name))


@given(st.from_regex(r"[a-z_]{1,12}", fullmatch=True), texts)
def test_b4_no_field_can_be_added(name, value):
    assume(name not in GENUINE)
    assert refused(GENUINE | {name: value})


@given(st.sampled_from(sorted(GENUINE)), st.booleans())
def test_b4_no_field_can_be_doubled(name, before):
    again = urlencode({name: GENUINE[name]}).encode()
    assert refused(again + b"&" + BODY if before else BODY + b"&" + again)


@given(st.integers(0, len(BODY) - 1), st.integers(0, 255), st.sampled_from(["change", "insert", "remove"]))
@settings(max_examples=1000)
def test_b4_no_byte_can_be_changed(place, byte, how):
    rest = BODY[place:] if how == "insert" else BODY[place + 1 :]
    mutated = BODY[:place] + (b"" if how == "remove" else bytes([byte])) + rest
    # `%3a` and `%3A` are two spellings of one message; spelling it otherwise forges nothing.
    assume(spelled_out(mutated) != spelled_out(BODY))
    assert refused(mutated)


def spelled_out(body: bytes) -> list[bytes]:
    return sorted(unquote_to_bytes(piece.replace(b"+", b" ")) for piece in body.split(b"&"))


# Messages that Alipay really sent: what follows from any mixture of them, one of them must have told.
SENT = (
    BODY,
    *(
        told(**changes).body
        for changes in (
            {"out_trade_no": "REG202611230002", "total_amount": "0.01", "trade_no": "2026112322001400110000000002"},
            REFUND,
            {"trade_status": "WAIT_BUYER_PAY", "gmt_payment": None},
        )
    ),
)
MIXTURES = Mixtures(SENT, lambda body: messages.read_notification(ACCOUNT, notification(body)))


def test_b4_what_was_sent_is_believed():
    assert not [one for one in MIXTURES.told if isinstance(one, Rejected)]


def test_b4_mixtures_of_genuine_messages_tell_nothing_new():
    MIXTURES.tell_nothing_new(200)


@pytest.mark.prove
def test_b4_five_thousand_mixtures_tell_nothing_new():
    MIXTURES.tell_nothing_new(5000)


@pytest.mark.usefixtures("anything_is_signed")
def test_b4_control_without_the_signature_a_mixture_is_believed():
    MIXTURES.are_believed()


@given(st.binary(max_size=300))
def test_b4_rubbish_is_refused_without_an_exception(body):
    assert refused(body)


@given(st.text(max_size=400))
def test_b4_a_signature_of_rubbish_is_refused_without_an_exception(sign):
    assume(sign != GENUINE["sign"])
    assert refused(GENUINE | {"sign": sign})


def hidden(marks: dict[str, str]) -> dict[str, str]:
    """A genuine refund's notification, with each mark of the refund hidden in the value of the field before it: the
    signed text is the same."""
    genuine = signed(PAID | marks)
    fields: dict[str, str] = {}
    for name in sorted(genuine):
        if name in marks:
            before = list(fields)[-1]
            fields[before] += f"&{name}={genuine[name]}"
        elif name not in ("sign", "sign_type"):
            fields[name] = genuine[name]
    assert signing.joined(fields, ()) == signing.joined(genuine, ("sign", "sign_type"))
    return fields | {"sign_type": "RSA2", "sign": genuine["sign"]}


# `out_biz_no` stays in sight: the field before it is checked otherwise, and it marks nothing alone.
HIDDEN = hidden({"refund_fee": "20.00", "gmt_refund": "2026-11-24 10:00:00.123"})


def test_b4_a_field_hidden_within_another_is_refused():
    assert not believed(notification(hidden({"gmt_refund": REFUND["gmt_refund"]})))
    assert not believed(notification(HIDDEN))


def test_b4_control_a_reader_that_allows_fields_within_fields_takes_the_refund_for_a_payment(monkeypatch):
    monkeypatch.setattr(parameters, "_FIELD_WITHIN", re.compile(r"(?!)"))
    [found] = messages.read_notification(ACCOUNT, notification(HIDDEN))
    assert isinstance(found, Fact)
    assert found.state is State.PAID


WRONG_AMOUNTS = [
    "0.00",
    "-120.00",
    "1e2",
    "120",
    "120.0",
    "120.000",
    "120,00",
    " 120.00",
    "+120.00",
    "１２０.00",
    "NaN",
    "",
]


@pytest.mark.parametrize("amount", WRONG_AMOUNTS)
def test_b5_a_signed_amount_of_another_form_is_refused(amount):
    rejected = messages.read_notification(ACCOUNT, told(total_amount=amount))
    assert isinstance(rejected, Rejected)
    assert rejected.code == "amount"


@pytest.mark.parametrize("amount", ["119.99", "120.01"])
def test_b5_a_signed_amount_one_fen_off_is_told_as_it_is(amount):
    """Only the caller knows what the payment should be, and must see exactly what was signed."""
    [found] = messages.read_notification(ACCOUNT, told(total_amount=amount))
    assert isinstance(found, Fact)
    assert found.amount == Decimal(amount)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"app_id": "9021000100000002"}, "app"),
        ({"seller_id": "2088000000000098"}, "seller"),
        ({"seller_id": "2088000000000099 "}, "seller"),
        ({"out_trade_no": "REG202611230001 "}, "number"),
        ({"out_trade_no": "REG202611230001\n"}, "number"),
        ({"out_trade_no": "１"}, "number"),
    ],
)
def test_b5_signed_for_somebody_else_is_refused_with_its_reason(changes: dict[str, Any], code):
    rejected = messages.read_notification(ACCOUNT, told(**changes))
    assert isinstance(rejected, Rejected)
    assert (rejected.code, bool(rejected.reason)) == (code, True)
