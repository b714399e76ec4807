"""A year of virtual time in one process, with every fault at random.

Candidates pay, pay late, twice or never; the provider is silent, lies or repeats itself; the machine dies. Both sides
of the wire are the real ones; only the network and the clock are not.
"""

import heapq
import random
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

from baokao.core import clock
from baokao.core.faults import InjectedFault
from baokao.core.verdict import RefusedError
from baokao.exams.models import Offering
from baokao.payments import queries, services
from baokao.payments.gateways.alipay.account import Account
from baokao.payments.gateways.alipay.gateway import Alipay
from baokao.payments.gateways.breaker import Breaker
from baokao.payments.gateways.calls import Caller
from baokao.payments.gateways.contract import Message, Payment, Unknown
from baokao.payments.models import Attempt, Bill, Refund
from baokao.registration import services as registration
from baokao.registration.models import Registration
from baokao.sandbox.provider.alipay import checks
from baokao.sandbox.provider.alipay.desk import Desk
from baokao.sandbox.provider.alipay.faults import BILL_FAULTS, REPLACING
from baokao.sandbox.provider.alipay.wire import Refused
from baokao.sandbox.provider.http import Request as Asked
from baokao.sandbox.provider.site import Site
from tests.cast import NOW, SITTING
from tests.sandbox.provider.client import APP_ID, APP_KEY, GATEWAY_KEY, SELLER_ID

DAYS = 330
FORM = "application/x-www-form-urlencoded;charset=utf-8"
LIES = ("duplicate", "delayed", "wrong-amount", "bad-signature", "withheld", "other-key", "sha1", "other-order")
DEATHS = (
    "pay.after_keep", "pay.after_verify", "pay.before_settle_commits", "pay.after_settle", "pay.after_query",
    "pay.before_start_commits", "refund.after_answer", "expiry.before_counters",
)  # fmt: skip


