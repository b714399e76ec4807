"""A day of very many payments in our books, and the bill of it as Alipay makes it, with differences planted (b11).

`python -m tests.payments.million FILE` fetches that file as the day's bill in a process of its own, by the real adapter
and the real service, and tells how long that took and how much memory it needed.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from tests.payments.gateways.bills import COLUMNS, Bill, Row

DAY = date(2026, 11, 22)
NOW = "2026-11-23T10:00:00+08:00"
# Every so many payments one went back.
BACK = 50
_FEN = Decimal("0.01")
_COMMON = "to_char(n, 'FM0000000000')"
_MOMENT = "timestamptz '2026-11-22 00:00:00+08' + (n * 86399.0 / %(rows)s) * interval '1 second'"
# The first was paid a second before its day begins, by our books, and is in the day's bill.
_PAID_AT = f"CASE WHEN n = 0 THEN timestamptz '2026-11-21 23:59:59+08' ELSE date_trunc('second', {_MOMENT}) END"
_AMOUNT = "18.00 + n %% 100 * 0.01"
_OURS = (
    f"""
CREATE TEMPORARY TABLE ours AS
SELECT n, gen_random_uuid() AS order_id, gen_random_uuid() AS attempt_id, gen_random_uuid() AS settlement_id,
       CASE WHEN n %% {BACK} = 7 THEN gen_random_uuid() END AS refund_id, {_PAID_AT} AS at,
       ({_AMOUNT})::numeric(10, 2) AS amount
  FROM generate_series(0, %(rows)s - 1) AS n
""",
    """
INSERT INTO payments_order (id, sitting_id, passport_id, registration_id, amount, made_at)
SELECT order_id, '20262', %(passport)s, %(registration)s, amount, at FROM ours
""",
    f"""
INSERT INTO payments_attempt (id, sitting_id, order_id, provider, number, bank, amount, state, started_at, expires_at,
                              gives_up_at, paid_at, asked)
SELECT attempt_id, '20262', order_id, 'alipay', '20261122A' || {_COMMON}, '', amount, 'paid', at, at, at, at, 0
  FROM ours
""",
    f"""
INSERT INTO payments_settlement (id, sitting_id, attempt_id, provider, trade, amount, proof, paid_at, settled_at)
SELECT settlement_id, '20262', attempt_id, 'alipay', 'T20261122A' || {_COMMON}, amount, 'notification', at, at
  FROM ours
""",
    f"""
INSERT INTO payments_refund (id, sitting_id, settlement_id, number, amount, why, state, made_at, tries, done_at,
                             trouble)
SELECT refund_id, '20262', settlement_id, '20261122R' || {_COMMON}, amount, 'twice', 'done', at, 1, at, '' FROM ours
 WHERE refund_id IS NOT NULL
""",
    """
INSERT INTO payments_ledger (id, sitting_id, at, kind, deed, settlement_id, provider, debit, credit, amount)
SELECT gen_random_uuid(), '20262', at, 'received', settlement_id, settlement_id, 'alipay', 'provider',
       'unallotted', amount
  FROM ours
UNION ALL
SELECT gen_random_uuid(), '20262', at, 'refunded', refund_id, settlement_id, 'alipay', 'owed', 'provider', amount
  FROM ours WHERE refund_id IS NOT NULL
