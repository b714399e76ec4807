"""Forged messages of both payment providers, sent to the site as anybody may send them (b4, b6): none pays, none is
acknowledged, and nothing changes but what is kept as evidence."""

from dataclasses import replace
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from baokao.payments import providers
from baokao.payments.gateways.alipay import signing
from baokao.payments.gateways.alipay.gateway import Alipay
from baokao.payments.gateways.breaker import Breaker
from baokao.payments.gateways.calls import Caller
from baokao.payments.gateways.payease import digests
from baokao.payments.gateways.payease.gateway import PayEase
from tests.attacks.tables import digests as table_digests
from tests.attacks.tables import tables
from tests.payments.doing import attempt_state, start
from tests.payments.gateways import alipay, payease
from tests.payments.gateways.alipay import Script

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded; charset=utf-8"
OTHER_KEY = rsa.generate_private_key(65537, 2048)
EVIDENCE = {"payments_notification"}
# Without asking the operator, so that the message alone has to be refused.
OPERATOR = replace(payease.ACCOUNT, confirms_by_query=False)


@pytest.fixture
def open_attempts(house, monkeypatch):
    """An attempt by each provider, and the real adapters, which can ask nobody."""
    made = {
        "alipay": Alipay(alipay.ACCOUNT, Caller(Script(), Breaker("Alipay"), 1.0)),
        "payease": PayEase(OPERATOR, Caller(Script(), Breaker("PayEase"), 1.0), payease.BANKS),
    }
    people = {"alipay": house.owner, "payease": house.classmate}
    found = {name: start(person.passport, "4", provider=name) for name, person in people.items()}
    monkeypatch.setattr(providers, "configured", lambda: made)
    return found


def of_alipay(attempt, genuine):
    """Forgeries about this attempt by somebody who has seen a genuine message about another."""
    paid = alipay.PAID | {"out_trade_no": attempt.number, "total_amount": f"{attempt.amount:.2f}"}
    seen = alipay.signed(alipay.PAID | {"out_trade_no": genuine})
    signed = alipay.signed(paid)
    return {
        "unsigned": paid,
        "with an empty signature": paid | {"sign_type": "RSA2", "sign": ""},
        "signed by another key": alipay.signed(paid, OTHER_KEY),
        "the genuine one's signature": paid | {"sign_type": "RSA2", "sign": seen["sign"]},
        "the genuine one with this number": seen | {"out_trade_no": attempt.number},
        "the genuine one with this number before it": [("out_trade_no", attempt.number), *seen.items()],
        "the genuine one with this number behind it": [*seen.items(), ("out_trade_no", attempt.number)],
        "this number within another field": seen | {"subject": f"x&out_trade_no={attempt.number}"},
        "signed for another application": alipay.signed(paid | {"app_id": "9021000100000002"}),
        "signed for another seller": alipay.signed(paid | {"seller_id": "2088000000000001"}),
        "a fen less, signed as it was": signed | {"total_amount": "0.00"},
        "downgraded": paid | {"sign_type": "RSA", "sign": signed["sign"]},
        "in two spellings": signed | {"trade_status": "trade_success"},
    }


def of_payease(attempt, genuine):
    """Likewise."""
    paid = payease.PAID | {
        "v_oid": payease.ACCOUNT.order(attempt.number),
        "v_amount": f"{attempt.amount:.2f}",
    }
    signed = paid | payease.proofs(paid)
    other = payease.PAID | {"v_oid": payease.ACCOUNT.order(genuine)}
    seen = other | payease.proofs(other)
    return {
        "unproved": paid,
        "with empty proofs": paid | dict.fromkeys(payease.proofs(paid), ""),
        "by another key": signed | {"v_mac": payease.proofs(paid, "anotherKey012345")["v_mac"]},
        "without the signature": {name: value for name, value in signed.items() if name != "v_sign"},
        "the genuine one's proofs": paid | payease.proofs(other),
        "the genuine one with this number": seen | {"v_oid": paid["v_oid"]},
        "the genuine one with this number behind it": [*seen.items(), ("v_oid", paid["v_oid"])],
        "the genuine one joined by this number": seen | {"v_oid": f"{seen['v_oid']}|_|{paid['v_oid']}", "v_count": "2"},
        "of another amount": signed | {"v_amount": "120.00", "v_md5money": payease.mac("120.000")},
        "refused made paid": paid | payease.proofs(paid | {"v_pstatus": "3"}),
        "signed for another merchant": told(paid | {"v_oid": paid["v_oid"].replace("-888-", "-889-")}),
    }


def told(fields):
    return fields | payease.proofs(fields)


FORGERS = {"alipay": of_alipay, "payease": of_payease}


def sent(provider, fields):
    """The answer to these fields, as the provider would send them."""
    pairs = fields.items() if isinstance(fields, dict) else fields
    if provider == "alipay":
        return Client().post("/pay/notify/alipay/", urlencode(list(pairs)), content_type=FORM)
    query = b"&".join(payease.query({name: value}) for name, value in pairs)
    return Client().get("/pay/notify/payease/", QUERY_STRING=query.decode())


@pytest.mark.parametrize("provider", FORGERS)
def test_b4_no_forgery_that_is_sent_to_the_site_pays(house, open_attempts, provider):
    names = [name for name in tables() if name not in EVIDENCE]
    before = table_digests(names)
    for forgery, fields in FORGERS[provider](open_attempts[provider], house.owner.attempt.number).items():
        answer = sent(provider, fields)
        assert answer.content == {"alipay": b"fail", "payease": b"error"}[provider], forgery
        assert table_digests(names) == before, forgery


@pytest.mark.parametrize("provider", FORGERS)
def test_b4_a_genuine_message_about_it_pays(house, open_attempts, provider):
    """Else the refusals above would prove nothing."""
    attempt = open_attempts[provider]
    if provider == "alipay":
        fields = alipay.PAID | {"out_trade_no": attempt.number, "total_amount": f"{attempt.amount:.2f}"}
        answer = sent(provider, alipay.signed(fields))
    else:
        order = payease.ACCOUNT.order(attempt.number)
        answer = sent(provider, told(payease.PAID | {"v_oid": order, "v_amount": f"{attempt.amount:.2f}"}))
    assert answer.content == {"alipay": b"success", "payease": b"sent"}[provider]
    assert attempt_state(attempt) == "paid"


@pytest.mark.parametrize("provider", FORGERS)
def test_b4_control_without_the_proofs_a_forgery_pays(house, open_attempts, provider, monkeypatch):
    monkeypatch.setattr(signing, "verifies", lambda *_: True)
    monkeypatch.setattr(digests, "proves", lambda *_: True)
    monkeypatch.setattr(digests, "signed", lambda *_: True)
    attempt = open_attempts[provider]
    forgeries = FORGERS[provider](attempt, house.owner.attempt.number)
    sent(provider, forgeries["the genuine one's signature" if provider == "alipay" else "the genuine one's proofs"])
    assert attempt_state(attempt) == "paid"
