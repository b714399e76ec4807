"""The daily bill: a zip of two GBK files, in the vendor's form, from the trades and refunds of the period."""

import csv
import io
import sqlite3
import zipfile
from dataclasses import dataclass
from datetime import datetime, timedelta

from baokao.sandbox.provider.alipay import faults
from baokao.sandbox.provider.alipay.config import BUYER_LOGON_ID
from baokao.sandbox.provider.forms import BEIJING, stamp, told, yuan
from baokao.sandbox.provider.store import Books

HEADER = (
    "支付宝交易号", "商户订单号", "业务类型", "商品名称", "创建时间", "完成时间", "门店编号", "门店名称", "操作员",
    "终端号", "对方账户", "订单金额（元）", "商家实收（元）", "支付宝红包（元）", "集分宝（元）", "支付宝优惠（元）",
    "商家优惠（元）", "券核销金额（元）", "券名称", "商家红包消费金额（元）", "卡消费金额（元）", "退款批次号/请求号",
    "服务费（元）", "分润（元）", "备注",
)  # fmt: skip
SUMMARY_HEADER = (
    "门店编号", "门店名称", "交易订单总笔数", "退款订单总笔数", "订单金额（元）", "商家实收（元）", "支付宝优惠（元）",
    "商家优惠（元）", "卡消费金额（元）", "服务费（元）", "分润（元）", "实收净额（元）",
)  # fmt: skip
_ROWS = """
SELECT trade_no, out_trade_no, subject, created_at, paid_at AS at, trade.amount AS fen, '' AS request_no, 0 AS back
FROM trade WHERE seller_id = :seller AND paid_at >= :begins AND paid_at < :ends
UNION ALL
SELECT trade_no, out_trade_no, subject, created_at, refund.at, -refund.amount, out_request_no, 1
FROM refund JOIN trade ON trade.id = trade_id WHERE seller_id = :seller AND refund.at >= :begins AND refund.at < :ends
ORDER BY 5, 8, 1
"""


@dataclass(frozen=True)
class Period:
    """A day or a month, Beijing time; the end belongs to the next one."""

    begins: datetime
    ends: datetime


@dataclass(frozen=True)
class Row:
    """A payment, or a refund with a negative amount."""

    trade_no: str
    out_trade_no: str
    subject: str
    created_at: int
    at: int
    fen: int
    request_no: str

    @property
    def back(self) -> bool:
        return bool(self.request_no)


def period(text: str) -> Period | None:
    """The period of `yyyy-MM-dd` or `yyyy-MM`; None if it is neither."""
    try:
        if len(text) == 7:
            begins = datetime.strptime(text, "%Y-%m").replace(tzinfo=BEIJING)
            return Period(begins, (begins + timedelta(days=31)).replace(day=1))
        begins = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=BEIJING)
    except ValueError:
        return None
    return Period(begins, begins + timedelta(days=1)) if len(text) == 10 else None


def has_rows(books: Books, seller_id: str, of: Period) -> bool:
    """Whether anything was paid or refunded."""
    return (
        books.execute(_ROWS + " LIMIT 1", _bounds(seller_id, stamp(of.begins), stamp(of.ends))).fetchone() is not None
    )


