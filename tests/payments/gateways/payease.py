"""PayEase for tests: digests and signatures made apart from the adapter's code, and messages and answers of theirs."""

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_from_bytes

from cryptography.hazmat.primitives.asymmetric import rsa

from baokao.payments.gateways.breaker import Breaker
from baokao.payments.gateways.calls import Caller
from baokao.payments.gateways.contract import Message
from baokao.payments.gateways.payease.account import Account
from baokao.payments.gateways.payease.gateway import PayEase
from tests.payments.gateways.alipay import Script

VECTORS = json.loads((Path(__file__).parent / "vectors" / "payease_hmac_md5.json").read_text())
KEY, MERCHANT, OPERATOR = VECTORS["key"], "888", "1001"
ORDER, NUMBER = "20261123-888-REG0001", "20261123REG0001"
_NUMBERS = VECTORS["rsa_key_for_v_sign"]["rsa_numbers_hex"]
MODULUS, PRIVATE = int(_NUMBERS["n"], 16), int(_NUMBERS["d"], 16)
PUBLIC_KEY = rsa.RSAPublicNumbers(_NUMBERS["e"], MODULUS).public_key()
ACCOUNT = Account(
    "https://pay.payease.test", "https://api.payease.test", MERCHANT, (KEY.encode(),), PUBLIC_KEY, OPERATOR
)
BANKS = {"9": "中国工商银行", "85": "中国银行"}
PAID = VECTORS["notification"]["one_paid"]["fields"]
TWO = VECTORS["notification"]["two_orders_one_rejected"]["fields"]
RETURNED = VECTORS["browser_return"]["success_20"]["fields"]


def mac(message: str | bytes, key: str = KEY) -> str:
    raw = message if isinstance(message, bytes) else message.encode("gbk")
    return hmac.new(key.encode(), raw, hashlib.md5).hexdigest()


def sign(message: str, private: int = PRIVATE, modulus: int = MODULUS) -> str:
    """By plain arithmetic: the MD5 in letters, padded by type 1 without a hash's name."""
    digest = hashlib.md5(message.encode()).hexdigest().encode()
    block = b"\x00\x01" + b"\xff" * (128 - 3 - len(digest)) + b"\x00" + digest
    return f"{pow(int.from_bytes(block), private, modulus):0256x}"


def proofs(fields: dict[str, str], key: str = KEY) -> dict[str, str]:
    """What the operator adds to a notification's fields."""
    whole = "".join(fields[name] for name in ("v_oid", "v_pmode", "v_pstatus", "v_pstring", "v_count"))
    signed = "".join(fields[name] for name in ("v_oid", "v_pstatus", "v_amount", "v_moneytype", "v_count"))
    money = fields["v_amount"] + fields["v_moneytype"]
    return {"v_md5money": mac(money, key), "v_sign": sign(signed), "v_mac": mac(whole, key)}


def query(fields: dict[str, str]) -> bytes:
    """The fields on the wire, Chinese in GBK."""
    return "&".join(f"{name}={quote(value, safe='', encoding='gbk')}" for name, value in fields.items()).encode()


def notification(fields: dict[str, str] | bytes, method: str = "GET") -> Message:
    """The fields as they are."""
    raw = fields if isinstance(fields, bytes) else query(fields)
    return Message(method, raw, b"") if method == "GET" else Message(method, b"", raw)


def told(**changes: str) -> Message:
    """A notification of a payment with changes, its proofs right."""
    changed = PAID | changes
    return notification(changed | proofs(changed))


def returned(**changes: str) -> Message:
    """A browser's return with changes, its proofs right."""
    fields = RETURNED | changes
    whole = "".join(fields[name] for name in ("v_oid", "v_pstatus", "v_pstring", "v_pmode"))
    signed = "".join(fields[name] for name in ("v_oid", "v_pstatus", "v_amount", "v_moneytype"))
    money = mac(fields["v_amount"] + fields["v_moneytype"])
    return Message("GET", query(fields | {"v_md5info": mac(whole), "v_md5money": money, "v_sign": sign(signed)}), b"")


