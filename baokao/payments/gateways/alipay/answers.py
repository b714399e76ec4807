"""Answers to our calls: the object exactly as it stands in the body is what Alipay signed, so it is cut out and never
written anew. What is unsigned is no evidence of anything."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from baokao.payments.gateways.alipay import signing
from baokao.payments.gateways.alipay.account import Account
from baokao.payments.gateways.contract import Unknown

_DECODER = json.JSONDecoder()
_BLANKS = " \t\r\n"


@dataclass(frozen=True)
class Answer:
    """A signed answer. `code` is 10000 when done, else `problem` is Alipay's word for why not (`sub_code`)."""

    code: str
    problem: str
    fields: Mapping[str, Any]

    @property
    def done(self) -> bool:
        return self.code == "10000"

    def text(self, name: str) -> str:
        """A field as text, empty when it is missing or something else."""
        value = self.fields.get(name)
        return value if isinstance(value, str) else ""


def read(account: Account, method: str, body: bytes) -> Answer:
    """The answer to a call of `method`. `Unknown` for anything unsigned, signed wrongly or unreadable, and for answers
    that say themselves that the outcome isn't known."""
    try:
        members = _members(body.decode())
    except (ValueError, RecursionError) as failed:
        raise Unknown("The provider's answer is no JSON of the expected form.") from failed
    name = method.replace(".", "_") + "_response"
    text, fields = members.get(name) or members.get("error_response") or ("", None)
    _, signature = members.get("sign", ("", None))
    if not isinstance(fields, dict) or not isinstance(signature, str):
        raise Unknown(f"The provider's answer is unsigned or not about {method}{_codes(fields)}.")
    if not signing.verifies(text, signature, account.public_keys):
        raise Unknown("The provider's answer is signed by somebody else.")
    answer = Answer(str(fields.get("code", "")), str(fields.get("sub_code", "")), fields)
    if not answer.code or answer.code == "20000" or answer.problem == "ACQ.SYSTEM_ERROR":
        raise Unknown(f"The provider does not know the outcome itself{_codes(fields)}.")
    return answer


def _members(text: str) -> dict[str, tuple[str, Any]]:
    """The members of the one object that is the body: each with its exact text and what it means.

    Braces can't be counted, for values may hold some; so a JSON decoder reads each value and says where it ended.
    """
    found: dict[str, tuple[str, Any]] = {}
    place = _expect(text, 0, "{")
    while True:
        key, place = _value(text, place)
        start = _skip(text, _expect(text, place, ":"))
        value, place = _value(text, start)
        if not isinstance(key, str) or key in found:
            raise ValueError("a member that is none, or stands there twice")
        found[key] = (text[start:place], value)
        place = _skip(text, place)
        if text[place : place + 1] != ",":
            break
        place += 1
    if _skip(text, _expect(text, place, "}")) != len(text):
        raise ValueError("something follows the object")
    return found


def _value(text: str, place: int) -> tuple[Any, int]:
    return _DECODER.raw_decode(text, _skip(text, place))


def _expect(text: str, place: int, mark: str) -> int:
    place = _skip(text, place)
    if text[place : place + 1] != mark:
        raise ValueError(f"no {mark}")
    return place + 1


def _skip(text: str, place: int) -> int:
    while text[place : place + 1] and text[place] in _BLANKS:
        place += 1
    return place


def _codes(fields: Any) -> str:
    """What an operator needs to look a refusal up; shortened, since anybody may have written it."""
    if not isinstance(fields, dict):
        return ""
    return f" ({str(fields.get('code', ''))[:20]} {str(fields.get('sub_code', ''))[:60]})"
