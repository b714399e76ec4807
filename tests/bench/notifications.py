"""Bench 9: notifications a second over HTTP, against RSA2 verification plus the same statements without HTTP; and the
CPU of a whole journey that is paid for.

The statements are those that the service really sent, recorded with their values and played again by psycopg's own
cursors, one process a line, each after the verification of one signature. Rounds alternate, from the same state.
"""

import json
import os
import pickle
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.bench.client import Visitor
from tests.bench.database import checkpoint
from tests.payments.wire import ENVIRONMENT
from tests.site import Site, environment_of

LINES, SHARE, ROUNDS, SECONDS = 8, 250, 3, 8.0
FORM = "application/x-www-form-urlencoded; charset=utf-8"


def run() -> list[dict[str, object]]:
    """A row of the notifications and one of the journey."""
    return [_notifications(), _journey()]


def _notifications() -> dict[str, object]:
    bodies = _stage(LINES * SHARE)
    with TemporaryDirectory() as folder:
        _record(bodies, Path(folder))
        heard, played = [], []
        site = Site("tests.bench.bare:application", workers=os.cpu_count() or 1, threads=4, **ENVIRONMENT)
        try:
            for _ in range(ROUNDS):
                _undo()
                heard.append(_over_http(site.port, bodies))
                _undo()
                played.append(_without_http(Path(folder)))
        finally:
            site.stop()
    ratio = median(one / other for one, other in zip(heard, played, strict=True))
    return {
        "bench": "notifications of payments", "ours": f"{median(heard):.0f}/s",
        "against": f"{median(played):.0f}/s RSA2 and the same statements", "ratio": round(ratio, 2), "goal": "≥ 0.3",
    }  # fmt: skip


def _stage(count: int) -> list[bytes]:
    """So many candidates, each with an entry that is being paid for; the signed messages that they are paid."""
    from django.db import connection

    from baokao.core import clock
    from baokao.payments.models import Attempt
    from tests.bench import people
    from tests.payments.gateways.alipay import PAID, signed

    now = clock.now()
    people.build(count, 100, now)
    number = people.uuid_sql("registration", "n")
    offering = "SELECT id FROM exams_offering WHERE campus_id = (990010 + n % 100)::text"
    statements = (
        "CREATE TEMPORARY TABLE paying AS SELECT n, gen_random_uuid() AS entry, gen_random_uuid() AS bought,"
        f" gen_random_uuid() AS attempt, {number} AS registration, ({offering}) AS offering"
        f" FROM generate_series(1, {count}) AS n",
        "INSERT INTO registration_entry (id, sitting_id, registration_id, offering_id, subject_id, level, kind, way,"
        " state, fee, made_at, held_until, lock, locked_by)"
        " SELECT entry, '20262', registration, offering, '1', 4, 'written', 'candidate', 'unpaid', 0.01, now(),"
        " now() + interval '1 day', 'payment', attempt FROM paying",
        "UPDATE exams_offering o SET taken = (SELECT count(*) FROM paying WHERE offering = o.id)",
        "INSERT INTO payments_order (id, sitting_id, passport_id, registration_id, amount, made_at)"
        " SELECT bought, '20262', r.passport_id, r.id, 0.01, now()"
        " FROM paying JOIN registration_registration r ON r.id = registration",
        "INSERT INTO payments_line (id, order_id, registration_id, entry_id, offering_id, subject_id, amount)"
        " SELECT gen_random_uuid(), bought, registration, entry, offering, '1', 0.01 FROM paying",
        "INSERT INTO payments_attempt (id, sitting_id, order_id, provider, number, bank, amount, state, started_at,"
        " expires_at, gives_up_at, asked) SELECT attempt, '20262', bought, 'alipay', '20261122B' || n, '', 0.01,"
        " 'open', now(), now() + interval '1 day', now() + interval '2 days', 0 FROM paying",
        "DROP TABLE paying",
    )
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    paid = (
        PAID | {"out_trade_no": attempt, "trade_no": f"T{attempt}", "total_amount": "0.01"}
        for attempt in Attempt.objects.order_by("number").values_list("number", flat=True)
    )
    return [urlencode(signed(fields)).encode() for fields in paid]


def _undo() -> None:
    """Nobody has paid yet."""
    from django.db import connection

    connection.set_autocommit(True)
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE payments_ledger, payments_allotment, payments_refund, payments_settlement, payments_notification,"
            " core_audit, core_outbox"
        )
        cursor.execute("UPDATE payments_attempt SET state = 'open', paid_at = NULL")
        cursor.execute(
            "UPDATE registration_entry e SET state = 'unpaid', lock = 'payment', locked_by = a.id"
            " FROM payments_attempt a JOIN payments_line l ON l.order_id = a.order_id WHERE l.entry_id = e.id"
        )
        cursor.execute("VACUUM ANALYZE")
    checkpoint()