""",
    "DROP TABLE ours",
    "ANALYZE payments_attempt, payments_settlement, payments_refund",
)


def fill(rows: int) -> None:
    """So many settled payments of the day in our books, all of one candidate, every fiftieth given back."""
    from django.db import connection

    from baokao.registration.models import Registration
    from tests.cast import a_candidate, set_stage

    own = Registration.objects.get(passport=a_candidate(set_stage()))
    of = {"rows": rows, "passport": own.passport_id, "registration": own.id}
    with connection.cursor() as cursor:
        for statement in _OURS:
            cursor.execute(statement, of)


@dataclass
class Planted:
    """What the bill has otherwise than our books: `found` is what has to be listed, kind and number, as a count;
    `border` are payments of the day's last second that the next day's bill has."""

    rows: int
    each: int
    chance: random.Random
    found: Counter[tuple[str, str]] = field(default_factory=Counter)
    border: list[Row] = field(default_factory=list)

    def lines(self) -> Iterator[Row]:
        """The day's rows, faults among them."""
        payments = self._choose(range(1, self.rows * 9 // 10), "payment_missing", "amount", "trade", "doubled")
        refunds = self._choose(range(7, self.rows * 9 // 10, BACK), "refund_missing", "refund_amount", "doubled")
        last = set(range(self.rows - self.each, self.rows))
        for n in range(self.rows):
            row = _payment(n, self.rows)
            if n in last:
                self.found["day_border", row.number] += 1
                self.border.append(replace(row, at="2026-11-23 00:00:00"))
            else:
                yield from self._told(row, payments.get(n, ""))
            if n % BACK == 7:
                back = replace(row, kind="退款", refund=f"20261122R{n:010}", amount=f"-{row.amount}", fee="0.00")
                yield from self._told(back, refunds.get(n, ""))
        yield from self._strangers()

    def _choose(self, numbers: range, *kinds: str) -> dict[int, str]:
        chosen = iter(self.chance.sample(numbers, self.each * len(kinds)))
        return {next(chosen): kind for kind in kinds for _ in range(self.each)}

    def _told(self, row: Row, fault: str) -> Iterator[Row]:
        if fault:
            self.found[fault, row.number] += 1
        if fault.endswith("missing"):
            return
        if fault == "trade":
            row = replace(row, trade=f"OTHER{row.number}")
        if fault.endswith("amount"):
            sign = -1 if row.amount.startswith("-") else 1
            row = replace(row, amount=str(Decimal(row.amount) + sign * _FEN))
        yield row
        if fault == "doubled":
            yield row

    def _strangers(self) -> Iterator[Row]:
        for n in range(self.each):
            stranger = Row(number=f"NOBODYS{n:04}", at="2026-11-22 23:59:59", fee="0.00")
            for kind, fault in (
                ("交易", "payment_unknown"),
                ("退款", "refund_unknown"),
                ("服务费", "fee"),
                ("转账", "other"),
            ):
                self.found[fault, stranger.number] += 1
                back = {"refund": "BYHAND", "amount": f"-{stranger.amount}"} if kind == "退款" else {}
                yield replace(stranger, kind=kind, **back)


def planted(rows: int, each: int, seed: int) -> Planted:
    return Planted(rows, each, random.Random(seed))


def write(path: Path, rows: Iterator[Row], day: date = DAY, *, cut: bool = False) -> None:
    """The bill's zip, row by row; `cut` leaves out its end, as of a file that was cut off within."""
    begins, ends = (f"{one:%Y年%m月%d日} 00:00:00" for one in (day, day + timedelta(days=1)))
    head, end = (Bill(rows=(), begins=begins, ends=ends).text()).split(
        "#-----------------------------------------业务明细列表结束"
    )
    sums = {"交易": [0, Decimal(0)], "退款": [0, Decimal(0)]}
    name = f"20880000000000990156_{day:%Y%m%d}_业务明细.csv".encode("gbk").decode("cp437")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed, packed.open(name, "w") as out:
        out.write(head.encode("gb18030"))
        for row in rows:
            cells = row.cells()
            out.write((",".join(cells.get(column, "") for column in COLUMNS) + "\r\n").encode("gb18030"))
            if row.kind in sums:
                sums[row.kind][0] += 1
                sums[row.kind][1] += Decimal(row.amount)
        if not cut:
            for kind, (count, total) in sums.items():
                end = end.replace(f"#{kind}合计：0笔", f"#{kind}合计：{count}笔").replace(
                    "共0.00元，商家优惠", f"共{total}元，商家优惠", 1
                )
            out.write(f"#-----------------------------------------业务明细列表结束{end}".encode("gb18030"))


def _payment(n: int, rows: int) -> Row:
    at = datetime.combine(DAY, datetime.min.time()) + timedelta(seconds=int(n * 86399 / rows))
    return Row(f"20261122A{n:010}", "交易", str(at), f"{Decimal(18) + n % 100 * _FEN:.2f}", fee="0.00")


def fetch(path: Path, environment: dict[str, str]) -> dict[str, object]:
    """Fetch the file as the day's bill in a process of its own: `state`, `seconds`, `megabytes`."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.payments.million", str(path)], stdout=subprocess.PIPE, text=True, check=True,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "baokao.config.settings"} | environment,
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


def gateway(path: Path):
    """The real adapter, whose provider hands out this file."""
    from tests.payments.gateways.alipay import Script, alipay, done

    class OnDisk(Script):
        def download(self, url, into, most, deadline):
            with path.open("rb") as file:
                shutil.copyfileobj(file, into)

    place = done("alipay.data.dataservice.bill.downloadurl.query", bill_download_url="http://alipay.test/bill")
    return alipay(OnDisk(place))


def _child(path: Path) -> None:
    import django

    django.setup()
    from baokao.payments import providers, services

    made = {"alipay": gateway(path)}
    providers.configured = lambda: made
    bill = services.bill_of("alipay", DAY)
    began = time.perf_counter()
    state = services.fetch_bill(bill.id, datetime.fromisoformat(NOW))
    seconds = time.perf_counter() - began
    # Not getrusage: its peak survives exec, and would be that of the process that started this one.
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    sys.stdout.write(json.dumps({"state": state, "seconds": seconds, "megabytes": int(peak.split()[1]) / 1024}))


if __name__ == "__main__":
    _child(Path(sys.argv[1]))
