"""The gateway's answers as exact bytes, and what a refusal says."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from baokao.sandbox.provider.alipay import rsa2

MESSAGES = {
    "10000": "Success",
    "20000": "Service Currently Unavailable",
    "40001": "Missing Required Arguments",
    "40002": "Invalid Arguments",
    "40004": "Business Failed",
    "40006": "Insufficient Permissions",
}
ERROR = "error_response"


class Refused(Exception):
    """A call that is refused, in the vendor's words."""

    def __init__(self, code: str, sub_code: str, sub_msg: str) -> None:
        super().__init__(sub_code)
        self.code, self.sub_code, self.sub_msg = code, sub_code, sub_msg

    def fields(self) -> dict[str, Any]:
        """The answer's object."""
        return {
            "code": self.code, "msg": MESSAGES[self.code], "sub_code": self.sub_code, "sub_msg": self.sub_msg,
        }  # fmt: skip


def done(**fields: Any) -> dict[str, Any]:
    """The object of a call that was answered; whether anything happened is told by its fields."""
    return {"code": "10000", "msg": MESSAGES["10000"], **fields}


def name_of_answer(method: str) -> str:
    """`alipay.trade.query` → `alipay_trade_query_response`."""
    return f"{method.replace('.', '_')}_response"


def text_of(fields: Mapping[str, Any]) -> str:
    """The object's text, which is what is signed."""
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def envelope(name: str, text: str, signature: str | None) -> bytes:
    """The whole answer: the object first, then the signature, nothing between."""
    tail = f',"sign":"{signature}"' if signature else ""
    return f'{{"{name}":{text}{tail}}}'.encode()


def signed_pairs(fields: Mapping[str, str], key: RSAPrivateKey) -> dict[str, str]:
    """A return's or a notification's fields with `sign_type` and `sign` at their end; empty ones are never sent."""
    kept = {name: value for name, value in fields.items() if value}
    return {**kept, "sign_type": "RSA2", "sign": rsa2.sign(rsa2.text_of_message(kept), key)}


def encoded(fields: Mapping[str, str]) -> str:
    """As a query or a form's body."""
    return urlencode(fields)
