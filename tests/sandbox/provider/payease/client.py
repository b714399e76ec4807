"""A merchant, written by hand from the protocol page: makes digests, verifies messages, shares no code with anyone."""

import hashlib
import hmac
import json
import xml.etree.ElementTree as ET
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, unquote_to_bytes

from cryptography.hazmat.primitives.asymmetric import rsa

from baokao.sandbox.provider.payease.config import Config, Merchant
from baokao.sandbox.provider.payease.desk import Desk

VECTORS = json.loads((Path(__file__).parents[3] / "vectors" / "payease_hmac_md5.json").read_text())
KEY, MID, OPERATOR = VECTORS["key"], "888", "1001"
# Nobody is at home at the notification's address, in tests with a sender either.
NOTIFY, RETURN = "http://127.0.0.1:9/pay/notify/payease/", "http://exam.example/pay/payease/return"
OID = "20261123-888-REG0001"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def _key() -> rsa.RSAPrivateKey:
    numbers = VECTORS["rsa_key_for_v_sign"]["rsa_numbers_hex"]
    n, d, p, q = (int(numbers[part], 16) for part in "ndpq")
    public = rsa.RSAPublicNumbers(numbers["e"], n)
    return rsa.RSAPrivateNumbers(p, q, d, d % (p - 1), d % (q - 1), rsa.rsa_crt_iqmp(p, q), public).private_key()


SIGN_KEY = _key()
_PUBLIC = SIGN_KEY.public_key().public_numbers()


def a_desk(file=None, base_url="http://127.0.0.1:1", notify_url=NOTIFY, **more) -> Desk:
    return Desk(Config(base_url, SIGN_KEY, Merchant(MID, KEY, OPERATOR, notify_url), **more), file)


def mac(*parts: str | bytes) -> str:
    joined = b"".join(part if isinstance(part, bytes) else part.encode("ascii") for part in parts)
    return hmac.new(KEY.encode(), joined, "md5").hexdigest()


def is_signed(signature: str, *parts: str) -> bool:
    """By plain arithmetic: 128 bytes, `00 01 ff … ff 00`, then the MD5 as 32 letters."""
    told = hashlib.md5("".join(parts).encode("ascii")).hexdigest().encode()
    wanted = b"\x00\x01" + b"\xff" * (128 - 3 - 32) + b"\x00" + told
    return len(signature) == 256 and pow(int(signature, 16), _PUBLIC.e, _PUBLIC.n) == int.from_bytes(wanted)


def order(number=OID, amount="120.00", **more) -> dict:
    """The fields of a payment page; None takes one away. The digest is of what is there in the end."""
    fields = {
        "v_mid": MID, "v_oid": number, "v_rcvname": MID, "v_rcvaddr": MID, "v_rcvtel": MID, "v_rcvpost": "100000",
        "v_amount": amount, "v_ymd": number[:8], "v_orderstatus": "1", "v_ordername": MID, "v_moneytype": "0",
        "v_url": RETURN,
    } | more  # fmt: skip
    fields = {name: value for name, value in fields.items() if value is not None}
    digest_of = ("v_moneytype", "v_ymd", "v_amount", "v_rcvname", "v_oid", "v_mid", "v_url")
    return {"v_md5info": mac(*(fields.get(name, "").encode() for name in digest_of))} | fields


def raw_pairs(text: str) -> dict[str, bytes]:
    """A query's fields, each as it came but for the escapes."""
    found = [part.partition("=") for part in text.split("&")]
    assert len({name for name, _, _ in found}) == len(found)
    return {name: unquote_to_bytes(value.replace("+", " ")) for name, _, value in found}


def is_message(text: str, *, notification: bool, variant="A") -> dict[str, bool]:
    """Which digests of a return or a notification hold."""
    raw, escaped = (
        raw_pairs(text),
        {name: value for name, _, value in (part.partition("=") for part in text.split("&"))},
    )
    of = ("v_oid", "v_pmode", "v_pstatus", "v_pstring", "v_count") if notification else (
        "v_oid", "v_pstatus", "v_pstring", "v_pmode")  # fmt: skip
    chinese = ("v_pmode", "v_pstring")
    told = [escaped[name] if variant == "B" and name in chinese else raw[name] for name in of]
    signed = ("v_oid", "v_pstatus", "v_amount", "v_moneytype", "v_count")[: 5 if notification else 4]
    return {
        "mac": raw["v_mac" if notification else "v_md5info"].decode() == mac(*told),
        "money": raw["v_md5money"].decode() == mac(raw["v_amount"], raw["v_moneytype"]),
        "sign": is_signed(raw.get("v_sign", b"").decode(), *(raw[name].decode() for name in signed)),
    }


