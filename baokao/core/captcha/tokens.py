"""The token under a picture: it is all that a shown captcha leaves behind, and it is good for one answer.

It holds the purpose, the moment of issue, the picture, a nonce and a keyed hash of the answer, signed. Showing one
writes nothing; answering one inserts the token's digest, which can be done once (proof a14).
"""

import base64
import hashlib
import hmac
import secrets
import struct
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core.signing import BadSignature, Signer
from django.db import connection

from baokao.core import clock
from baokao.core.captcha import pool
from baokao.core.crypto.digests import digest
from baokao.core.raw import light
from baokao.core.verdict import ACCEPTED, Refused, Verdict

LIFE = timedelta(minutes=10)
WRONG = Refused("captcha.wrong", "验证码错误，请按新图片重新输入", about="captcha")
MISSING = Refused("captcha.missing", "请输入验证码", about="captcha")

_BODY = struct.Struct(">I16s9s16s")
_signer_salt = "baokao.core.captcha"


@dataclass(frozen=True)
class Token:
    """A token whose signature is ours."""

    purpose: str
    issued: datetime
    picture: uuid.UUID
    nonce: bytes
    mac: bytes


def issue(purpose: str) -> str:
    """A new token for a form, which serves as the picture's name too. `purpose` is the form's, such as `login`."""
    picture = pool.pick()
    nonce = secrets.token_bytes(9)
    mac = _mac(purpose, nonce, pool.answer_of(picture))
    body = _BODY.pack(int(clock.now().timestamp()), picture.id.bytes, nonce, mac)
    return _signer().sign(f"{purpose}.{base64.urlsafe_b64encode(body).decode().rstrip('=')}")


def read(token: str) -> Token | None:
    """The token's content, or None when it isn't one of ours. Its age and purpose are the caller's to judge."""
    try:
        purpose, _, encoded = _signer().unsign(token).partition(".")
        issued, picture, nonce, mac = _BODY.unpack(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    except (BadSignature, ValueError, struct.error):
        return None
    return Token(purpose, datetime.fromtimestamp(issued, UTC), uuid.UUID(bytes=picture), nonce, mac)


def alive(token: Token, now: datetime) -> bool:
    """Whether the token is younger than ten minutes."""
    return now - token.issued < LIFE


def check(token: str, answer: str, purpose: str, now: datetime) -> Verdict:
    """Judge an answer, using the token up whether it is right or wrong.

    A missing answer uses nothing up. A token that is forged, expired or for another form, and one that has been
    answered before, are refused like a wrong answer. Call it outside of a transaction: nothing may take the use back.
    """
    # Full-width digits come from Chinese input methods; a blank from a careless finger.
    typed = "".join(answer.split()).translate(_HALF_WIDTH)
    if not typed:
        return MISSING
    found = read(token)
    if found is None or found.purpose != purpose or not alive(found, now):
        return WRONG
    if not use_up(found, now):
        return WRONG
    if not hmac.compare_digest(found.mac, _mac(purpose, found.nonce, typed)):
        return WRONG
    return ACCEPTED


def use_up(token: Token, now: datetime) -> bool:
    """Mark the token as answered; False when it already was. Of any number at once exactly one is told True."""
    content = token.picture.bytes + token.nonce + token.mac
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO core_captchause (digest, used_at) SELECT %s, %s WHERE {light()} ON CONFLICT DO NOTHING",
            [hashlib.sha256(content).digest(), now],
        )
        return cursor.rowcount == 1


def clean(now: datetime) -> int:
    """Remove the uses of tokens that are long past their life; how many there were."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_captchause WHERE used_at < %s", [now - 2 * LIFE])
        return cursor.rowcount


_HALF_WIDTH = {ord("０") + digit: str(digit) for digit in range(10)}


def _mac(purpose: str, nonce: bytes, answer: str) -> bytes:
    return digest(f"captcha:{purpose}", f"{nonce.hex()}:{answer}")[1:17]


def _signer() -> Signer:
    return Signer(salt=_signer_salt)
