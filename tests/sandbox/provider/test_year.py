"""A year of virtual time with faults at random: the merchant's own notes, the provider's books and its bills are one.

`PROVIDER_SEED=7` chooses everything from another number.
"""

import csv
import io
import os
import random
import zipfile
from collections import Counter
from datetime import timedelta
from decimal import Decimal

from baokao.sandbox.provider.alipay.faults import REPLACING
from tests.sandbox.provider.client import TEN, Merchant, a_desk, order, read_answer, read_message, signed

DAY = timedelta(days=1)
DAYS, ORDERS = 365, 200
BILL = "alipay.data.dataservice.bill.downloadurl.query"


class Shop:
    """A merchant that books what it is told and what it asks for, and answers notifications when it pleases."""

    def __init__(self, desk, chance: random.Random) -> None:
        self.desk, self.chance, self.merchant = desk, chance, Merchant(desk)
        self.paid: dict[str, str] = {}
        self.refunded: dict[tuple[str, str], int] = {}

    def hear(self, now) -> None:
        for delivery in self.desk.due(now):
            if self.chance.random() < 0.3:
                self.desk.report(delivery.id, None, b"", now)
                continue
            fields, good = read_message(delivery.body.decode())
            assert good
            if "refund_fee" not in fields and fields["trade_status"] == "TRADE_SUCCESS":
                self.paid[fields["out_trade_no"]] = fields["total_amount"]
            self.desk.report(delivery.id, 200, b"success", now)

    def refund(self, number: str, amount: int, now) -> None:
        """Asks with one number until an answer comes that says so."""
        biz = {"out_trade_no": number, "refund_amount": f"{amount / 100:.2f}", "out_request_no": f"R{number}"}
        for _ in range(9):
            answer = self.desk.gateway(signed("alipay.trade.refund", biz, now), now)
            if answer.mishap is None and answer.status == 200 and answer.body.startswith(b"{"):
                fields, good = read_answer(answer.body)
                if good and fields["code"] == "10000":
                    self.refunded[number, biz["out_request_no"]] = amount
                    return
        raise AssertionError("nine answers in a row went wrong")


def test_a_year_of_payments_refunds_and_bills_adds_up_to_the_fen():
    chance = random.Random(int(os.environ.get("PROVIDER_SEED", "1")))
    desk = a_desk(refund_window=timedelta(days=2 * DAYS))
    shop = Shop(desk, chance)
    sent: Counter[str] = Counter()
    for count in range(ORDERS):
        now = TEN + timedelta(days=DAYS * count / ORDERS)
        number, fen = f"Y{count}", chance.randint(1, 9999)
        token = shop.merchant.send(order(number, f"{fen / 100:.2f}"), now)
        if chance.random() < 0.2:
            desk.log_in(token, now)
            continue
        desk.pay(token, now, chance.choice([(), ("duplicate",), ("delayed",), ("withheld",)]))
        sent["paid"] += fen
        shop.hear(now)
        if chance.random() < 0.4:
            for _ in range(chance.randint(0, 3)):
                desk.arm("alipay.trade.refund", chance.choice(sorted(REPLACING)), after=chance.random() < 0.5)
            part = chance.randint(1, fen)
            shop.refund(number, part, now + timedelta(minutes=5))
            sent["refunded"] += part
    while (moment := desk.next_due()) is not None:
        shop.hear(moment)

    days = desk.totals()
    assert sum(day.paid for day in days.values()) == sent["paid"]
    assert sum(day.refunded for day in days.values()) == sum(shop.refunded.values()) == sent["refunded"]
    end = TEN + timedelta(days=DAYS + 2)
    # What no notification told, a query tells.
    for number in (f"Y{count}" for count in range(ORDERS)):
        answer = shop.merchant.query(number, end)
        if answer["trade_status"] in ("TRADE_SUCCESS", "TRADE_FINISHED") or "send_pay_date" in answer:
            shop.paid.setdefault(number, answer["total_amount"])
    assert sum(Decimal(amount) * 100 for amount in shop.paid.values()) == sent["paid"]
    assert {day: net_of_bill(desk, shop.merchant, day, end) for day in days} == {
        day: each.net for day, each in days.items()
    }


def net_of_bill(desk, merchant, day: str, now) -> int:
    """The sum of a day's bill in fen."""
    token = merchant.call(BILL, now, bill_type="trade", bill_date=day)["bill_download_url"].rpartition("/")[2]
    _, content = desk.download(token, now)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        text = archive.read(archive.infolist()[0]).decode("gb18030")
    rows = csv.DictReader(line for line in text.split("\r\n") if line and not line.startswith("#"))
    return int(sum(Decimal(row["商家实收（元）"]) * 100 for row in rows))
