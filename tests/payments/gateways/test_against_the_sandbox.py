"""The site's adapter and the sandbox's provider, written apart from one protocol page, understand each other."""

import urllib.request
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from urllib.parse import urlsplit

import pytest

from baokao.payments.gateways.alipay.account import Account
from baokao.payments.gateways.alipay.gateway import Alipay
from baokao.payments.gateways.breaker import Breaker
from baokao.payments.gateways.calls import Caller
from baokao.payments.gateways.contract import Message, Payment, Rejected, State, Unknown
from baokao.payments.gateways.http import Wire
from baokao.sandbox.provider import demonstration, keys
from baokao.sandbox.provider.alipay.desk import Desk
from baokao.sandbox.provider.server import serving
from baokao.sandbox.provider.site import Site
from tests.site import free_port

NUMBER, REFUND, AMOUNT = "20261123A1", "20261123R1", Decimal("120.00")
FORM = "application/x-www-form-urlencoded;charset=utf-8"


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def desk(tmp_path):
    """The provider with the demonstration's own keys, over HTTP."""
    port = free_port()
    desk = Desk(demonstration.alipay(tmp_path, f"http://127.0.0.1:{port}"))
    with serving(Site(desk, now), port):
        yield desk
    desk.close()


@pytest.fixture
def gateway(desk, tmp_path):
    account = Account(
        gateway=f"{desk.config.base_url}/gateway.do",
        app=demonstration.ALIPAY_APP_ID,
        seller=demonstration.ALIPAY_SELLER_ID,
        private_key=keys.private_key(tmp_path / "provider" / "alipay-app.pem"),
        public_keys=(desk.config.gateway_key.public_key(),),
    )
    return Alipay(account, Caller(Wire(), Breaker("Alipay"), 2.5))


def at_the_cashier(desk, gateway, phone=False, number=NUMBER):
    """The payer's browser follows the adapter's address; the token of its visit."""
    places = "http://exam.example/r", "http://exam.example/n", phone
    payment = Payment(number, AMOUNT, "2027年考试报名费", now(), now() + timedelta(minutes=30), *places)
    with urllib.request.urlopen(gateway.send_off(payment).url, timeout=5) as cashier:
        assert "沙箱收银台" in cashier.read().decode()
        return urlsplit(cashier.url).path.split("/")[-2]


def heard(desk, gateway):
    """What the adapter makes of each notification that is due."""
    found = [gateway.read_notification(Message("POST", b"", one.body, FORM)) for one in desk.due(now())]
    return [fact for facts in found for fact in (facts if isinstance(facts, list) else [facts])]


@pytest.mark.parametrize("phone", [False, True])
def test_d3_from_absent_to_paid_to_refunded(desk, gateway, phone):
    assert gateway.query(NUMBER).state == State.ABSENT
    token = at_the_cashier(desk, gateway, phone)
    desk.log_in(token, now())
    assert gateway.query(NUMBER).state == State.WAITING
    desk.pay(token, now())
    query = urlsplit(desk.way_back(token, now())).query
    assert gateway.read_return(Message("GET", query.encode(), b"")) == NUMBER
    (told,) = heard(desk, gateway)
    assert told == gateway.query(NUMBER)
    assert (told.state, told.amount) == (State.PAID, AMOUNT)
    assert gateway.close(NUMBER).state == State.PAID
    for _ in range(2):
        fact = gateway.refund(NUMBER, REFUND, Decimal("20.00"), "退考")
        assert (fact.state, fact.refund, fact.refund_amount) == (State.REFUNDED, REFUND, Decimal("20.00"))
    assert gateway.query_refund(NUMBER, REFUND, Decimal("20.00")).refund_amount == Decimal("20.00")
    assert gateway.query_refund(NUMBER, "20261123R2", Decimal("20.00")) is None
    assert isinstance(gateway.refund(NUMBER, "20261123R2", Decimal("100.01"), "退考"), Rejected)
    assert [(fact.state, fact.refunded) for fact in heard(desk, gateway)] == [(State.REFUNDED, Decimal("20.00"))]
    assert sum(day.net for day in desk.totals().values()) == 10000


def test_d5_a_waiting_payment_is_closed(desk, gateway):
    desk.log_in(at_the_cashier(desk, gateway), now())
    assert gateway.close(NUMBER).state == State.CLOSED
    assert gateway.query(NUMBER).state == State.CLOSED


FORGED = ["bad-signature", "other-key", "sha1", "unsigned", "other-seller", "other-application"]


@pytest.mark.parametrize("fault", FORGED)
def test_b4_what_is_not_the_providers_is_rejected(desk, gateway, fault):
    desk.pay(at_the_cashier(desk, gateway), now(), (fault,))
    assert [type(one) for one in heard(desk, gateway)] == [Rejected]


@pytest.mark.parametrize("fault", ["down", "500", "html", "unavailable", "half", "slow"])
def test_b10_no_answer_in_time_is_unknown(desk, gateway, fault):
    desk.pay(at_the_cashier(desk, gateway), now())
    desk.arm("*", fault, times=3, seconds=4 if fault == "slow" else 0)
    began = now()
    with pytest.raises(Unknown):
        gateway.query(NUMBER)
    assert now() - began < timedelta(seconds=3.5)


@pytest.mark.parametrize("fault", ["unsigned", "bad-signature", "other-key", "sha1", "other-order"])
def test_d3_an_answer_that_is_not_the_providers_is_unknown(desk, gateway, fault):
    desk.pay(at_the_cashier(desk, gateway), now())
    desk.arm("*", fault, times=3)
    with pytest.raises(Unknown):
        gateway.query(NUMBER)


def test_b9_a_refund_whose_answer_was_lost_happens_once(desk, gateway):
    desk.pay(at_the_cashier(desk, gateway), now())
    desk.arm("alipay.trade.refund", "down", after=True)
    with pytest.raises(Unknown):
        gateway.refund(NUMBER, REFUND, AMOUNT, "退考")
    assert gateway.refund(NUMBER, REFUND, AMOUNT, "退考").refund_amount == AMOUNT
    assert sum(day.refunded for day in desk.totals().values()) == 12000
