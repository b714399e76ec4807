"""Expiry of 200,000 entries, 20,000 of them on the offering that visitors are entering meanwhile, page by page.

Several processes run the worker's expiry and its sealer as `baokao worker` does. How long every request of the
visitors took is kept: nobody may notice that the clocks are busy. The proof a7 does the same with 100,000.
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.bench import cpu, journey
from tests.bench.walking import VISITORS, WARMING, Walkers
from tests.site import Site, environment_of

LATE, HOT, WORKERS = 200_000, 20_000, 2
CAMPUSES = 1000
# Seconds of looking at the pages alone.
BEFORE = 10.0

_ENTRIES = """
INSERT INTO registration_entry (id, sitting_id, registration_id, offering_id, subject_id, level, kind, way, state, fee,
                                made_at, held_until)
SELECT gen_random_uuid(), r.sitting_id, r.id, o.id, '1', 4, 'written', 'candidate', 'unpaid', 0.01,
       now() - interval '25 hours', now() - random() * interval '1 hour'
  FROM generate_series(1, %(late)s) AS n
  JOIN registration_registration r ON r.id = {registration}
  JOIN exams_offering o ON o.subject_id = '1'
   AND o.campus_id = CASE WHEN n <= %(hot)s THEN '993010' ELSE (990010 + n %% %(campuses)s)::text END
"""
_COUNTED = """
UPDATE exams_offering o SET taken = counted.entries
  FROM (SELECT offering_id, count(*) AS entries FROM registration_entry GROUP BY offering_id) counted
 WHERE counted.offering_id = o.id
"""


@dataclass
class Meanwhile:
    """What visitors met while the entries ended: seconds it took, pages asked for, and the slowest of them; and the
    slowest in the seconds before, when the workers were idle."""

    seconds: float = 0.0
    pages: int = 0
    worst: tuple[str, float] = ("", 0.0)
    before: float = 0.0


def run() -> list[dict[str, object]]:
    """One row."""
    stage(LATE, HOT)
    site = Site("tests.bench.bare:application", workers=2, threads=4)
    try:
        before = cpu.spent(site).database
        found = measure(site, WORKERS)
        database = cpu.spent(site).database - before
    finally:
        site.stop()
    page, slowest = found.worst
    return [
        {
            "bench": f"expiry of {LATE:,} entries, {HOT:,} on one selling offering",
            "ours": f"{found.seconds:.1f} s, {LATE / found.seconds:.0f}/s, {database / LATE * 1e6:.0f} µs database",
            "against": f"slowest of {found.pages} pages meanwhile: {slowest * 1000:.0f} ms ({page})",
            "ratio": f"slowest before: {found.before * 1000:.0f} ms", "goal": "< 30 s, pages < 500 ms",
        }
    ]  # fmt: skip


def stage(late: int, hot: int) -> None:
    """So many entries whose time is over, one a registration, and records that the visitors will look up."""
    from django.db import connection

    from tests.bench import people

    journey.stage(VISITORS)
    people.crowd(late, CAMPUSES)
    with connection.cursor() as cursor:
        statement = _ENTRIES.format(registration=people.uuid_sql("registration", "n"))
        cursor.execute(statement, {"late": late, "hot": hot, "campuses": CAMPUSES})
        cursor.execute(_COUNTED)
        cursor.execute("UPDATE registration_registration SET empty_since = NULL")
    connection.set_autocommit(True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE registration_entry, exams_offering, registration_registration")


def measure(site: Site, workers: int) -> Meanwhile:
    """Let so many workers end everything that is late while visitors walk through the site."""
    found = Meanwhile()
    with _workers(workers) as begin, Walkers(site) as walkers:
        time.sleep(WARMING)
        walkers.take()
        time.sleep(BEFORE)
        found.before = max(seconds for _, seconds in walkers.take())
        begun = time.monotonic()
        begin()
        while _late():
            time.sleep(0.1)
        found.seconds = time.monotonic() - begun
        pages = walkers.take()
    found.pages, found.worst = len(pages), max(pages, key=lambda page: page[1])
    return found


@contextmanager
def _workers(count: int) -> Iterator[Callable[[], None]]:
    """Worker processes that are ready; calling what is yielded lets them begin."""
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.bench.expiry"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, env=os.environ | environment_of("worker"),
        )
        for _ in range(count)
    ]  # fmt: skip

    def begin() -> None:
        for worker in started:
            assert worker.stdin is not None
            worker.stdin.write("go\n")
            worker.stdin.flush()

    try:
        for worker in started:
            assert worker.stdout is not None
            assert worker.stdout.readline().strip() == "ready"
        yield begin
    finally:
        for worker in started:
            worker.kill()
            worker.wait()


def _late() -> bool:
    from baokao.core import clock
    from baokao.registration.models import Entry

    return Entry.objects.filter(state="unpaid", held_until__lte=clock.now()).exists()


def _work() -> None:
    """The worker's loops of this bench, until the process is killed."""
    import django

    django.setup()
    from baokao.core import loops
    from baokao.registration.models import Entry

    Entry.objects.exists()
    print("ready", flush=True)
    sys.stdin.readline()
    wanted = tuple(loop for loop in loops.all_loops() if loop.name in ("sealer", "expiry"))
    for thread in loops.start(threading.Event(), wanted):
        thread.join()


if __name__ == "__main__":
    _work()
