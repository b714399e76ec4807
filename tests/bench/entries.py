"""Bench 1: entries a second through the service in eight processes, against pgbench with the same statements.

Both go over the same socket as the web role, to the same database, in the same order of statements; rounds alternate.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from urllib.parse import parse_qsl, urlsplit

from tests.bench.database import checkpoint
from tests.site import address, environment_of

PROCESSES, ROUNDS, SECONDS = 8, 3, 8.0
# How many candidates one process of one round may use up.
SHARE = 20_000


def run() -> list[dict[str, object]]:
    """Rows of (what, service a second, pgbench a second, ratio): one hot offering, then spread over 1,000."""
    return [_compare("one hot offering", 1, 0.5), _compare("spread over 1,000 offerings", 1000, 0.25)]


def _compare(what: str, campuses: int, goal: float) -> dict[str, object]:
    from baokao.core import clock
    from tests.bench import people

    people.build(PROCESSES * SHARE, campuses, clock.now())
    service, pgbench = [], []
    for _ in range(ROUNDS):
        service.append(_service())
        _undo()
        pgbench.append(_pgbench(campuses))
        _undo()
    ratio = median(one / other for one, other in zip(service, pgbench, strict=True))
    return {
        "bench": f"entries, {what}", "ours": f"{median(service):.0f}/s", "against": f"{median(pgbench):.0f}/s pgbench",
        "ratio": round(ratio, 2), "goal": f"≥ {goal}",
    }  # fmt: skip


def _undo() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE registration_entry, core_audit, core_outbox")
        cursor.execute("UPDATE exams_offering SET taken = 0")
        cursor.execute("UPDATE registration_registration SET empty_since = now()")
    connection.set_autocommit(True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE registration_entry, exams_offering, registration_registration")
    checkpoint()


def _service() -> float:
    """Entries a second, all processes released together when each has made one entry to warm up."""
    command = [sys.executable, "-m", "tests.bench.entries"]
    with ThreadPoolExecutor(PROCESSES) as pool:
        workers = [
            subprocess.Popen(
                [*command, str(n)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                env=os.environ | environment_of("web"),
            )
            for n in range(PROCESSES)
        ]  # fmt: skip
        for worker in workers:
            assert worker.stdout is not None
            assert worker.stdout.readline().strip() == "ready"
        for worker in workers:
            assert worker.stdin is not None
            worker.stdin.write("go\n")
            worker.stdin.flush()
        done = [json.loads(out[0]) for out in pool.map(lambda worker: worker.communicate(), workers)]
    return sum(count for count, _ in done) / max(seconds for _, seconds in done)


def _work(process: int) -> None:
    import django

    django.setup()
    from uuid import UUID

    from baokao.core import clock
    from baokao.registration.services import save_entries
    from tests.bench.people import SITTING, uuid_of

    passports: Iterator[UUID] = (UUID(uuid_of("passport", process * SHARE + n)) for n in range(1, SHARE + 1))
    codes = frozenset("1")
    for _ in range(20):
        save_entries(next(passports), SITTING, codes, clock.now())
    print("ready", flush=True)
    sys.stdin.readline()
    begun, count = time.monotonic(), 0
    while time.monotonic() - begun < SECONDS:
        save_entries(next(passports), SITTING, codes, clock.now())
        count += 1
    print(json.dumps([count, time.monotonic() - begun]))


def _pgbench(campuses: int) -> float:
    """Transactions a second of the same statements, over the same socket as the web role."""
    from baokao.sandbox.database import programs

    web = urlsplit(address("web"))
    where = dict(parse_qsl(web.query))
    with TemporaryDirectory() as folder:
        script = Path(folder) / "entry.sql"
        script.write_text(_script(campuses))
        command = [
            programs.find().path("pgbench"), "-n", "-M", "prepared", "-c", str(PROCESSES), "-j", "2",
            "-T", str(int(SECONDS)), "-D", "i=0", "-f", str(script), "-h", where.get("host") or web.hostname or "",
            "-p", str(where.get("port") or web.port or 5432), "-U", web.username or "", web.path.lstrip("/"),
        ]  # fmt: skip
        told = subprocess.run(
            command, check=True, capture_output=True, text=True, env=os.environ | {"PGPASSWORD": web.password or ""}
        )
    return float(next(line for line in told.stdout.splitlines() if line.startswith("tps")).split()[2])


def _script(campuses: int) -> str:
    """The service's own statements, with pgbench's variables in place of its parameters."""
    from baokao.core.audit.record import INSERT as AUDIT
    from baokao.core.outbox.write import INSERT as OUTBOX
    from baokao.exams import counters
    from baokao.registration import facts, standing
    from baokao.registration.services import plan
    from tests.bench.people import SITTING, uuid_sql

    registration, passport = uuid_sql("registration", ":n"), uuid_sql("passport", ":n")
    campus, offering = f"(990010 + :n % {campuses})::text", f"(1 + :n % {campuses})::bigint"
    named = {
        "registration": registration, "record": uuid_sql("record", ":n"), "passport": passport,
        "sitting": f"'{SITTING}'", "school": f"substr({campus}, 1, 5)",
        "campus": campus, "kinds": "ARRAY['written']", "places": "'{}'",
    }  # fmt: skip
    steps = [
        "BEGIN",
        _filled(standing.LOCK, passport, f"'{SITTING}'"),
        facts.STATEMENT % named,
        _filled(
            plan.INSERT, registration, "'candidate'", "now()", "ARRAY[gen_random_uuid()]", f"ARRAY[{offering}]",
            "ARRAY[0.01]", "ARRAY[now() + interval '24 hours']",
        ),
        _filled(plan.EMPTY_SINCE, "NULL", registration),
        _filled(
            AUDIT, "gen_random_uuid()", "now()", "'entries.saved'", "'passport:' || :n::text",
            "'registration:' || :n::text", f"'{SITTING}'", "'{\"added\": [\"1\"], \"given_up\": []}'", "1",
            "decode(repeat('00', 32), 'hex')",
        ),
        _filled(OUTBOX, "gen_random_uuid()", "'mail'", "decode(repeat('00', 250), 'hex')", "now()", "now()"),
        _filled(counters.TAKE, offering),
        "COMMIT",
    ]  # fmt: skip
    first = f"\\set i :i + 1\n\\set n :client_id * {SHARE} + :i\n"
    return first + ";\n".join(step.strip() for step in steps) + ";\n"


def _filled(statement: str, *values: str) -> str:
    parts = statement.split("%s")
    assert len(parts) == len(values) + 1
    return "".join(part + value for part, value in zip(parts, [*values, ""], strict=True))


if __name__ == "__main__":
    _work(int(sys.argv[1]))
