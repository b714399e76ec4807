"""Running the invariants of `invariants.sql`, and the seals' hashes, which SQL has no key for."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from baokao.core.audit.verify import verify

FILE = Path(__file__).with_name("invariants.sql")
# Seals whose rows are hashed anew every five minutes; `baokao audit` takes all of them.
RECENT_SEALS = 600
# The sealer's second round comes within this time, so that a finding which is only a moment old goes away.
PATIENCE = 2.5

_HEAD = re.compile(r"^-- (I\d+): (.+)$")


@dataclass(frozen=True)
class Invariant:
    """One query: the invariant's name, the sentence of what it finds, and the statement."""

    name: str
    sentence: str
    statement: str


@dataclass(frozen=True)
class Violation:
    """One row that must not be: whose invariant, what it means, and the row's columns."""

    name: str
    sentence: str
    row: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.name}: {self.sentence}: " + ", ".join(f"{key}={value}" for key, value in self.row.items())


@lru_cache(maxsize=1)
def invariants() -> tuple[Invariant, ...]:
    """The queries of the file, in its order."""
    found: list[Invariant] = []
    name = sentence = ""
    lines: list[str] = []
    for line in [*FILE.read_text(encoding="utf-8").splitlines(), "-- I0: end"]:
        head = _HEAD.match(line)
        if head:
            if name:
                found.append(Invariant(name, sentence, "\n".join(lines).strip().rstrip(";")))
            name, sentence, lines = head[1], head[2], []
        else:
            lines.append(line)
    return tuple(found)


def run(*, every_seal: bool = False, patience: float = PATIENCE) -> list[Violation]:
    """Every violation, at most a hundred of each query. Those that may be of this very second are asked once more after
    `patience` seconds: a row written while the sealer slept is no fault."""
    with _prepared():
        found = _everything(every_seal)
        if patience and any(violation.name == "I11" for violation in found):
            time.sleep(patience)
            found = _everything(every_seal)
        return found


def keep(violations: list[Violation], now: datetime) -> None:
    """Write down how many rows each invariant found, for /metrics and `baokao check`."""
    counts = dict.fromkeys((invariant.name for invariant in invariants()), 0)
    for violation in violations:
        counts[violation.name] += 1
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO core_invariantrun (name, ran_at, violations) VALUES (%s, %s, %s)"
            " ON CONFLICT (name) DO UPDATE SET ran_at = excluded.ran_at, violations = excluded.violations",
            [(name, now, count) for name, count in counts.items()],
        )


def _everything(every_seal: bool) -> list[Violation]:
    return [violation for invariant in invariants() for violation in _ask(invariant)] + _seal_faults(every_seal)


@contextmanager
def _prepared() -> Iterator[None]:
    """Counting a whole country's entries takes longer than the roles' time-outs, made for pages, allow. And the queries
    know of no setting but what they are told."""
    hold = f"{settings.EMPTY_HOLD.total_seconds():.0f} seconds"
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '30min'")
        cursor.execute("SELECT set_config('baokao.empty_hold', %s, false)", [hold])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET statement_timeout")
            cursor.execute("RESET baokao.empty_hold")


def _ask(invariant: Invariant) -> Iterator[Violation]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({invariant.statement}) AS found LIMIT 100")  # noqa: S608 (our own file)
        names = [column.name for column in cursor.description]
        for row in cursor.fetchall():
            yield Violation(invariant.name, invariant.sentence, dict(zip(names, row, strict=True)))


def _seal_faults(every_seal: bool) -> list[Violation]:
    first = 1
    if not every_seal:
        with connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(max(number), 0) FROM core_seal")
            first = max(1, cursor.fetchone()[0] - RECENT_SEALS)
    sentence = "a seal that does not follow from its rows"
    return [
        Violation("I11", sentence, {"seal": fault.seal, "since": fault.since, "until": fault.until, "what": fault.what})
        for fault in verify(first, settings.SEAL_LOG)
    ]
