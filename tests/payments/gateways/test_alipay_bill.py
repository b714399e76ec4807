"""The daily bill: whole, ours, of that day and to the fen, or nothing of it is believed (rule D7, proof b11)."""

import io
import tracemalloc
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from baokao.core.zone import SHANGHAI
from baokao.payments.gateways.alipay import bill as bills
from baokao.payments.gateways.alipay import billfile
from baokao.payments.gateways.contract import BillLine, LineKind, NoBill, Unknown
from tests.payments.gateways.alipay import ACCOUNT, SELLER, Script, alipay, done, refusal
from tests.payments.gateways.bills import COLUMNS, Bill, Row, packed

METHOD = "alipay.data.dataservice.bill.downloadurl.query"
DAY = date(2026, 11, 22)
PLACE = done(METHOD, bill_download_url="http://alipay.test/bill?token=1")


def fetched(file: bytes) -> list[BillLine]:
    return list(alipay(Script(PLACE, file=file)).bill(DAY))


def read(text: str) -> list[BillLine]:
    return list(billfile.read(io.BytesIO(text.encode("gb18030")), SELLER, DAY))


def test_d7_a_bill_is_read_to_the_fen():
    script = Script(PLACE, file=packed(Bill().text()))
    payment, _, refund = alipay(script).bill(DAY)
    assert payment == BillLine(
        LineKind.PAYMENT,
        "20261122A0001",
        "T20261122A0001",
        "",
        Decimal("18.40"),
        Decimal("0.11"),
        datetime(2026, 11, 22, 9, 31, 10, tzinfo=SHANGHAI),
        "交易",
    )
    assert (refund.kind, refund.amount, refund.fee) == (LineKind.REFUND, Decimal("15.01"), Decimal("-0.09"))
    assert (refund.number, refund.refund) == ("20261122A0001", "20261122R0001")
    assert script.contents == [{"bill_type": "trade", "bill_date": "2026-11-22"}]
    assert script.fetched == ["https://alipay.test/bill?token=1"]


def test_d7_a_bill_without_trades_is_whole_too():
    assert fetched(packed(Bill(rows=()).text())) == []


@pytest.mark.parametrize("amount", ["15.01", "-15.01"])
def test_d7_the_kind_decides_and_not_the_sign(amount):
    [line] = read(Bill(rows=(Row(kind="退款", amount=amount),)).text())
    assert (line.kind, line.amount) == (LineKind.REFUND, Decimal("15.01"))


def test_d7_columns_are_known_by_name():
    more = ("新的一列", *reversed(COLUMNS), "又一列")
    assert read(replace(Bill(), columns=more).text()) == read(Bill().text())


def test_d7_a_fee_that_stands_apart_is_told_for_a_person_to_see():
    line = read(Bill().with_row(kind="服务费", amount="-0.60").text())[-1]
    assert (line.kind, line.label, line.amount) == (LineKind.OTHER, "服务费", Decimal("-0.60"))


