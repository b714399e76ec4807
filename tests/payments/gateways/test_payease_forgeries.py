"""Forged notifications of PayEase (proof b4) and well-signed wrong ones (proof b5): none is believed.

The digests cover neither a field that PayEase doesn't send nor how something is spelled, so what is asked of a mutation
is: it is refused, or it tells exactly what the genuine message told. Controls take one check away.
"""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from baokao.payments.gateways.contract import Message, Rejected
from baokao.payments.gateways.payease import digests, messages
from tests.payments.gateways.mutations import Mixtures
from tests.payments.gateways.payease import (
    ACCOUNT,
    KEY,
    PAID,
    TWO,
    as_variant_b,
    mac,
    notification,
    proofs,
    query,
    returned,
    sign,
    told,
)

GENUINE, BOTH = PAID | proofs(PAID), TWO | proofs(TWO)
BODY = query(BOTH)
FACTS = messages.read_notification(ACCOUNT, notification(BOTH))
UNSIGNED = replace(ACCOUNT, public_key=None)
names = st.sampled_from(sorted(BOTH))
texts = st.text(st.characters(codec="gbk"), max_size=30)


def refused(fields: dict[str, str] | bytes, account=ACCOUNT) -> bool:
    return isinstance(messages.read_notification(account, notification(fields)), Rejected)


def code(message: Message) -> str:
    found = messages.read_notification(ACCOUNT, message)
    assert isinstance(found, Rejected)
    assert found.reason
    return found.code


def without(name: str) -> dict[str, str]:
    return {key: value for key, value in GENUINE.items() if key != name}


CHEAPER = PAID | {"v_amount": "0.01"}
FORGED = {
    "without a digest": GENUINE | {"v_mac": ""},
    "by another key": PAID | proofs(PAID, "examSandboxKey17") | {"v_sign": GENUINE["v_sign"]},
    "another amount": GENUINE | {"v_amount": "0.01"},
    "another amount with its own money digest": GENUINE | {"v_amount": "0.01", "v_md5money": mac("0.010")},
    "another order": GENUINE | {"v_oid": "20261123-888-REG0009"},
    "rejected made paid": PAID | proofs(PAID | {"v_pstatus": "3"}),
    "two orders made one": GENUINE | {"v_count": "2"},
    "signature of another amount": GENUINE | {"v_sign": proofs(CHEAPER)["v_sign"]},
    "encoded twice": query(GENUINE).replace(b"%", b"%25").replace(b"v_mac=", b"v_mac=%30"),
}


@pytest.fixture
def anything_is_proved(monkeypatch):
    """The control: digests and signatures are not asked."""
    monkeypatch.setattr(digests, "proves", lambda *args: True)
    monkeypatch.setattr(digests, "signed", lambda *args: True)


@pytest.mark.parametrize("fields", FORGED.values(), ids=FORGED)
def test_b4_a_forged_notification_is_refused(fields):
    assert refused(fields)


@pytest.mark.usefixtures("anything_is_proved")
@pytest.mark.parametrize("fields", [fields for name, fields in FORGED.items() if "made one" not in name])
def test_b4_control_without_the_proofs_each_would_be_believed(fields):
    assert not refused(fields)


@pytest.mark.parametrize("name", sorted(GENUINE))
def test_b4_no_field_can_be_left_out(name):
    assert refused(without(name))


def test_b4_the_signature_of_a_return_that_says_submitted_is_none_of_a_payment():
    """`1` means «submitted» in a return; its signature is even that of a paid order in an answer to a question."""
    message = PAID["v_oid"] + "1" + PAID["v_amount"] + "0"
    assert refused(GENUINE | {"v_sign": sign(message)})


def test_b4_the_money_digest_of_one_order_fits_another_so_the_signature_must_tie_them():
    """Who once saw a payment of this amount could dress another order in its digest. Without the key file the adapter
    can't see that, and so has the operator asked (`confirm`)."""
    forged = told(v_amount="120.00").query.decode().replace(GENUINE["v_sign"], "00" * 128)
    assert refused(forged.encode())
    assert not refused(forged.encode(), UNSIGNED)