def _over_http(port: int, bodies: list[bytes]) -> float:
    """Notifications a second over several lines that are kept open."""
    until = time.monotonic() + SECONDS
    with ThreadPoolExecutor(LINES) as pool:
        begun = time.monotonic()
        done = sum(pool.map(lambda line: _line(port, bodies[line::LINES], until), range(LINES)))
        return done / (time.monotonic() - begun)


def _line(port: int, bodies: list[bytes], until: float) -> int:
    done = 0
    with socket.create_connection(("127.0.0.1", port)) as line:
        for body in bodies:
            if time.monotonic() >= until:
                break
            head = f"POST /pay/notify/alipay/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: {FORM}\r\n"
            line.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
            answer = b""
            while not answer.endswith(b"success"):
                piece = line.recv(65536)
                assert piece, "hung up on"
                assert b"fail" not in piece, f"not acknowledged: {answer + piece!r}"
                answer += piece
            done += 1
    return done


def _record(bodies: list[bytes], folder: Path) -> None:
    """Let the service hear each message, and keep what it sent to the database, a file a line."""
    from baokao.core import clock
    from baokao.payments import providers, services
    from baokao.payments.gateways.contract import Message
    from tests.bench.recorder import recording
    from tests.payments.gateways.alipay import Script, alipay

    made, configured = {"alipay": alipay(Script())}, providers.configured
    providers.configured = lambda: made  # type: ignore[assignment]
    for line in range(LINES):
        heard = []
        for body in bodies[line::LINES]:
            with recording() as sent:
                assert services.hear("alipay", Message("POST", b"", body, FORM), "192.0.2.9", clock.now())
            heard.append((body, sent))
        (folder / str(line)).write_bytes(pickle.dumps(heard))
    providers.configured = configured


def _without_http(folder: Path) -> float:
    """Verifications and statements a second, all processes released together."""
    workers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.bench.recorder", str(folder / str(line)), str(SECONDS)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | environment_of("web"),
        )
        for line in range(LINES)
    ]  # fmt: skip
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline().strip() == "ready"
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    with ThreadPoolExecutor(LINES) as pool:
        done = [json.loads(out[0]) for out in pool.map(lambda worker: worker.communicate(), workers)]
    return sum(count for count, _ in done) / max(seconds for _, seconds in done)


def _journey() -> dict[str, object]:
    """From the first page to 支付成功, the provider's notification among the requests."""
    from tests.bench import journey

    journey.stage(journey.VISITORS)
    figures = journey.spent(None, _paying(), **ENVIRONMENT)
    hashing = 2 * journey.hash_ms()
    web, database = (sum(figure[part] for figure in figures.values()) for part in (0, 1))
    own = sum(sum(figures[name]) for name in _paying())
    return {
        "bench": "the whole journey, paid", "ours": f"{web - hashing:.1f} ms web, {database:.1f} ms database",
        "against": f"{own:.1f} ms of them to pay", "ratio": f"{web - hashing + database:.1f} ms in all", "goal": "",
    }  # fmt: skip


def _paying() -> dict[str, Any]:
    """The steps after entering: the three pages, off to the provider, its notification, the result."""
    from tests.payments.gateways.alipay import PAID, signed

    codes = ["1", "4", "F"]

    def notified(visitor: Visitor, n: int) -> None:
        asked = parse_qs(urlsplit(visitor.headers["location"]).query)
        order = json.loads(asked["biz_content"][0])
        paid = {"out_trade_no": order["out_trade_no"], "total_amount": order["total_amount"]}
        body = urlencode(signed(PAID | paid | {"trade_no": f"T{order['out_trade_no']}"}))
        visitor._send("POST", "/pay/notify/alipay/", body)
        assert visitor.page == "success", visitor.page

    return {
        "GET /my/pay/": lambda v, n: v.get("/my/pay/"),
        "pay: sure": lambda v, n: v.post("/my/pay/", step="sure", subject=codes),
        "pay: way": lambda v, n: v.post("/my/pay/", step="way", subject=codes),
        "POST /my/pay/ and off": lambda v, n: v.post("/my/pay/", step="go", subject=codes, way="alipay"),
        "pay: notification": notified,
        "GET /my/pay/result/": lambda v, n: v.get("/my/pay/result/"),
    }