def test_b11_the_borders_of_the_day_are_beijings():
    rows = (Row(at="2026-11-22 00:00:00"), Row(at="2026-11-22 23:59:59"))
    first, last = read(Bill(rows=rows).text())
    assert first.at == datetime(2026, 11, 21, 16, 0, tzinfo=UTC)
    assert last.at == datetime(2026, 11, 22, 15, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize("problem", ["BILL_NOT_EXIST", "isp.bill_not_exist"])
def test_d7_no_bill_is_told_apart_from_no_answer(problem):
    with pytest.raises(NoBill):
        next(alipay(Script(refusal(METHOD, problem))).bill(DAY))


@pytest.mark.parametrize("problem", ["INVAILID_ARGUMENTS", "isv.invalid_arguments", "UNKNOW_ERROR"])
def test_d7_a_refused_bill_is_unknown(problem):
    with pytest.raises(Unknown):
        next(alipay(Script(refusal(METHOD, problem))).bill(DAY))


def without(text: str, line: str) -> str:
    return "".join(kept for kept in text.splitlines(keepends=True) if not kept.startswith(line))


SOUND = Bill().text()
CUT_OFF = {
    "before its end line": SOUND[: SOUND.index("#-----------------------------------------业务明细列表结束")],
    "within a row": SOUND[: SOUND.index("20261122A0002") + 5],
    "after a row": SOUND[: SOUND.index("T20261122A0002")],
    "before its totals": SOUND[: SOUND.index("#交易合计")],
    "between its totals": SOUND[: SOUND.index("#退款合计")],
    "within its totals": SOUND[: SOUND.index("#退款合计") + 12],
    "without a row": without(SOUND, "T20261122A0002"),
    "without its end line": without(SOUND, "#-----------------------------------------业务明细列表结束"),
    "nothing": "",
    "its head alone": SOUND[: SOUND.index("支付宝交易号")],
}


@pytest.mark.parametrize("text", CUT_OFF.values(), ids=CUT_OFF)
def test_b11_a_bill_that_is_cut_off_is_unknown(text):
    with pytest.raises(Unknown):
        read(text)


def test_b11_a_bill_cut_off_at_any_letter_before_its_last_total_is_unknown():
    whole = SOUND.index("元，商家优惠退款共")
    for end in range(whole):
        with pytest.raises(Unknown):
            read(SOUND[:end])


def test_d7_the_last_line_may_lack_its_line_feed():
    assert read(SOUND.rstrip("\r\n")) == read(SOUND)


def test_b11_control_without_the_ends_checks_a_cut_off_bill_would_pass(monkeypatch):
    monkeypatch.setattr(billfile, "_require_whole", lambda comments, sums: None)
    assert len(read(CUT_OFF["after a row"])) == 1


WRONG = {
    "another account": Bill(account="20880000000000980156").text(),
    "the day before": Bill(begins="2026年11月21日 00:00:00", ends="2026年11月22日 00:00:00").text(),
    "two days": Bill(ends="2026年11月24日 00:00:00").text(),
    "a column missing": Bill(columns=tuple(COLUMNS[:-3])).text(),
    "a row too short": SOUND.replace(",-0.11,,", "", 1),
    "another sum": SOUND.replace("共36.80元", "共36.81元"),
    "another count": SOUND.replace("交易合计：2笔", "交易合计：3笔"),
    "a row after the end": SOUND + "T1,20261122A0003,交易\r\n",
    "an amount that is none": Bill().with_row(amount="1e2").text(),
    "a row without a time": Bill().with_row(at="").text(),
    "a line without end": SOUND.replace("2026年下半年CET考试报名费", "报" * 40_000, 1),
    "not a bill": "<html>busy</html>\r\n",
}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_b11_a_bill_that_is_not_ours_or_does_not_add_up_is_unknown(text):
    with pytest.raises(Unknown):
        read(text)


ZIP = packed(SOUND)


@pytest.mark.parametrize(
    "file",
    [b"", b"<html>expired</html>", ZIP[:-30], ZIP[: len(ZIP) // 2], packed(b"\xff\xff\xff\n"), packed("#别的\r\n")],
)
def test_b11_a_file_that_is_no_bill_is_unknown(file):
    with pytest.raises(Unknown):
        fetched(file)


def test_b11_a_bill_that_is_not_gb18030_is_unknown():
    with pytest.raises(Unknown):
        fetched(packed("#支付宝业务明细查询\r\n".encode("gb18030") + b"\xff\xff\xff,\r\n"))


def test_b11_a_file_with_a_damaged_byte_is_unknown():
    damaged = bytearray(ZIP)
    damaged[len(ZIP) // 2] ^= 1
    with pytest.raises(Unknown):
        fetched(bytes(damaged))


def test_b11_what_unfolds_to_more_than_a_bill_is_unknown(monkeypatch):
    monkeypatch.setattr(bills, "MOST_UNPACKED", 100)
    with pytest.raises(Unknown, match="longer"):
        fetched(ZIP)


@pytest.mark.parametrize(
    "place",
    ["http://evil.test/bill", "http://alipay.test@evil.test/bill", "file:///etc/passwd", "ftp://alipay.test/b", ""],
)
def test_a_bill_is_fetched_from_hosts_of_the_settings_only(place):
    script = Script(done(METHOD, bill_download_url=place), file=ZIP)
    with pytest.raises(Unknown):
        list(alipay(script).bill(DAY))
    assert script.fetched == []


def test_a_bill_may_lie_on_a_host_of_the_settings():
    script = Script(done(METHOD, bill_download_url="http://bills.test/b?id=1"), file=ZIP)
    list(alipay(script, replace(ACCOUNT, bill_hosts=("bills.test",))).bill(DAY))
    assert script.fetched == ["https://bills.test/b?id=1"]


def test_b11_memory_does_not_grow_with_the_bill():
    def peak(rows: int) -> int:
        file = packed(Bill(rows=tuple(Row(number=f"20261122A{n:07}") for n in range(rows))).text())
        found = alipay(Script(PLACE, file=file)).bill(DAY)
        tracemalloc.start()
        try:
            assert sum(1 for _ in found) == rows
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(10)
    assert peak(3000) - peak(500) < 100_000
