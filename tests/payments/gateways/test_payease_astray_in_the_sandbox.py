"""What goes wrong at the sandbox's PayEase, as its adapter sees it: forged, spoiled and lost messages and answers.

The adapter is made of the environment that a demonstration hands to the site, so those settings are shown to fit, too.
"""

import urllib.request
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlencode, urlsplit

import pytest

from baokao.config import payease as read_setting
from baokao.config.rsa import numbered_key
from baokao.payments.gateways.breaker import Breaker
from baokao.payments.gateways.calls import Caller
from baokao.payments.gateways.contract import LineKind, Message, Payment, Rejected, State, Unknown
from baokao.payments.gateways.http import Wire
from baokao.payments.gateways.payease.account import Account
from baokao.payments.gateways.payease.gateway import PayEase
from baokao.sandbox.provider import demonstration
from baokao.sandbox.provider.payease.desk import Desk
from baokao.sandbox.provider.server import serving
from baokao.sandbox.provider.site import Site
from tests.payments.gateways.today import TODAY, now
from tests.site import free_port

AMOUNT, PART = Decimal("120.00"), Decimal("20.00")
NUMBER, OTHER = (f"{TODAY:%Y%m%d}{serial}" for serial in ("A1b2C3d4E5f6A1b2C3d4", "FFFFFFFFFFFFFFFFFFFF"))


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """The folder with the demonstration's keys, which take a second to make."""
    return tmp_path_factory.mktemp("demonstration")


@pytest.fixture
def desk(data):
    """The provider with the demonstration's own keys, over HTTP."""
    port = free_port()
    desk = Desk(demonstration.payease(data, f"http://127.0.0.1:{port}", "http://exam.example"))
    with serving(Site(desk, now), port):
        yield desk
    desk.close()


@pytest.fixture
def account(desk, data):
    told = demonstration.settings_of_the_site(data, desk.config.base_url)
    return Account(
        gateway=told["BAOKAO_PAYEASE_GATEWAY"],
        api=told["BAOKAO_PAYEASE_API"],
        merchant=read_setting.merchant("BAOKAO_PAYEASE_MERCHANT", told),
        keys=tuple(read_setting.keys("BAOKAO_PAYEASE_KEYS", told)),
        public_key=numbered_key("BAOKAO_PAYEASE_PUBLIC_KEY", told),
        refund_operator=told["BAOKAO_PAYEASE_REFUND_OPERATOR"],
        day_lists=True,
    )


@pytest.fixture
def gateway(account):
    return PayEase(account, Caller(Wire(), Breaker("PayEase"), 2.5), {})


def at_the_cashier(gateway, number=NUMBER, bank="85"):
    """The payer's browser brings the adapter's form; the token of its visit."""
    places = "http://exam.example/my/pay/result/", "", False
    send = gateway.send_off(Payment(number, AMOUNT, "报名费", now(), now() + timedelta(minutes=30), *places, bank))
    with urllib.request.urlopen(send.url, urlencode(send.fields).encode(), timeout=5) as cashier:
        assert "沙箱收银台" in cashier.read().decode()
        return urlsplit(cashier.url).path.split("/")[-2]


def paid(desk, gateway, *faults, number=NUMBER):
    """The payer arrives and pays, with what is to go wrong."""
    desk.pay(at_the_cashier(gateway, number), now(), faults)


def heard(desk, gateway, at=None):
    """What the adapter makes of all notifications that are due: facts and refusals."""
    return [one for told in messages(desk, gateway, at) for one in told]


def messages(desk, gateway, at=None):
    """Likewise, a list for each message."""
    found = []
    for one in desk.due(at or now()):
        query = urlsplit(one.url).query.encode()
        message = Message("POST", b"", one.body) if one.body else Message("GET", query, b"")
        read = gateway.read_notification(message)
        found.append(read if isinstance(read, list) else [read])
    return found


def test_d4_several_orders_in_one_message_are_told_apart(desk, gateway):
    for number in (NUMBER, OTHER):
        paid(desk, gateway, "joined", number=number)
    [told] = messages(desk, gateway, now() + timedelta(minutes=1))
    assert sorted(fact.number for fact in told) == sorted([NUMBER, OTHER])


@pytest.mark.parametrize(
    "fault", ["bad-signature", "other-key", "unsigned", "bad-mac", "other-mac-key", "other-money", "other-order"]
)
def test_b4_each_forgery_of_the_sandbox_is_refused_or_about_another_payment(desk, gateway, fault):
    paid(desk, gateway, fault)
    found = heard(desk, gateway)
    assert found
    assert all(isinstance(one, Rejected) or one.number != NUMBER for one in found)


def test_b5_a_wrong_amount_is_told_as_it_is_and_not_confirmed(desk, gateway):
    paid(desk, gateway, "wrong-amount")
    [told] = heard(desk, gateway)
    assert told.amount != AMOUNT
    assert gateway.confirm([told])[0].amount == AMOUNT


@pytest.mark.parametrize("fault", ["down", "500", "html", "half", "bad-signature", "unsigned", "other-order"])
def test_d6_b8_a_refund_whose_answer_is_lost_or_spoiled_is_found_by_asking(desk, gateway, fault):
    paid(desk, gateway)
    desk.arm("refund", fault, after=True)
    with pytest.raises(Unknown):
        gateway.refund(NUMBER, "R1", PART, "退款")
    assert gateway.query_refund(NUMBER, "R1", PART).refund_amount == PART


def test_d6_b8_system_error_after_the_deed_is_no_refusal(desk, gateway):
    paid(desk, gateway)
    desk.arm("refund", "refuse", after=True, word="System error")
    with pytest.raises(Unknown):
        gateway.refund(NUMBER, "R1", PART, "退款")
    assert gateway.query_refund(NUMBER, "R1", PART) is not None


@pytest.mark.parametrize("fault", ["half", "unsigned", "bad-signature", "other-key", "wrong-amount", "other-order"])
def test_b4_a_spoiled_answer_about_an_order_is_never_believed(desk, gateway, fault):
    paid(desk, gateway)
    desk.arm("query", fault, times=2)
    try:
        assert gateway.query(NUMBER).amount != AMOUNT, "well signed, with another amount, which the caller sees"
    except Unknown:
        return
    assert fault == "wrong-amount"


def test_d4_a_paid_order_that_is_not_known_yet_waits(desk, gateway):
    paid(desk, gateway)
    desk.arm("query", "not-known")
    assert [gateway.query(NUMBER).state for _ in range(2)] == [State.WAITING, State.PAID]


def test_d7_the_days_list_has_what_was_paid_and_what_went_back_under_our_own_number(desk, gateway):
    paid(desk, gateway)
    at_the_cashier(gateway, OTHER)
    name = f"{TODAY:%Y%m%d}Refund1"
    gateway.refund(NUMBER, name, PART, "退款")
    assert [(line.kind, line.number, line.amount, line.refund) for line in gateway.bill(TODAY)] == [
        (LineKind.PAYMENT, NUMBER, AMOUNT, ""),
        (LineKind.REFUND, NUMBER, PART, name),
    ]
