"""Payment pages: a browser's form checked field by field, and the order that it becomes."""

import json
import secrets
import sqlite3
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from baokao.sandbox.provider.forms import is_address, stamp
from baokao.sandbox.provider.http import Pairs
from baokao.sandbox.provider.payease.banks import BANKS
from baokao.sandbox.provider.payease.config import Config
from baokao.sandbox.provider.payease.digests import CHINESE, is_mac
from baokao.sandbox.provider.payease.forms import is_order_number, read_amount, read_day
from baokao.sandbox.provider.payease.wire import Unpayable
from baokao.sandbox.provider.store import Books

# The pages: bank chosen here, by the merchant (from pages in GB2312 or UTF-8), and on a phone.
CHECKIT, PAY_MOBILE = "user_payment.checkit", "pay_mobile.jsp"
PAY_BANK, PAY_BANK_UTF8 = "pay_bank.jsp", "pay_bank_utf8.jsp"
_DIRECT = (PAY_BANK, PAY_BANK_UTF8)

# What must be there, and how long it may be.
_LENGTHS = {
    "v_mid": 20, "v_oid": 50, "v_rcvname": 20, "v_rcvaddr": 100, "v_rcvtel": 20, "v_rcvpost": 10, "v_amount": 12,
    "v_ymd": 8, "v_orderstatus": 1, "v_ordername": 20, "v_moneytype": 2, "v_url": 256, "v_md5info": 32,
}  # fmt: skip
_DIGEST_OF = ("v_moneytype", "v_ymd", "v_amount", "v_rcvname", "v_oid", "v_mid", "v_url")
# The order's day is the merchant's; around midnight it may be another one here.
_SLACK = timedelta(days=1)


def charset_of(page: str) -> str:
    """In which charset a page reads its form."""
    return "utf-8" if page == PAY_BANK_UTF8 else CHINESE


def read(page: str, pairs: Pairs, config: Config, now: datetime) -> dict[str, str]:
    """The fields of an order that can be paid. Raises `Unpayable`."""
    twice = [name for name, count in Counter(name for name, _ in pairs).items() if count > 1]
    if twice:
        raise Unpayable(twice[0], "参数重复")
    fields = dict(pairs)
    for name, longest in _LENGTHS.items():
        if not fields.get(name):
            raise Unpayable(name, "缺少参数")
        if len(fields[name]) > longest:
            raise Unpayable(name, f"超过{longest}个字符")
    _check_forms(fields, config, now)
    signed = [fields[name] for name in _DIGEST_OF]
    if not is_mac(fields["v_md5info"], config.merchant.key, *signed, charset=charset_of(page)):
        raise Unpayable("v_md5info", "数字指纹不符")
    bank = fields.get("v_pmode", "") if page != CHECKIT else ""
    if bank not in BANKS and (bank or page in _DIRECT):
        raise Unpayable("v_pmode", "没有这种支付方式")
    return {name: fields[name] for name in _LENGTHS if name != "v_md5info"} | {"v_pmode": bank}


def _check_forms(fields: Mapping[str, str], config: Config, now: datetime) -> None:
    day = read_day(fields["v_ymd"])
    for name, good in (
        ("v_mid", fields["v_mid"] == config.merchant.mid),
        ("v_ymd", day is not None and -_SLACK <= now - day < 2 * _SLACK),
        ("v_oid", is_order_number(fields["v_oid"], config.merchant.mid)),
        ("v_oid", fields["v_oid"].startswith(f"{fields['v_ymd']}-")),
        ("v_amount", read_amount(fields["v_amount"]) is not None),
        ("v_orderstatus", fields["v_orderstatus"] in ("0", "1")),
        ("v_moneytype", fields["v_moneytype"] == "0"),
        ("v_url", is_address(fields["v_url"]) and "?" not in fields["v_url"]),
    ):
        if not good:
            raise Unpayable(name, "格式或内容不正确")


def arrive(books: Books, fields: Mapping[str, str], now: datetime) -> str:
    """The browser's visit of this order, which is made if it is new; returns the visit's token.

    A number may come again with the same fields only, and only until it is paid. Raises `Unpayable`.
    """
    found = books.execute("SELECT * FROM trade WHERE v_oid = ?", (fields["v_oid"],)).fetchone()
    contents = json.dumps(fields, sort_keys=True)
    if found is not None and found["contents"] != contents:
        raise Unpayable("v_oid", "同一订单编号的内容与先前不一致")
    if found is not None:
        refuse(found)
    trade_id = found["id"] if found is not None else _made(books, fields, contents, now)
    token = secrets.token_urlsafe(24)
    books.execute(
        "INSERT INTO visit (token, trade_id, bank, at) VALUES (?, ?, ?, ?)",
        (token, trade_id, fields["v_pmode"], stamp(now)),
    )
    return token


def _made(books: Books, fields: Mapping[str, str], contents: str, now: datetime) -> int | None:
    return books.execute(
        "INSERT INTO trade (v_oid, v_ymd, v_url, amount, contents, created_at) VALUES (?, ?, ?, ?, ?, ?)",
        (fields["v_oid"], fields["v_ymd"], fields["v_url"], read_amount(fields["v_amount"]), contents, stamp(now)),
    ).lastrowid


def find(books: Books, token: str) -> tuple[sqlite3.Row, sqlite3.Row]:
    """A visit and its order. Raises `LookupError`."""
    visit = books.execute("SELECT * FROM visit WHERE token = ?", (token,)).fetchone()
    if visit is None:
        raise LookupError(token)
    return visit, books.execute("SELECT * FROM trade WHERE id = ?", (visit["trade_id"],)).fetchone()


def refuse(trade: sqlite3.Row) -> None:
    """Raises `Unpayable` for an order for which no money can be taken now."""
    if trade["paid_at"] is not None:
        raise Unpayable("v_oid", "订单已支付")
    if trade["result_at"] is not None:
        raise Unpayable("v_oid", "订单已提交银行，等待结果")