GOOD = {"mac": True, "money": True, "sign": True}


def fields_of(text: str, variant="A") -> dict[str, str]:
    return dict(
        parse_qsl(text, encoding="gb18030" if variant == "A" else "utf-8", strict_parsing=True, errors="strict")
    )


def read_xml(body: bytes) -> ET.Element:
    """An answer, decoded by its declaration, which no parser knows by itself."""
    declared = body[: body.index(b"?>")].decode().rpartition("encoding=")[2].strip('"').lower()
    text = body.decode("gb18030" if declared == "gb2312" else declared)
    return ET.fromstring(text[text.index("?>") + 2 :])


def told(element: ET.Element) -> dict[str, str]:
    return {child.tag: child.text or "" for child in element}


class PayEaseMerchant:
    """Talks to a desk in this process, at whatever moment it is told."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def send(self, fields: dict, now: datetime, page="user_payment.checkit") -> str:
        """A browser brings this order; the visit's token."""
        return self.desk.arrive(page, tuple(fields.items()), now)

    def pay(self, number: str, now: datetime, *faults: str, amount="120.00", bank="9") -> None:
        self.desk.pay(self.send(order(number, amount), now), now, faults, bank)

    def refuse(self, number: str, now: datetime, *faults: str, amount="120.00", bank="9") -> None:
        self.desk.refuse(self.send(order(number, amount), now), now, faults, bank)

    def asked(self, kind: str, now: datetime, **fields) -> ET.Element:
        answer = self.desk.call(kind, tuple(fields.items()), now)
        assert answer.mishap is None
        return read_xml(answer.body)

    def query(self, number: str, now: datetime, **more) -> tuple[dict, list[dict]]:
        """The head and the orders; every order is signed well."""
        found = self.asked("query", now, **({"v_mid": MID, "v_oid": number, "v_mac": mac(MID, number)} | more))
        rows = [told(row) for row in found.find("messagebody")]
        assert all(
            is_signed(row["sign"], *(row[name] for name in ("oid", "pstatus", "amount", "moneytype"))) for row in rows
        )
        return told(found.find("messagehead")), rows

    def states(self, number: str, now: datetime) -> list[str]:
        return [row["pstatus"] for row in self.query(number, now)[1]]

    def orders_of(self, day: str, now: datetime) -> list[dict]:
        found = self.asked("day", now, v_mid=MID, v_ymd=day, v_mac=mac(MID, day))
        return [told(row) for row in found.find("messagebody")]

    def refund(self, number: str, amount: str, now: datetime, **more) -> dict:
        fields = {
            "v_mid": MID, "v_oid": number, "v_refamount": amount, "v_refreason": "x", "v_refoprt": OPERATOR,
            "v_mac": mac(MID, number, amount, OPERATOR),
        } | more  # fmt: skip
        answer = told(self.asked("refund", now, **fields))
        names = ("status", "mid", "oid", "refamount", "refoprt", "refid")
        assert is_signed(answer["sign"], *(answer[name] for name in names))
        return answer

    def refunds(self, number: str, now: datetime, version="1.1") -> tuple[dict, list[dict]]:
        found = self.asked("refund-query", now, v_mid=MID, v_oid=number, v_mac=mac(MID, number), v_version=version)
        return told(found.find("messagehead")), [told(row) for row in found.find("messagebody")]

    def refunds_of_day(self, day: str, now: datetime) -> list[dict]:
        found = self.asked("refund-query-by-day", now, v_mid=MID, v_ymd=day, v_mac=mac(MID, day), v_version="1.1")
        return [told(row) for row in found.find("messagebody")]


def query_of(delivery) -> str:
    """What a notification says, sent either way."""
    return delivery.url.partition("?")[2] if delivery.body is None else delivery.body.decode()
