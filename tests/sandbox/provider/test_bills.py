"""The daily bill: a zip of two GBK files in the vendor's form, equal to the books to the fen."""

import csv
import io
import re
import zipfile
from datetime import timedelta
from decimal import Decimal

import pytest

from baokao.sandbox.provider.alipay.bill import HEADER
from tests.sandbox.provider.client import TEN

BILL = "alipay.data.dataservice.bill.downloadurl.query"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MORNING = TEN + DAY


def asked(merchant, day="2026-11-23", now=MORNING, kind="trade"):
    return merchant.call(BILL, now, bill_type=kind, bill_date=day)


def fetched(desk, merchant, **more):
    """Name of the zip, and the text of each member by its name."""
    token = asked(merchant, **more)["bill_download_url"].rpartition("/")[2]
    name, content = desk.download(token, MORNING)
    with zipfile.ZipFile(io.BytesIO(content), metadata_encoding="gbk") as archive:
        assert archive.testzip() is None
        return name, {member: archive.read(member).decode("gb18030") for member in archive.namelist()}


def rows(text):
    lines = [line for line in text.split("\r\n") if line and not line.startswith("#")]
    return [{name: cell.strip() for name, cell in row.items()} for row in csv.DictReader(lines)]


@pytest.fixture
def a_day(desk, merchant):
    merchant.pay("P1", TEN, amount="0.02")
    merchant.pay("P2", TEN + HOUR, amount="36.78", subject='口试, "含逗号"')
    merchant.refund("P2", "15.01", "R1", TEN + 2 * HOUR)
    return merchant


def test_the_detail_is_in_the_vendors_form(desk, a_day):
    name, members = fetched(desk, a_day)
    assert name == "20880000000000990156_20261123.csv.zip"
    assert list(members) == [
        "20880000000000990156_20261123_业务明细.csv",
        "20880000000000990156_20261123_业务明细(汇总).csv",
    ]
    lines = members["20880000000000990156_20261123_业务明细.csv"].split("\r\n")
    assert lines[:4] == [
        "#支付宝业务明细查询",
        "#账号：[20880000000000990156]",
        "#起始日期：[2026年11月23日 00:00:00]   终止日期：[2026年11月24日 00:00:00]",
        "#-----------------------------------------业务明细列表----------------------------------------",
    ]
    assert lines[4] == ",".join(HEADER)
    assert len(HEADER) == 25
    assert lines[-5:] == [
        "#-----------------------------------------业务明细列表结束------------------------------------",
        "#交易合计：2笔，商家实收共36.80元，商家优惠共0.00元",
        "#退款合计：1笔，商家实收退款共-15.01元，商家优惠退款共0.00元",
        "#导出时间：[2026年11月24日 10:00:00]",
        "",
    ]
    assert "\t," in lines[5]


def test_the_rows_are_the_books(desk, a_day):
    _, members = fetched(desk, a_day)
    found = rows(next(iter(members.values())))
    told = [
        (row["商户订单号"], row["业务类型"], row["订单金额（元）"], row["退款批次号/请求号"], row["完成时间"])
        for row in found
    ]
    assert told == [
        ("P1", "交易", "0.02", "", "2026-11-23 10:00:00"),
        ("P2", "交易", "36.78", "", "2026-11-23 11:00:00"),
        ("P2", "退款", "-15.01", "R1", "2026-11-23 12:00:00"),
    ]
    assert found[1]["商品名称"] == '口试, "含逗号"'
    assert sum(Decimal(row["商家实收（元）"]) * 100 for row in found) == desk.totals()["2026-11-23"].net


def test_the_summary(desk, a_day):
    _, members = fetched(desk, a_day)
    text = list(members.values())[1]
    assert text.startswith("#支付宝业务汇总查询\r\n")
    (row,) = rows(text)
    assert (row["门店编号"], row["交易订单总笔数"], row["退款订单总笔数"]) == ("合计", "2", "1")
    assert (row["订单金额（元）"], row["实收净额（元）"]) == ("36.80", "21.79")