class Direct:
    """The wire between the adapter and the provider, without a network: the same bytes, and what befalls them."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def exchange(self, request, deadline) -> bytes:
        parts = urlsplit(request.url)
        form = tuple(parse_qsl((request.body or b"").decode(), keep_blank_values=True))
        method = "GET" if request.body is None else "POST"
        answer = self._site(Asked(method, parts.path, tuple(parse_qsl(parts.query)), form, request.body or b""))
        if answer.mishap or answer.status != 200:
            raise Unknown("lost on its way")
        return answer.body

    def download(self, url, into, most, deadline) -> None:
        into.write(self.exchange(type("Get", (), {"url": url, "body": None}), deadline))


def gateway_of(desk: Desk) -> Alipay:
    """The real adapter, speaking to this desk at the moment that the clock has."""
    account = Account(
        f"{desk.config.base_url}/gateway.do", APP_ID, SELLER_ID, APP_KEY, (GATEWAY_KEY.public_key(),), ("127.0.0.1",)
    )
    breaker = Breaker("Alipay", clock=lambda: clock.now().timestamp())
    return Alipay(account, Caller(Direct(Site(desk, clock.now)), breaker, 3.0))


class Year:
    """`people` are passports with a registration; every choice comes from `seed`. Here with 支付宝."""

    PROVIDER, TAKEN = "alipay", b"success"
    LIES, DEATHS = LIES, DEATHS
    CALLS, TROUBLES = ("alipay.trade.query", "alipay.trade.close", "alipay.trade.refund"), REPLACING
    BILL, BILL_TROUBLES = checks.BILL, REPLACING | BILL_FAULTS

    def __init__(self, desk: Desk, gateway: Alipay, people, seed: int, settings) -> None:
        self.desk, self.gateway, self.settings = desk, gateway, settings
        self.chance, self.bills_chance = random.Random(seed), random.Random(seed)
        self.tokens: dict[object, list[str]] = {}
        self.events: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self.count = 0
        self.done: dict[str, int] = {}
        for passport in people:
            moment = NOW + timedelta(days=DAYS * self.chance.random())
            deeds = [self.enter, self.start, *self.chance.choices((self.start, self.pay, self.enter), (3, 4, 2), k=6)]
            deeds += self.chance.choices((self.give_up, self.refresh, self.enter, self.start, self.pay), k=4)
            for deed in deeds:
                self.at(moment, lambda now, deed=deed, passport=passport: deed(passport, now))
                moment += timedelta(minutes=self.chance.choice((0, 1, 2, 5, 9, 29, 31, 700, 1441)))
        # These have several windows open and pay in each, which must come back.
        for passport in people[:12]:
            moment = NOW + timedelta(days=DAYS * self.chance.random())
            for deed in (self.enter, self.start, self.start, self.pay_in_all, self.pay_in_all):
                self.at(moment, lambda now, deed=deed, passport=passport: deed(passport, now))
                moment += timedelta(minutes=3)
        for day in range(DAYS + 3):
            self.at(NOW + timedelta(days=day, hours=self.chance.random() * 24), self.weather)

    def at(self, moment: datetime, deed: Callable[[datetime], None]) -> None:
        self.count += 1
        heapq.heappush(self.events, (moment, self.count, deed))

    def run(self) -> None:
        """All of it; then the weather clears, and whatever was left hanging comes to its end."""
        while self.events:
            now, _, deed = heapq.heappop(self.events)
            self.once(deed, now)
            self.once(self.work, now + timedelta(seconds=1))
        self.desk.disarm()
        self.settings.FAULT = ""
        for hours in (1, 2, 4, 8, 30, 60, 200, 400):
            for minutes in range(0, 40, 5):
                self.once(self.work, now + timedelta(hours=hours, minutes=minutes), drops=0.0)
            self.once(self.reconcile, now + timedelta(hours=hours + 1))
        self.end = now + timedelta(hours=401)

    def once(self, deed, now: datetime, **more) -> None:
        """One deed at one moment; the machine may die in it."""
        with clock.travel(now), suppress(InjectedFault, RefusedError):
            deed(now, **more)
            self.done[getattr(deed, "__name__", "")] = self.done.get(getattr(deed, "__name__", ""), 0) + 1

    # What candidates do

    def enter(self, passport, now):
        registration.save_entries(passport.id, SITTING, frozenset(self.chance.choice(("1", "14", "4", "3"))), now)

    def give_up(self, passport, now):
        registration.save_entries(passport.id, SITTING, frozenset(), now)

    def start(self, passport, now):
        found = Registration.objects.filter(passport=passport, state="live").first()
        if found is None:
            return
        codes = frozenset("134")
        earlier = services.end_for_another(queries.open_attempts(found.id, codes), now)
        if earlier - {Attempt.State.ENDED}:
            return
        attempt = services.start(passport.id, SITTING, codes, self.PROVIDER, "", now)
        send = self.gateway.send_off(
            Payment(
                attempt.number, attempt.amount, "CET考试报名费", now, attempt.expires_at, "http://exam.example/r",
                "http://exam.example/n", self.chance.random() < 0.5,
            )
        )  # fmt: skip
        self.arrive(passport, send, now)

    def arrive(self, passport, send, now):
        with suppress(Refused):
            token = self.desk.arrive(tuple(parse_qsl(urlsplit(send.url).query)), now)
            self.tokens.setdefault(passport, []).append(token)
            if self.chance.random() < 0.5:
                self.desk.log_in(token, now)

    def pay(self, passport, now):
        tokens = self.tokens.get(passport, [])
        self.pay_at(self.chance.sample(tokens, k=min(len(tokens), 1)), now)

    def pay_in_all(self, passport, now):
        self.pay_at(self.tokens.get(passport, []), now)

    def pay_at(self, tokens, now):
        for token in tokens:
            lies = [lie for lie in self.LIES if self.chance.random() < 0.08]
            with suppress(Refused):
                self.desk.pay(token, now, lies)

    def refresh(self, passport, now):
        for attempt in Attempt.objects.filter(order__passport=passport, state="open"):
            services.ask(attempt.id, now)

    # What the house and the world do

    def work(self, now, drops: float = 0.3):
        """The provider's deliveries, some of which don't arrive; our jobs; the clocks of the entries."""
        for delivery in self.desk.due(now):
            if self.chance.random() < drops:
                self.desk.report(delivery.id, None, b"", now)
                continue
            try:
                heard = services.hear(self.PROVIDER, self.message(delivery), "192.0.2.9", now)
            except InjectedFault:
                self.desk.report(delivery.id, 500, b"", now)
                raise
            self.desk.report(delivery.id, 200, self.TAKEN if heard else b"fail", now)
        for attempt in services.ask_due(now):
            services.ask(attempt, now)
        for refund in services.claim_refunds(now):
            services.send_refund(refund, now)
        registration.expire_entries(now)
        if self.chance.random() < 0.05:
            registration.expire_registrations(now)

    def message(self, delivery) -> Message:
        return Message("POST", b"", delivery.body, FORM)

    def reconcile(self, now):
        """The bills that are due, and another look at what differs."""
        services.expect_bills(now)
        while (bill := services.claim_bill(now)) is not None:
            services.fetch_bill(bill, now)
        services.compare_again(now)

    def look_again(self):
        """What an operator does about what is listed in the end: fetch those days' bills once more, for some lied. How
        many did."""
        lied = list(Bill.objects.filter(differences__state="listed").distinct())
        with clock.travel(self.end):
            for bill in lied:
                self.fetch(bill, self.end)
        return len(lied)

    def fetch(self, bill, now):
        services.fetch_bill(bill.id, now)

    def weather(self, now):
        """A day's troubles: calls that go wrong, a machine that will die somewhere, capacities that change."""
        self.desk.disarm()
        for method in self.CALLS:
            if self.chance.random() < 0.5:
                name = self.chance.choice(sorted(self.TROUBLES))
                self.desk.arm(method, name, self.chance.randint(1, 9), after=self.chance.random() < 0.5)
        if self.bills_chance.random() < 0.3:
            wrong = self.bills_chance.choice(sorted(self.BILL_TROUBLES))
            self.desk.arm(self.BILL, wrong, self.bills_chance.randint(1, 2))
        # On most days nobody looks at bills; whoever does catches up.
        if self.bills_chance.random() < 0.3:
            self.reconcile(now)
        self.settings.FAULT = f"{self.chance.choice(self.DEATHS)}:raise" if self.chance.random() < 0.1 else ""
        for offering in Offering.objects.filter(subject_id__in="134", campus_id="993010").order_by("id"):
            target = offering.taken + self.chance.choice((-2, 0, 0, 1, 5, 50))
            Offering.objects.filter(id=offering.id).update(
                target=max(0, target), capacity=max(0, target, offering.taken)
            )

    def hanging(self) -> list[str]:
        """What has not come to an end."""
        found = [f"attempt {one.number}" for one in Attempt.objects.filter(state="open")]
        return found + [
            f"refund {one.number} {one.state} {one.trouble}" for one in Refund.objects.exclude(state="done")
        ]
