"""How far behind the house is: read from the database, for /metrics and for `baokao check`."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

_STATEMENT = """
SELECT
  (SELECT extract(epoch FROM %(now)s - min(due_at)) FROM core_outbox
    WHERE sent_at IS NULL AND given_up_at IS NULL AND due_at <= %(now)s),
  (SELECT count(*) FROM core_outbox WHERE sent_at IS NULL AND given_up_at IS NULL),
  (SELECT count(*) FROM core_outbox WHERE given_up_at IS NOT NULL),
  (SELECT extract(epoch FROM %(now)s - min(coalesce(scheduled_at, %(now)s))) FROM procrastinate_jobs
    WHERE status = 'todo' AND coalesce(scheduled_at, %(now)s) <= %(now)s),
  (SELECT count(*) FROM core_captchapicture)
"""


@dataclass(frozen=True)
class Backlog:
    """What waits. Ages are in seconds, 0 where nothing waits."""

    outbox_age: float
    outbox_waiting: int
    outbox_given_up: int
    oldest_job_age: float
    captcha_pictures: int


@dataclass(frozen=True)
class Loop:
    """One of the worker's loops: seconds since it came round, and seconds it was behind then."""

    name: str
    silent: float
    behind: float


@dataclass(frozen=True)
class Invariant:
    """One invariant's latest result and how many seconds ago it was asked."""

    name: str
    violations: int
    age: float


@dataclass(frozen=True)
class Trouble:
    """Something that only a person can put right: `name` and what it is `about` for machines, how many rows it holds
    up, and a sentence for the operator. Nothing personal."""

    name: str
    about: str
    count: int
    sentence: str


def backlog(now: datetime) -> Backlog:
    """What waits to be done, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, {"now": now})
        outbox_age, waiting, given_up, job_age, pictures = cursor.fetchone()
    return Backlog(float(outbox_age or 0), waiting, given_up, float(job_age or 0), pictures)


def beat(name: str, behind: float, now: datetime) -> None:
    """A loop of the worker came round, that many seconds behind its work."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_heartbeat (name, beat_at, behind) VALUES (%s, %s, %s)"
            " ON CONFLICT (name) DO UPDATE SET beat_at = excluded.beat_at, behind = excluded.behind",
            [name, now, behind],
        )


def loops(now: datetime) -> list[Loop]:
    """The worker's loops, as they last told."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, extract(epoch FROM %s - beat_at), behind FROM core_heartbeat ORDER BY name", [now])
        return [Loop(name, float(silent), behind) for name, silent, behind in cursor.fetchall()]


def invariants(now: datetime) -> list[Invariant]:
    """The invariants' latest results."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, violations, extract(epoch FROM %s - ran_at) FROM core_invariantrun ORDER BY name", [now]
        )
        return [Invariant(name, violations, float(age)) for name, violations, age in cursor.fetchall()]


def troubles(now: datetime) -> list[Trouble]:
    """The apps' own troubles; `settings.TROUBLES` names the functions that look for them."""
    return [trouble for path in settings.TROUBLES for trouble in import_string(path)(now)]


def retention_age(now: datetime) -> float:
    """Seconds since the nightly clean-up ran; before its first night, since the house was made."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM %s - coalesce(max(ran_at), (SELECT min(applied) FROM django_migrations)))"
            " FROM core_retentionrun",
            [now],
        )
        return float(cursor.fetchone()[0] or 0)


def exposition(now: datetime) -> str:
    """All of it in Prometheus' text format. A silent loop's lag grows with its silence."""
    found = backlog(now)
    lines = [
        "baokao_database_up 1",
        f"baokao_outbox_oldest_seconds {found.outbox_age:.3f}",
        f"baokao_outbox_waiting {found.outbox_waiting}",
        f"baokao_outbox_given_up {found.outbox_given_up}",
        f"baokao_oldest_job_seconds {found.oldest_job_age:.3f}",
        f"baokao_captcha_pictures {found.captcha_pictures}",
        f"baokao_retention_age_seconds {retention_age(now):.0f}",
    ]
    lines += [f'baokao_loop_lag_seconds{{loop="{loop.name}"}} {loop.behind + loop.silent:.3f}' for loop in loops(now)]
    for invariant in invariants(now):
        lines.append(f'baokao_invariant_violations{{name="{invariant.name}"}} {invariant.violations}')
        lines.append(f'baokao_invariant_age_seconds{{name="{invariant.name}"}} {invariant.age:.3f}')
    lines += [
        f'baokao_trouble{{name="{trouble.name}",about="{trouble.about}"}} {trouble.count}' for trouble in troubles(now)
    ]
    return "\n".join(lines) + "\n"