def element(name: str, inside: str) -> str:
    return f"<{name}>{inside}</{name}>"


def elements(fields: dict[str, str]) -> str:
    return "".join(element(name, value) for name, value in fields.items())


def document(root: str, head: dict[str, str], row: str, rows: list[dict[str, str]], charset: str = "GB2312") -> bytes:
    """The body of an answer with a head and rows."""
    body = "".join(element(row, elements(one)) for one in rows)
    text = element(root, element("messagehead", elements(head)) + element("messagebody", body))
    return f'<?xml version="1.0" encoding="{charset}"?>\n{text}'.encode("gbk" if charset == "GB2312" else charset)


def order_row(**changes: str) -> dict[str, str]:
    """An order of an answer, paid unless changed, and signed."""
    fields = {"orderindex": "1", "oid": ORDER, "pmode": "中国工商银行", "pstatus": "1", "pstring": "支付成功"}
    fields |= {"amount": "120.00", "moneytype": "0", "isvirement": "0"} | changes
    signed = fields["oid"] + fields["pstatus"] + fields["amount"] + fields["moneytype"]
    return fields | ({} if "sign" in changes else {"sign": sign(signed)})


def orders(*rows: dict[str, str], **head: str) -> bytes:
    found = {"status": "0", "statusdesc": "Success", "mid": MERCHANT, "oid": ORDER} | head
    return document("ordermessage", found, "order", list(rows))


def refund_row(**changes: str) -> dict[str, str]:
    found = {"refundindex": "1", "refid": "R1", "refamount": "20.00", "refmoneytype": "0", "refdate": "20261124"}
    return found | {"refstatus": "0", "reftype": "0", "offline_ref_status": "", "refreason": "x"} | changes


def refunds(*rows: dict[str, str], **head: str) -> bytes:
    found = {"status": "0", "statusdesc": "Success", "mid": MERCHANT, "oid": ORDER, "version": "1.1"} | head
    return document("refmessage", found, "refund", list(rows), "UTF-8")


def refunded(**changes: str) -> bytes:
    """The answer to a refund of 20 yuan, taken unless changed, and signed."""
    fields = {"status": "0", "statusdesc": "Success", "mid": MERCHANT, "oid": ORDER, "refamount": "20.00"}
    fields |= {"refoprt": OPERATOR, "refid": "R2026112300000001"} | changes
    signed = "".join(fields[name] for name in ("status", "mid", "oid", "refamount", "refoprt", "refid"))
    fields |= {} if "sign" in changes else {"sign": sign(signed)}
    return f'<?xml version="1.0" encoding="GB2312"?>{element("refmessage", elements(fields))}'.encode("gbk")


def refusal(text: str, status: str = "1") -> bytes:
    return refunded(status=status, statusdesc=text, refid="", sign="")


def payease(*answers: Any, account: Account = ACCOUNT) -> tuple[PayEase, Script]:
    """The adapter, and the wire that answers what was laid down."""
    script = Script(*answers)
    return PayEase(account, Caller(script, Breaker("PayEase"), seconds=3), BANKS), script


def as_variant_b(fields: dict[str, str], lower: bool = False) -> bytes:
    """The notification as newer systems of the operator send it: digest over the text as encoded in UTF-8."""
    texts = {name: quote_from_bytes(fields[name].encode(), safe="") for name in ("v_pmode", "v_pstring")}
    if lower:
        texts = {name: text.lower() for name, text in texts.items()}
    whole = fields["v_oid"] + texts["v_pmode"] + fields["v_pstatus"] + texts["v_pstring"] + fields["v_count"]
    plain = {name: value for name, value in (fields | proofs(fields)).items() if name not in (*texts, "v_mac")}
    raw = query(plain).decode() + "".join(f"&{name}={text}" for name, text in texts.items())
    return f"{raw}&v_mac={mac(whole)}".encode()