@given(names, texts)
@settings(max_examples=100, deadline=None)
def test_b4_no_field_can_be_changed(name, value):
    assume(value.lower() != BOTH[name].lower())
    assert refused(BOTH | {name: value})


@given(st.from_regex(r"v_[a-z]{1,12}", fullmatch=True), texts)
@settings(max_examples=50, deadline=None)
def test_b4_a_field_that_is_added_tells_nothing(name, value):
    assume(name not in BOTH)
    assert messages.read_notification(ACCOUNT, notification(BOTH | {name: value})) == FACTS


@given(names, st.booleans())
@settings(deadline=None)
def test_b4_no_field_can_be_doubled(name, before):
    again = query({name: BOTH[name]})
    assert refused(again + b"&" + BODY if before else BODY + b"&" + again)


mutations = given(st.integers(0, len(BODY) - 1), st.integers(0, 255), st.sampled_from(["change", "insert", "remove"]))


@mutations
@settings(max_examples=200, deadline=None)
def test_b4_a_mutation_is_refused_or_tells_the_same(place, byte, how):
    refused_or_the_same(place, byte, how)


@pytest.mark.prove
@mutations
@settings(max_examples=5000, deadline=None)
def test_b4_of_five_thousand_mutations_each_is_refused_or_tells_the_same(place, byte, how):
    refused_or_the_same(place, byte, how)


def refused_or_the_same(place, byte, how):
    rest = BODY[place:] if how == "insert" else BODY[place + 1 :]
    mutated = BODY[:place] + (b"" if how == "remove" else bytes([byte])) + rest
    found = messages.read_notification(ACCOUNT, notification(mutated))
    assert isinstance(found, Rejected) or found == FACTS


def test_b4_control_the_same_mutation_is_believed_without_the_signature_and_the_digests(anything_is_proved):
    mutated = BODY.replace(b"120.00", b"120.01")
    assert messages.read_notification(ACCOUNT, notification(mutated)) not in ([], FACTS)


# Messages that the operator really sent: what follows from any mixture of them, one of them must have told.
SENT = (BODY, query(GENUINE), told(v_oid="20261123-888-REG0009", v_amount="0.01").query, told(v_pstatus="3").query)
MIXTURES = Mixtures(SENT, lambda body: messages.read_notification(ACCOUNT, notification(body)))


def test_b4_what_was_sent_is_believed():
    assert not [one for one in MIXTURES.told if isinstance(one, Rejected)]


def test_b4_mixtures_of_genuine_messages_tell_nothing_new():
    MIXTURES.tell_nothing_new(200)


@pytest.mark.prove
def test_b4_five_thousand_mixtures_tell_nothing_new():
    MIXTURES.tell_nothing_new(5000)


@pytest.mark.usefixtures("anything_is_proved")
def test_b4_control_without_the_proofs_a_mixture_is_believed():
    MIXTURES.are_believed()


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_b4_rubbish_is_refused_without_an_exception(body):
    assert refused(body)


@given(names, st.binary(max_size=60))
@settings(deadline=None)
def test_b4_rubbish_in_a_field_is_refused_without_an_exception(name, value):
    escaped = "".join(f"%{byte:02X}" for byte in value)
    assume(value.lower() != BOTH[name].encode("gbk").lower())
    assert refused(query({key: told for key, told in BOTH.items() if key != name}) + f"&{name}={escaped}".encode())


# What is right in every letter and wrong (b5)


@pytest.mark.parametrize(
    "amount", ["0.00", "-120.00", "1e2", "120", "120.0", "120.000", "+120.00", "NaN", "", "1234567890.00"]
)
def test_b5_a_signed_amount_of_another_form_is_refused(amount):
    assert code(told(v_amount=amount)) == "amount"


