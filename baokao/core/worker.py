"""The job worker: the loops of every second, and the jobs, in one process that stops gracefully on SIGTERM."""

import threading

import structlog
from django.db import connection
from procrastinate.contrib.django import app

from baokao.core import checks, clock, loops
from baokao.core.captcha import pool

log = structlog.get_logger("baokao.worker")

# Seconds that running jobs get to end after a signal; what is left then is run again by the next worker.
GRACE = 20.0
CONCURRENCY = 4


def run(concurrency: int = CONCURRENCY) -> None:
    """Work until SIGTERM or SIGINT. Needs a connection of its own (no PgBouncer): jobs are announced by LISTEN."""
    checks.refuse_if_unsafe()
    stop = threading.Event()
    threads = loops.start(stop, loops.all_loops())
    _first_pictures()
    log.info("worker.started")
    try:
        with app.replace_connector(app.connector.get_worker_connector()) as working:  # type: ignore[attr-defined]
            working.run_worker(
                concurrency=concurrency,
                shutdown_graceful_timeout=GRACE,
                fetch_job_polling_interval=5.0,
                delete_jobs="successful",
            )
    finally:
        stop.set()
        for thread in threads:
            thread.join(GRACE)
        connection.close()
        log.info("worker.stopped")


def _first_pictures() -> None:
    """A new house has captchas before its first minute is over."""
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM core_captchapicture WHERE made_at > %s", [now - pool.HANDED_OUT])
        (held,) = cursor.fetchone()
    pool.fill(now, max(0, pool.A_MINUTE - held))
