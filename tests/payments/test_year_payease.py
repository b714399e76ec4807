"""The same year with 首信易支付, which ends nothing, has us ask before we book, pays a refund as often as it is asked
for, and whose bills are files that somebody brings: what a person decides is part of it (rules D4 to D7)."""

import os
from contextlib import suppress
from datetime import datetime, time
from urllib.parse import urlsplit

import pytest

from baokao.core import clock
from baokao.core.clock import SHANGHAI, local
from baokao.payments import services
from baokao.payments.bills import queries
from baokao.payments.bills.uploads import Columns
from baokao.payments.gateways.breaker import Breaker
from baokao.payments.gateways.calls import Caller
from baokao.payments.gateways.contract import Message
from baokao.payments.gateways.payease.account import Account
from baokao.payments.gateways.payease.gateway import PayEase
from baokao.payments.models import Attempt, Bill, Difference, Settlement
from baokao.sandbox.provider.armed import REPLACING
from baokao.sandbox.provider.payease.faults import DAY_FAULTS, STATEMENT
from baokao.sandbox.provider.payease.wire import Unpayable
from baokao.sandbox.provider.site import Site
from tests.payments.test_year import agree, run_year
from tests.payments.year import DEATHS, FORM, Direct, Year
from tests.sandbox.provider.payease.client import KEY, MID, OPERATOR, SIGN_KEY, a_desk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.breaks_invariants]

PEOPLE, SEEDS = 25, [1]
LIES = (
    "duplicate", "delayed", "withheld", "joined", "rejected-after", "unknown-first", "variant-b", "post",
    "wrong-amount", "other-order", "other-money", "bad-mac", "bad-signature", "unsigned",
)  # fmt: skip
COLUMNS = Columns.of("number=订单编号,amount=交易金额,at=交易时间,kind=交易类型,refund=退款编号")


def gateway_of(desk):
    """The real adapter, speaking to this desk at the moment that the clock has."""
    base = desk.config.base_url
    account = Account(base, base, MID, (KEY.encode(),), SIGN_KEY.public_key(), OPERATOR)
    breaker = Breaker("PayEase", clock=lambda: clock.now().timestamp())
    return PayEase(account, Caller(Direct(Site(desk, clock.now)), breaker, 3.0), {"85": "中国银行"})


class PayEaseYear(Year):
    """Its ways to the cashier, its notifications and calls, and who brings files and decides about refunds."""

    PROVIDER, TAKEN = "payease", b"sent"
    LIES, DEATHS = LIES, (*DEATHS, "refund.before_asking")
    CALLS, TROUBLES = ("query", "refund", "refund-query"), REPLACING
    BILL, BILL_TROUBLES = STATEMENT, DAY_FAULTS

    def arrive(self, passport, send, now):
        with suppress(Unpayable):
            page = urlsplit(send.url).path.rpartition("/")[2]
            token = self.desk.arrive(page, tuple(send.fields.items()), now)
            self.tokens.setdefault(passport, []).append(token)

    def pay_at(self, tokens, now):
        for token in tokens:
            lies = [lie for lie in self.LIES if self.chance.random() < 0.06]
            deed = self.chance.choice((self.desk.pay, self.desk.pay, self.desk.refuse, self.desk.submit))
            with suppress(Unpayable):
                deed(token, now, lies, "85")

    def message(self, delivery) -> Message:
        if delivery.body is None:
            return Message("GET", urlsplit(delivery.url).query.encode(), b"")
        return Message("POST", b"", delivery.body, FORM)

    def reconcile(self, now):
        """Somebody brings the file of each day that is over and wasn't brought, and looks at what is stuck."""
        services.expect_bills(now)
        for bill in Bill.objects.filter(state="due").order_by("day"):
            self.fetch(bill, now)
        services.compare_again(now)
        for refund in queries.stuck_refunds():
            if refund.trouble.startswith("missing"):
                services.send_refund_again(refund.id, "张三", "平台无此退款", now)

    def look_again(self):
        """Nobody knows on which day it was paid what a file lacks: each from the payment's first day on is brought once
        more."""
        listed = Difference.objects.filter(state="listed").select_related("bill")
        lied = {one.bill_id for one in listed}
        begun = dict(Attempt.objects.values_list("number", "started_at"))
        spans = [
            (local(begun[one.number]).date() if one.number in begun else one.bill.day, one.bill.day) for one in listed
        ]
        with clock.travel(self.end):
            for bill in Bill.objects.order_by("day"):
                if any(first <= bill.day <= last for first, last in spans):
                    self.fetch(bill, self.end)
            services.compare_again(self.end)
        return len(lied)

    def fetch(self, bill, now):
        path = self.folder / f"{bill.day}.csv"
        path.write_bytes(self.desk.statement(datetime.combine(bill.day, time(), SHANGHAI)))
        done = services.import_bill(
            path, provider="payease", day=bill.day, columns=COLUMNS, actor="operator:张三", dry_run=False,
            progress=lambda *_: None, now=now,
        )  # fmt: skip
        assert done.applied, done.findings


def a_payease_year(people, seed, folder, settings, monkeypatch, **wrong):
    desk = a_desk()
    gateway = gateway_of(desk)
    for name, value in wrong.items():
        setattr(gateway, name, value)
    monkeypatch.setattr(PayEaseYear, "folder", folder, raising=False)
    return run_year(PayEaseYear, desk, gateway, people, seed, settings, monkeypatch)


@pytest.mark.parametrize("seed", [int(os.environ["PAY_SEED"])] if "PAY_SEED" in os.environ else SEEDS)
def test_a_year_of_money_agrees_to_the_fen(seed, tmp_path, settings, monkeypatch):
    year = a_payease_year(PEOPLE, seed, tmp_path, settings, monkeypatch)
    paid, back = agree(year)
    assert paid > back > 0, "the year had payments, and some of them went back"
    assert year.lied > 0, "some files lied"
    assert set(Settlement.objects.values_list("proof", flat=True)) == {"notification", "query"}


@pytest.mark.prove
@pytest.mark.timeout(3000)
@pytest.mark.parametrize("seed", range(2, 5))
def test_a_year_with_a_thousand_candidates(seed, tmp_path, settings, monkeypatch):
    paid, back = agree(a_payease_year(1000, seed, tmp_path, settings, monkeypatch))
    assert paid > back > 0


@pytest.mark.prove
def test_control_asking_for_a_refund_again_gives_back_more_than_is_booked(tmp_path, settings, monkeypatch):
    """As if PayEase carried out a refund once however often it is asked for."""
    with pytest.raises(AssertionError, match=r"order limit|refunded"):
        agree(a_payease_year(PEOPLE, SEEDS[0], tmp_path, settings, monkeypatch, repeats_refunds=True))