@pytest.mark.parametrize("amount", ["119.99", "120.01"])
def test_b5_a_signed_amount_one_fen_off_is_told_as_it_is(amount):
    """Only the caller knows what the payment should be, and must see exactly what was signed."""
    [found] = messages.read_notification(ACCOUNT, told(v_amount=amount))
    assert found.amount == Decimal(amount)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"v_oid": "20261123-889-REG0001"}, "number"),
        ({"v_oid": "20261123-888-REG-0001"}, "number"),
        ({"v_oid": "20261123-888-"}, "number"),
        ({"v_oid": "20261123-888-" + "A" * 21}, "number"),
        ({"v_oid": "2026112-888-REG0001"}, "number"),
        ({"v_moneytype": "1"}, "currency"),
        ({"v_moneytype": "00"}, "currency"),
        ({"v_pstatus": "20"}, "state"),
        ({"v_pstatus": "2"}, "state"),
        ({"v_pstatus": "01"}, "state"),
        ({"v_count": "0"}, "count"),
        ({"v_count": "5"}, "count"),
        ({"v_count": "01"}, "count"),
        ({"v_count": "2"}, "count"),
    ],
)
def test_b5_signed_and_not_what_we_know_is_refused_with_its_reason(changes, expected):
    assert code(told(**changes)) == expected


def test_b5_one_order_twice_in_one_message_is_refused():
    twice = {name: f"{PAID[name]}|_|{PAID[name]}" for name in PAID} | {"v_count": "2"}
    assert code(told(**twice)) == "number"


def test_b5_one_wrong_part_spoils_the_whole_message():
    wrong = TWO | {"v_amount": "120.00|_|0.00"}
    assert code(notification(wrong | proofs(wrong))) == "amount"


# Spellings, and what a request may look like


@pytest.mark.parametrize("lower", [False, True])
def test_the_digest_over_the_text_as_encoded_is_believed_whatever_the_case_of_its_escapes(lower):
    assert messages.read_notification(ACCOUNT, notification(as_variant_b(TWO, lower))) == FACTS


def test_a_message_encoded_twice_with_the_digest_over_the_once_decoded_is_believed():
    once = query({name: TWO[name] for name in ("v_pmode", "v_pstring")}).decode()
    twice = once.replace("%", "%25")
    rest = {name: value for name, value in BOTH.items() if name not in ("v_pmode", "v_pstring")}
    assert messages.read_notification(ACCOUNT, notification(query(rest) + b"&" + twice.encode())) == FACTS


def test_digests_in_capitals_are_believed():
    assert not refused(GENUINE | {"v_mac": GENUINE["v_mac"].upper(), "v_md5money": GENUINE["v_md5money"].upper()})


def test_two_keys_are_believed_while_one_is_changed_for_the_other():
    rotating = replace(ACCOUNT, keys=(b"another1another1", KEY.encode()))
    assert not refused(GENUINE, rotating)
    assert refused(GENUINE, replace(ACCOUNT, keys=(b"another1another1",)))


@pytest.mark.parametrize(
    "message",
    [
        Message("HEAD", query(GENUINE), b""),
        Message("GET", query(GENUINE), b"x=1"),
        Message("POST", query(GENUINE), query(GENUINE)),
    ],
)
def test_a_request_of_another_kind_is_refused(message):
    assert code(message) == "method"


def test_d10_a_huge_message_and_one_of_many_fields_are_refused_before_any_digest(monkeypatch):
    monkeypatch.setattr(digests, "proves", lambda *args: pytest.fail("asked"))
    assert refused(query(GENUINE) + b"&x=" + b"1" * 20_000)
    assert refused(query(GENUINE) + b"".join(b"&x%d=1" % n for n in range(60)))


@pytest.mark.parametrize("status", ["1", "20", "30"])
def test_d3_a_return_tells_only_which_payment_it_is_of(status):
    assert messages.read_return(ACCOUNT, returned(v_pstatus=status)) == "20261123REG0001"


@pytest.mark.parametrize("changes", [{"v_pstatus": "3"}, {"v_oid": "20261123-1-REG0001"}])
def test_a_return_that_is_not_of_ours_is_refused(changes):
    assert isinstance(messages.read_return(ACCOUNT, returned(**changes)), Rejected)


def test_b4_a_forged_return_is_refused():
    genuine = returned()
    assert isinstance(
        messages.read_return(ACCOUNT, Message("GET", genuine.query.replace(b"REG0001", b"REG0002"), b"")), Rejected
    )
    assert isinstance(messages.read_return(ACCOUNT, Message("POST", b"", genuine.query)), Rejected)
