"""The site's PayEase adapter and the sandbox's 首信易支付, each written from the protocol page alone, get along."""

import urllib.request
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlencode, urlsplit

import pytest

from baokao.config.rsa import numbered_key
from baokao.payments.gateways.breaker import Breaker
from baokao.payments.gateways.calls import Caller
from baokao.payments.gateways.contract import LineKind, Message, Payment, Rejected, State, Unknown
from baokao.payments.gateways.http import Wire
from baokao.payments.gateways.payease.account import Account
from baokao.payments.gateways.payease.gateway import PayEase
from baokao.sandbox.provider import demonstration
from baokao.sandbox.provider.alipay.desk import Desk as AlipayDesk
from baokao.sandbox.provider.payease.desk import Desk
from baokao.sandbox.provider.server import serving
from baokao.sandbox.provider.site import Site
from tests.payments.gateways.today import TODAY, now
from tests.site import free_port

DAY = f"{TODAY:%Y%m%d}"
NUMBER, REFUND, AMOUNT = f"{DAY}A1", f"{DAY}R1", Decimal("120.00")
BANK_OF_CHINA = "85"


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """The provider over HTTP, and what the site has to know of it."""
    folder, base = tmp_path_factory.mktemp("provider"), f"http://127.0.0.1:{(port := free_port())}"
    alipay = AlipayDesk(demonstration.alipay(folder, base))
    desk = Desk(demonstration.payease(folder, base, "http://exam.example"))
    with serving(Site(alipay, now, desk), port):
        yield desk, demonstration.settings_of_the_site(folder, base)
    desk.close()
    alipay.close()


@pytest.fixture
def desk(told):
    told[0].disarm()
    return told[0]


@pytest.fixture(params=["POST", "QUERY", "GET"])
def gateway(request, told, monkeypatch):
    return a_gateway(told, monkeypatch, request.param)


def a_gateway(told, monkeypatch, refund_method, wire=None):
    settings = told[1]
    monkeypatch.setenv("BAOKAO_PAYEASE_PUBLIC_KEY", settings["BAOKAO_PAYEASE_PUBLIC_KEY"])
    account = Account(
        gateway=settings["BAOKAO_PAYEASE_GATEWAY"],
        api=settings["BAOKAO_PAYEASE_API"],
        merchant=settings["BAOKAO_PAYEASE_MERCHANT"],
        keys=(settings["BAOKAO_PAYEASE_KEYS"].encode(),),
        public_key=numbered_key("BAOKAO_PAYEASE_PUBLIC_KEY"),
        refund_operator=settings["BAOKAO_PAYEASE_REFUND_OPERATOR"],
        refund_method=refund_method,
        day_lists=True,
    )
    return PayEase(account, Caller(wire or Wire(), Breaker("PayEase"), 2.5), {BANK_OF_CHINA: "中国银行"})


_numbers = iter(range(10**6))


@pytest.fixture
def number():
    """Never used before."""
    return f"{DAY}A{next(_numbers)}"


def at_the_bank(desk, gateway, number, bank=BANK_OF_CHINA, phone=False):
    """The payer's browser submits the adapter's form; the token of its visit."""
    places = "http://exam.example/r", "http://exam.example/n", phone
    sent = gateway.send_off(
        Payment(number, AMOUNT, "考试报名费", now(), now() + timedelta(minutes=30), *places, bank=bank)
    )
    with urllib.request.urlopen(sent.url, urlencode(sent.fields).encode(), timeout=5) as cashier:
        assert "沙箱收银台" in cashier.read().decode()
        return urlsplit(cashier.url).path.split("/")[-2]


def heard(desk, gateway):
    """What the adapter makes of each notification that is due; the desk hears that all were taken."""
    found = []
    for one in desk.due(now()):
        query = urlsplit(one.url).query.encode()
        read = gateway.read_notification(Message("POST" if one.body else "GET", query, one.body or b""))
        found += read if isinstance(read, list) else [read]
        desk.report(one.id, 200, b"sent", now())
    return found


@pytest.mark.parametrize("faults", [(), ("variant-b",), ("post",), ("duplicate",)])
def test_d3_from_absent_to_paid_to_refunded(desk, gateway, number, faults):
    assert gateway.query(number).state == State.ABSENT
    token = at_the_bank(desk, gateway, number)
    desk.pay(token, now(), faults)
    back = urlsplit(desk.way_back(token, now())).query.encode()
    assert gateway.read_return(Message("GET", back, b"")) == number
    facts = heard(desk, gateway)
    assert {(fact.number, fact.state, fact.amount) for fact in facts} == {(number, State.PAID, AMOUNT)}
    assert gateway.confirm(facts)[0].state == State.PAID
    assert gateway.query(number).state == State.PAID
    assert gateway.query_refund(number, REFUND, AMOUNT) is None
    given = gateway.refund(number, REFUND, AMOUNT, "late")
    assert (given.state, given.refund_amount) == (State.REFUNDED, AMOUNT)
    assert gateway.query_refund(number, REFUND, AMOUNT).refund_trade == given.refund_trade
    refused = gateway.refund(number, f"{DAY}R2", AMOUNT, "again")
    assert isinstance(refused, Rejected), "nothing is left to give back"


@pytest.mark.parametrize("fault", ["bad-mac", "other-mac-key", "bad-signature", "other-key", "unsigned"])
def test_b4_what_is_signed_wrongly_is_refused(desk, gateway, number, fault):
    desk.pay(at_the_bank(desk, gateway, number), now(), [fault])
    assert [type(one) for one in heard(desk, gateway)] == [Rejected]


@pytest.mark.parametrize("trouble", ["down", "500", "html", "half"])
def test_b10_trouble_is_unknown(desk, gateway, number, trouble):
    desk.arm("query", trouble, times=2)
    with pytest.raises(Unknown):
        gateway.query(number)


def test_d7_the_lists_of_a_day_are_its_bill(desk, gateway, number):
    desk.pay(at_the_bank(desk, gateway, number), now())
    given = gateway.refund(number, f"{DAY}R9", Decimal("20.00"), "part")
    heard(desk, gateway)
    lines = [line for line in gateway.bill(TODAY) if line.number == number]
    assert [(line.kind, line.amount) for line in lines] == [
        (LineKind.PAYMENT, AMOUNT),
        (LineKind.REFUND, Decimal("20.00")),
    ]
    assert lines[1].trade == given.refund_trade or lines[1].refund


class Counted(Wire):
    """The wire, and how often it was used."""

    asked = 0

    def exchange(self, request, deadline):
        self.asked += 1
        return super().exchange(request, deadline)


def test_d7_a_list_too_long_for_an_answer_is_no_bill_and_says_what_to_do(told, desk, monkeypatch):
    """No line of it is believed, and it is not asked for a second time."""
    wire = Counted(answer_bytes=3000)
    gateway = a_gateway(told, monkeypatch, "POST", wire)
    for _ in range(8):
        desk.pay(at_the_bank(desk, gateway, f"{DAY}A{next(_numbers)}"), now())
    lines = gateway.bill(TODAY)
    with pytest.raises(Unknown, match=r"longer than 3000 bytes; upload the file of PayEase's merchant pages"):
        next(lines)
    assert wire.asked == 1