def make(books: Books, download: sqlite3.Row, now: datetime) -> tuple[str, bytes]:
    """Name and content of the zip that a download's address leads to."""
    found = books.execute(_ROWS, _bounds(download["seller_id"], download["begins"], download["ends"]))
    rows = [Row(*tuple(row)[:7]) for row in found]
    rows = _spoiled(rows, download["fault"])
    account = f"{download['seller_id']}0156"
    first, last = told(download["begins"]), told(download["ends"])
    day = (
        first[:10].replace("-", "")
        if download["ends"] - download["begins"] <= 86_400_000
        else first[:7].replace("-", "")
    )
    detail = _detail(rows, account, first, last, now)
    if download["fault"] == faults.TRUNCATED:
        detail = detail[: len(detail) * 2 // 3]
    members = {
        f"{account}_{day}_业务明细.csv": detail,
        f"{account}_{day}_业务明细(汇总).csv": _summary(rows, account, first, last, now),
    }
    return f"{account}_{day}.csv.zip", _zipped({name: text.encode("gb18030") for name, text in members.items()}, now)


def _bounds(seller_id: str, begins: int, ends: int) -> dict[str, str | int]:
    return {"seller": seller_id, "begins": begins, "ends": ends}


def _spoiled(rows: list[Row], fault: str) -> list[Row]:
    if fault == faults.ROW_MISSING:
        return rows[1:]
    if fault == faults.ROW_OTHER_AMOUNT:
        return [Row(**{**vars(rows[0]), "fen": rows[0].fen + (-1 if rows[0].back else 1)}), *rows[1:]]
    if fault == faults.ROW_EXTRA:
        made_up = {"trade_no": f"{rows[0].trade_no[:18]}9999999999", "out_trade_no": "NOBODYS00001", "request_no": ""}
        return [*rows, Row(**{**vars(rows[-1]), **made_up, "fen": 100})]
    return rows


def _detail(rows: list[Row], account: str, first: str, last: str, now: datetime) -> str:
    paid, back = [row.fen for row in rows if not row.back], [row.fen for row in rows if row.back]
    return _file(
        [
            "#支付宝业务明细查询",
            *_head(account, first, last),
            f"#{'-' * 41}业务明细列表{'-' * 40}",
            *_table([HEADER, *map(_cells, rows)]),
            f"#{'-' * 41}业务明细列表结束{'-' * 36}",
            f"#交易合计：{len(paid)}笔，商家实收共{yuan(sum(paid))}元，商家优惠共0.00元",
            f"#退款合计：{len(back)}笔，商家实收退款共{yuan(sum(back))}元，商家优惠退款共0.00元",
            _made(now),
        ]
    )


def _cells(row: Row) -> tuple[str, ...]:
    # A TAB after an id keeps spreadsheets from reading it as a number.
    amount = yuan(row.fen)
    return (
        f"{row.trade_no}\t", f"{row.out_trade_no}\t", "退款" if row.back else "交易", row.subject, told(row.created_at),
        told(row.at), "", "", "", "", f"{BUYER_LOGON_ID}\t", amount, amount, "0.00", "0.00", "0.00", "0.00", "0.00", "",
        "0.00", "0.00", f"{row.request_no}\t" if row.back else "", "0.00", "0.00", "",
    )  # fmt: skip


def _summary(rows: list[Row], account: str, first: str, last: str, now: datetime) -> str:
    back = sum(row.back for row in rows)
    paid, net = sum(row.fen for row in rows if not row.back), sum(row.fen for row in rows)
    figures = [str(len(rows) - back), str(back), yuan(paid), yuan(paid), *["0.00"] * 5, yuan(net)]
    return _file(
        [
            "#支付宝业务汇总查询",
            *_head(account, first, last),
            f"#{'-' * 41}业务汇总列表{'-' * 40}",
            *_table([SUMMARY_HEADER, ("合计", "", *figures)]),
            f"#{'-' * 40}业务汇总列表结束{'-' * 37}",
            _made(now),
        ]
    )


def _head(account: str, first: str, last: str) -> list[str]:
    return [f"#账号：[{account}]", f"#起始日期：[{_long(first)}]   终止日期：[{_long(last)}]"]


def _made(now: datetime) -> str:
    return f"#导出时间：[{_long(told(stamp(now)))}]"


def _long(moment: str) -> str:
    return f"{moment[:4]}年{moment[5:7]}月{moment[8:10]}日{moment[10:]}"


def _table(rows: list[tuple[str, ...]]) -> list[str]:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().splitlines()


def _file(lines: list[str]) -> str:
    return "".join(f"{line}\r\n" for line in lines)


def _zipped(members: dict[str, bytes], now: datetime) -> bytes:
    """The members' names stand in GBK without the flag of UTF-8. zipfile can't write that, so each gets a stand-in of
    the same length, which is replaced in the finished file; checksums cover contents only."""
    packed, names = io.BytesIO(), {}
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for count, (name, content) in enumerate(members.items()):
            raw = name.encode("gbk")
            stand_in = f"stand-in-{count}-".ljust(len(raw), "~")
            names[stand_in.encode()] = raw
            at = now.astimezone(BEIJING)
            info = zipfile.ZipInfo(stand_in, (at.year, at.month, at.day, at.hour, at.minute, at.second))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    made = packed.getvalue()
    for placed, wanted in names.items():
        made = made.replace(placed, wanted)
    return made
