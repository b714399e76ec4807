"""A merchant, written by hand from the protocol page: signs requests, verifies answers, shares no code with anyone."""

import base64
import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from baokao.sandbox.provider.alipay.config import Application, Config
from baokao.sandbox.provider.alipay.desk import Desk

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "alipay_rsa2.json").read_text())
CASES = {case["id"]: case for case in VECTORS["cases"]}
APP_ID, SELLER_ID = "9021000100000001", "2088000000000099"
BEIJING = timezone(timedelta(hours=8))
NOTIFY, RETURN = "http://exam.example/pay/alipay/notify", "http://exam.example/pay/alipay/return"
TEN = datetime(2026, 11, 23, 10, 0, tzinfo=BEIJING)


def key_of(name: str) -> rsa.RSAPrivateKey:
    """A private key of the vectors, from its numbers."""
    numbers = VECTORS["keys"][name]["rsa_numbers_hex"]
    n, d, p, q = (int(numbers[part], 16) for part in "ndpq")
    public = rsa.RSAPublicNumbers(numbers["e"], n)
    return rsa.RSAPrivateNumbers(p, q, d, d % (p - 1), d % (q - 1), rsa.rsa_crt_iqmp(p, q), public).private_key()


APP_KEY, GATEWAY_KEY = key_of("app"), key_of("gateway")


def a_desk(file=None, base_url="http://127.0.0.1:1", **more) -> Desk:
    known = Application(APP_ID, SELLER_ID, APP_KEY.public_key())
    return Desk(Config(base_url, GATEWAY_KEY, {APP_ID: known}, **more), file)


def signed(method: str, biz: dict | str | None, now: datetime, /, key=APP_KEY, **more) -> tuple[tuple[str, str], ...]:
    """The parameters of a request; `more` adds or replaces some before signing, None takes one away."""
    params = {
        "app_id": APP_ID,
        "method": method,
        "format": "JSON",
        "charset": "utf-8",
        "sign_type": "RSA2",
        "timestamp": f"{now.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}",
        "version": "1.0",
        "biz_content": biz if isinstance(biz, str) else json.dumps(biz, ensure_ascii=False),
    } | more
    params = {name: value for name, value in params.items() if value is not None}
    if "sign" not in more:
        text = "&".join(f"{name}={params[name]}" for name in sorted(params) if params[name])
        raw = key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
        params["sign"] = base64.b64encode(raw).decode()
    return tuple((name, value) for name, value in params.items() if value is not None)


def order(number="REG202611230001", amount="120.00", **more) -> dict:
    found = {
        "out_trade_no": number,
        "product_code": "FAST_INSTANT_TRADE_PAY",
        "subject": "2027年考试报名费",
        "total_amount": amount,
    } | more
    return {name: value for name, value in found.items() if value is not None}


def order_on_a_phone(number="REG202611230001", amount="120.00", **more) -> dict:
    return order(number, amount, product_code="QUICK_WAP_WAY", quit_url="http://exam.example/quit", **more)


def is_signed(text: bytes, signature: str, key=GATEWAY_KEY) -> bool:
    try:
        raw = base64.b64decode(signature, validate=True)
        key.public_key().verify(raw, text, padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, ValueError):
        return False
    return True


def read_answer(body: bytes) -> tuple[dict, bool]:
    """The object of an answer, and whether its exact bytes are signed well."""
    text = body.decode()
    whole = json.loads(text)
    name = next(iter(whole))
    assert name.endswith("_response"), text
    start = text.index(":") + 1
    found, end = json.JSONDecoder().raw_decode(text, start)
    return found, "sign" in whole and is_signed(text[start:end].encode(), whole["sign"])


def read_message(text: str) -> tuple[dict, bool]:
    """The fields of a return or a notification, and whether they are signed well."""
    fields = dict(parse_qsl(text, keep_blank_values=True, strict_parsing=True))
    assert all(fields.values()), "no empty value is ever sent"
    kept = {name: value for name, value in fields.items() if name not in ("sign", "sign_type")}
    joined = "&".join(f"{name}={kept[name]}" for name in sorted(kept))
    return fields, is_signed(joined.encode(), fields.get("sign", ""))


class Merchant:
    """Talks to a desk in this process, at whatever moment it is told."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def call(self, method: str, now: datetime, **biz) -> dict:
        """A server's call; the answer is signed well."""
        answer = self.desk.gateway(signed(method, biz, now), now)
        fields, good = read_answer(answer.body)
        assert good
        assert answer.mishap is None
        return fields

    def send(self, biz: dict, now: datetime, method="alipay.trade.page.pay", **more) -> str:
        """A browser arrives with this order; the visit's token."""
        more = {"notify_url": NOTIFY, "return_url": RETURN} | more
        return self.desk.arrive(signed(method, biz, now, **more), now)

    def pay(self, number: str, now: datetime, *faults: str, amount="120.00", phone=False, **more) -> None:
        """A whole payment at one moment."""
        method = "alipay.trade.wap.pay" if phone else "alipay.trade.page.pay"
        biz = order_on_a_phone(number, amount, **more) if phone else order(number, amount, **more)
        self.desk.pay(self.send(biz, now, method), now, faults)

    def query(self, number: str, now: datetime) -> dict:
        return self.call("alipay.trade.query", now, out_trade_no=number)

    def close(self, number: str, now: datetime) -> dict:
        return self.call("alipay.trade.close", now, out_trade_no=number)

    def refund(self, number: str, amount: str, request_no: str | None, now: datetime, **more) -> dict:
        biz = {"out_trade_no": number, "refund_amount": amount, "out_request_no": request_no} | more
        biz = {name: value for name, value in biz.items() if value is not None}
        return self.call("alipay.trade.refund", now, **biz)

    def refund_query(self, number: str, request_no: str, now: datetime, **more) -> dict:
        return self.call(
            "alipay.trade.fastpay.refund.query", now, out_trade_no=number, out_request_no=request_no, **more
        )


def query_of(pairs) -> str:
    return urlencode(pairs)


__all__ = ["UTC", "Merchant", "a_desk"]
