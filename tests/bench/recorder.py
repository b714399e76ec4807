"""What a service sends to the database, recorded with its values, and played again without the service.

`python -m tests.bench.recorder FILE SECONDS` verifies the signature of each recorded message and then sends its
statements, in the same transactions and by the same kind of cursor; it tells how many messages it came to.
"""

import base64
import json
import pickle
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import psycopg


@dataclass(frozen=True)
class Sent:
    """One statement: `bound` on the server or put into the text by the client, and whether within a transaction. An
    empty text is the commit."""

    text: str
    values: Any = None
    bound: bool = False
    together: bool = False


@contextmanager
def recording() -> Iterator[list[Sent]]:
    """The statements that this process sends meanwhile, in order."""
    sent: list[Sent] = []
    execute, commit = psycopg.Cursor.execute, psycopg.Connection.commit

    def recorded(cursor: Any, query: Any, values: Any = None, **more: Any) -> Any:
        bound = not isinstance(cursor, psycopg.ClientCursor)
        sent.append(Sent(str(query), values, bound, not cursor.connection.autocommit))
        return execute(cursor, query, values, **more)

    def committed(connection: Any) -> None:
        sent.append(Sent("", together=True))
        commit(connection)

    psycopg.Cursor.execute, psycopg.Connection.commit = recorded, committed  # type: ignore[assignment,method-assign]
    try:
        yield sent
    finally:
        psycopg.Cursor.execute, psycopg.Connection.commit = execute, commit  # type: ignore[method-assign]


def play(raw: "psycopg.Connection[Any]", sent: list[Sent]) -> None:
    """Send the statements again."""
    for one in sent:
        if not one.text:
            raw.commit()
            continue
        if raw.autocommit is one.together:
            raw.autocommit = not one.together
        if one.bound:
            psycopg.Cursor(raw).execute(one.text, one.values, prepare=True)
        else:
            psycopg.ClientCursor(raw).execute(one.text, one.values)


def _work(file: Path, seconds: float) -> None:
    import django

    django.setup()
    from cryptography.hazmat.primitives.asymmetric import padding
    from cryptography.hazmat.primitives.hashes import SHA256

    from baokao.core.raw import raw_connection
    from tests.payments.gateways.alipay import THEIRS

    heard = pickle.loads(file.read_bytes())
    key, raw = THEIRS.public_key(), raw_connection()
    print("ready", flush=True)
    sys.stdin.readline()
    begun, count = time.monotonic(), 0
    for body, sent in heard:
        if time.monotonic() - begun >= seconds:
            break
        fields = dict(parse_qsl(body.decode(), keep_blank_values=True))
        signature = base64.b64decode(fields.pop("sign"))
        del fields["sign_type"]
        text = "&".join(f"{name}={fields[name]}" for name in sorted(fields))
        key.verify(signature, text.encode(), padding.PKCS1v15(), SHA256())
        play(raw, sent)
        count += 1
    print(json.dumps([count, time.monotonic() - begun]))


if __name__ == "__main__":
    _work(Path(sys.argv[1]), float(sys.argv[2]))