def test_the_members_names_are_gbk_without_the_flag(desk, a_day):
    token = asked(a_day)["bill_download_url"].rpartition("/")[2]
    _, content = desk.download(token, MORNING)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [info.filename.encode("cp437").decode("gbk") for info in archive.infolist()]
        assert not any(info.flag_bits & 0x800 for info in archive.infolist())
    assert names[0].endswith("业务明细.csv")


def test_the_border_of_the_day_is_beijings_midnight(desk, merchant):
    midnight = TEN.replace(hour=0) + DAY
    merchant.pay("BEFORE", midnight - timedelta(milliseconds=1))
    merchant.pay("AFTER", midnight)
    for day, number in (("2026-11-23", "BEFORE"), ("2026-11-24", "AFTER")):
        token = asked(merchant, day, midnight + 3 * DAY)["bill_download_url"].rpartition("/")[2]
        _, content = desk.download(token, midnight + 3 * DAY)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            text = archive.read(archive.infolist()[0]).decode("gb18030")
        assert [row["商户订单号"] for row in rows(text)] == [number]


def test_a_month(desk, a_day):
    later = TEN + timedelta(days=10)
    token = asked(a_day, "2026-11", later)["bill_download_url"].rpartition("/")[2]
    name, _ = desk.download(token, later)
    assert name == "20880000000000990156_202611.csv.zip"


@pytest.mark.parametrize(
    ("day", "kind"),
    [("2026-11-24", "trade"), ("2026-11-25", "trade"), ("2026-11", "trade"), ("2026-11-31", "trade"), ("", "trade"),
     ("2026-1-1", "trade"), ("2026-11-23", "other"), ("2026-11-23", "")],
)  # fmt: skip
def test_a_day_that_is_not_over_and_a_form_that_is_none_are_refused(a_day, day, kind):
    assert asked(a_day, day, kind=kind)["sub_code"] == "isv.invalid_arguments"


def test_no_bill_before_the_morning_nor_for_a_day_without_trades(a_day):
    midnight = TEN.replace(hour=0) + DAY
    assert asked(a_day, now=midnight)["sub_code"] == "isp.bill_not_exist"
    assert asked(a_day, now=midnight + 9 * HOUR)["code"] == "10000"
    assert asked(a_day, "2026-11-22")["sub_code"] == "isp.bill_not_exist"


def test_an_address_is_good_for_thirty_seconds(desk, a_day):
    token = asked(a_day)["bill_download_url"].rpartition("/")[2]
    assert desk.download(token, MORNING + timedelta(seconds=30))
    assert desk.download(token, MORNING + timedelta(seconds=30, milliseconds=1)) is None
    assert desk.download("x" * 32, MORNING) is None


# ---- What may go wrong


def test_control_without_a_fault_the_bill_is_the_books(desk, a_day):
    assert len(rows(next(iter(fetched(desk, a_day)[1].values())))) == 3


def test_a_bill_cut_off_lacks_its_end(desk, a_day):
    desk.arm(BILL, "truncated")
    assert "列表结束" not in next(iter(fetched(desk, a_day)[1].values()))


@pytest.mark.parametrize(
    ("fault", "numbers", "net"),
    [("row-missing", ["P2", "P2"], "21.77"), ("row-extra", ["P1", "P2", "P2", "NOBODYS00001"], "22.79"),
     ("row-other-amount", ["P1", "P2", "P2"], "21.80")],
)  # fmt: skip
def test_a_bill_that_differs_from_the_books_and_adds_up(desk, a_day, fault, numbers, net):
    desk.arm(BILL, fault)
    text = next(iter(fetched(desk, a_day)[1].values()))
    assert [row["商户订单号"] for row in rows(text)] == numbers
    assert str(sum(Decimal(row["商家实收（元）"]) for row in rows(text))) == net
    counted = re.search(r"#交易合计：(\d+)笔", text)
    assert int(counted[1]) == sum(row["业务类型"] == "交易" for row in rows(text))


def test_no_bill_on_a_day_with_trades(desk, a_day):
    desk.arm(BILL, "refuse", sub_code="isp.bill_not_exist")
    assert asked(a_day)["sub_code"] == "isp.bill_not_exist"
