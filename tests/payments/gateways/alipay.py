"""Alipay for tests: signatures made apart from the adapter's code, and a wire that answers what was laid down."""

import base64
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256, HashAlgorithm

from baokao.payments.gateways.alipay.account import Account
from baokao.payments.gateways.alipay.gateway import Alipay
from baokao.payments.gateways.breaker import Breaker
from baokao.payments.gateways.calls import Caller
from baokao.payments.gateways.contract import Message, Unknown
from baokao.payments.gateways.http import Deadline, Request

VECTORS = json.loads((Path(__file__).parent / "vectors" / "alipay_rsa2.json").read_text())
CASES = {case["id"]: case for case in VECTORS["cases"]}


def private_key(name: str) -> rsa.RSAPrivateKey:
    """A key of the vectors, from its numbers."""
    numbers = VECTORS["keys"][name]["rsa_numbers_hex"]
    n, d, p, q = (int(numbers[part], 16) for part in "ndpq")
    public = rsa.RSAPublicNumbers(numbers["e"], n)
    crt = (rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q))
    return rsa.RSAPrivateNumbers(p, q, d, *crt, public).private_key()


OURS = private_key("app")
THEIRS = private_key("gateway")
APP, SELLER, NUMBER, TRADE = "9021000100000001", "2088000000000099", "REG202611230001", "2026112322001400110000000001"
ACCOUNT = Account("https://alipay.test/gateway.do", APP, SELLER, OURS, (THEIRS.public_key(),))
PAID = {name: value for name, value in CASES["notify"]["params"].items() if name != "sign_type"}


def signature(text: str, key: rsa.RSAPrivateKey = THEIRS, digest: HashAlgorithm | None = None) -> str:
    return base64.b64encode(key.sign(text.encode(), padding.PKCS1v15(), digest or SHA256())).decode()


def signed(fields: dict[str, str], key: rsa.RSAPrivateKey = THEIRS, **more: Any) -> dict[str, str]:
    """The fields with `sign_type` and a right signature."""
    text = "&".join(f"{name}={fields[name]}" for name in sorted(fields))
    return fields | {"sign_type": "RSA2", "sign": signature(text, key, **more)}


def notification(fields: dict[str, str] | bytes) -> Message:
    """The fields as they are, as a POST."""
    body = fields if isinstance(fields, bytes) else urlencode(fields).encode()
    return Message("POST", b"", body, "application/x-www-form-urlencoded; charset=utf-8")


def told(**changes: str | None) -> Message:
    """A notification of a payment, rightly signed, with changes; None takes a field away."""
    changed = PAID | changes
    return notification(signed({name: value for name, value in changed.items() if value is not None}))


def answer(method: str, fields: dict[str, Any] | str, key: rsa.RSAPrivateKey | None = THEIRS) -> bytes:
    """The body of an answer: signed, or without a signature when there is no key."""
    text = fields if isinstance(fields, str) else json.dumps(fields, ensure_ascii=False)
    name = method.replace(".", "_") + "_response"
    sign = f',"sign":"{signature(text, key)}"' if key else ""
    return f'{{"{name}":{text}{sign}}}'.encode()


def done(method: str, **fields: Any) -> bytes:
    return answer(method, {"code": "10000", "msg": "Success", **fields})


def refusal(method: str, problem: str, code: str = "40004") -> bytes:
    return answer(method, {"code": code, "msg": "Business Failed", "sub_code": problem, "sub_msg": "说明"})


class Script:
    """A transport that answers what was laid down, in order, and keeps what was asked."""

    def __init__(self, *answers: bytes | Unknown, file: bytes = b"") -> None:
        self.answers, self.file = list(answers), file
        self.asked: list[dict[str, str]] = []
        self.fetched: list[str] = []

    def exchange(self, request: Request, deadline: Deadline) -> bytes:
        _, _, query = request.url.partition("?")
        self.asked.append(dict(parse_qsl(query) + parse_qsl((request.body or b"").decode())))
        said = self.answers.pop(0)
        if isinstance(said, Unknown):
            raise said
        return said

    def download(self, url: str, into: Any, most: int, deadline: Deadline) -> None:
        self.fetched.append(url)
        into.write(self.file)

    @property
    def contents(self) -> list[dict[str, str]]:
        return [json.loads(asked["biz_content"]) for asked in self.asked]


def alipay(script: Script, account: Account = ACCOUNT) -> Alipay:
    return Alipay(account, Caller(script, Breaker("Alipay"), seconds=3))
