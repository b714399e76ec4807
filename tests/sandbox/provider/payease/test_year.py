"""A year of virtual time with faults at random: what the merchant was told and asked for is what the books say.

`PROVIDER_SEED=7` chooses everything from another number.
"""

import csv
import io
import os
import random
from datetime import datetime, timedelta
from decimal import Decimal

from baokao.sandbox.provider.armed import REPLACING
from tests.sandbox.provider.client import BEIJING, TEN
from tests.sandbox.provider.payease.client import (
    GOOD,
    MID,
    OPERATOR,
    PayEaseMerchant,
    a_desk,
    fields_of,
    is_message,
    mac,
    order,
    query_of,
    read_xml,
    told,
)

DAYS, ORDERS = 365, 150
CHOICES = [(), ("duplicate",), ("delayed",), ("withheld",), ("joined",), ("rejected-after",), ("unknown-first",)]


class Shop:
    """A merchant that books what it is told, asks when it is told nothing, and never repeats a refund blindly."""

    def __init__(self, desk, chance: random.Random) -> None:
        self.desk, self.chance, self.merchant = desk, chance, PayEaseMerchant(desk)
        self.paid: dict[str, str] = {}
        self.refunded: dict[str, str] = {}

    def hear(self, now) -> None:
        for delivery in self.desk.due(now):
            if self.chance.random() < 0.3:
                self.desk.report(delivery.id, None, b"", now)
                continue
            assert is_message(query_of(delivery), notification=True) == GOOD
            fields = {name: value.split("|_|") for name, value in fields_of(query_of(delivery)).items()}
            for number, status, amount in zip(fields["v_oid"], fields["v_pstatus"], fields["v_amount"], strict=True):
                if status == "1":
                    self.paid[number] = amount
            self.desk.report(delivery.id, 200, b"sent", now)

    def refund(self, number: str, amount: str, now) -> None:
        """One call; without a clear answer only the refund query tells whether it happened."""
        fields = {"v_mid": MID, "v_oid": number, "v_refamount": amount, "v_refoprt": OPERATOR}
        answer = self.desk.call("refund", tuple((fields | {"v_mac": mac(*fields.values())}).items()), now)
        if answer.mishap is None and answer.status == 200 and answer.body.startswith(b"<?xml"):
            found = told(read_xml(answer.body))
            if found["status"] == "0":
                self.refunded[found["refid"]] = amount
                return
        self.desk.disarm()
        for row in self.merchant.refunds(number, now)[1]:
            self.refunded[row["refid"]] = row["refamount"]


def test_a_year_of_payments_refunds_and_statements_adds_up_to_the_fen():
    chance = random.Random(int(os.environ.get("PROVIDER_SEED", "1")))
    desk = a_desk()
    shop = Shop(desk, chance)
    paid, numbers = 0, []
    for count in range(ORDERS):
        now = TEN + timedelta(days=DAYS * count / ORDERS)
        fen = chance.randint(1, 9999)
        number = f"{now.astimezone(BEIJING):%Y%m%d}-{MID}-Y{count}"
        numbers.append(number)
        token = shop.merchant.send(order(number, f"{fen / 100:.2f}"), now)
        if chance.random() < 0.2:
            desk.refuse(token, now, chance.choice(CHOICES))
            continue
        deed = desk.submit if chance.random() < 0.2 else desk.pay
        deed(token, now, chance.choice(CHOICES))
        paid += fen
        later = now + timedelta(minutes=5)
        shop.hear(later)
        if chance.random() < 0.4:
            if chance.random() < 0.7:
                desk.arm("refund", chance.choice(sorted(REPLACING)), after=chance.random() < 0.5)
            shop.refund(number, f"{chance.randint(1, fen) / 100:.2f}", later)
    while (moment := desk.next_due()) is not None:
        shop.hear(moment)

    end = TEN + timedelta(days=DAYS + 2)
    # What no notification told, a query tells.
    for number in numbers:
        for row in shop.merchant.query(number, end)[1]:
            if row["pstatus"] == "1":
                shop.paid.setdefault(number, row["amount"])
    days = desk.totals()
    assert fen_of(shop.paid.values()) == sum(day.paid for day in days.values()) == paid
    assert fen_of(shop.refunded.values()) == sum(day.refunded for day in days.values()) > 0
    assert {day: net_of_statement(desk, day) for day in days} == {day: each.net for day, each in days.items()}
    by_orders = [row for ymd in {number[:8] for number in numbers} for row in shop.merchant.orders_of(ymd, end)]
    assert fen_of(row["amount"] for row in by_orders if row["pstatus"] == "1") == paid


def fen_of(amounts) -> int:
    return int(sum(Decimal(amount) * 100 for amount in amounts))


def net_of_statement(desk, day: str) -> int:
    """The sum of a day's statement in fen."""
    text = desk.statement(datetime.fromisoformat(day).replace(tzinfo=BEIJING)).decode("gb18030")
    return fen_of(row["交易金额"] for row in csv.DictReader(io.StringIO(text)))
