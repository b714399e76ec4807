"""What the worker does by the clock. Each is safe to run twice."""

from datetime import timedelta

import structlog
from django.db import connection
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from baokao.core import clock, throttle
from baokao.core.captcha import pool, tokens
from baokao.core.invariants import runner
from baokao.core.retention import runner as retention

log = structlog.get_logger("baokao.tasks")

# A mail that went out or was given up has nothing left to tell after a month.
OUTBOX_KEPT = timedelta(days=30)


@app.periodic(cron="* * * * *")
@app.task(name="core.fill_captcha_pool", queueing_lock="core.fill_captcha_pool", pass_context=False)
def fill_captcha_pool(timestamp: int) -> None:
    """Every minute: new captcha pictures in place of old ones."""
    pool.fill(clock.now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="core.clean", queueing_lock="core.clean")
def clean(timestamp: int) -> None:
    """Every ten minutes: remove what has run out."""
    now = clock.now()
    log.info(
        "cleaned",
        throttles=throttle.clean(now),
        captcha_uses=tokens.clean(now),
        outbox=_clean_outbox(),
    )


@app.periodic(cron="*/5 * * * *")
@app.task(name="core.ask_invariants", queueing_lock="core.ask_invariants")
def ask_invariants(timestamp: int) -> None:
    """Every five minutes: run the invariants and keep how many rows each found."""
    violations = runner.run()
    runner.keep(violations, clock.now())
    for violation in violations:
        log.error("invariant.violated", name=violation.name, row=violation.row)


@app.periodic(cron="40 19 * * *")
@app.task(name="core.keep_no_longer", queueing_lock="core.keep_no_longer", pass_context=False)
def keep_no_longer(timestamp: int) -> None:
    """Every night (03:40 in Shanghai): delete or blank what has been kept long enough."""
    for _ in retention.run(clock.now()):
        pass


@app.periodic(cron="17 3 * * *")
@app.task(name="core.remove_old_jobs", queueing_lock="core.remove_old_jobs", pass_context=True)
async def remove_old_jobs(context: JobContext, timestamp: int) -> None:
    """Every night: forget the jobs that failed more than a month ago; those that went well are gone at once."""
    await context.app.job_manager.delete_old_jobs(nb_hours=30 * 24, include_failed=True)


@app.periodic(cron="* * * * *")
@app.task(name="core.take_up_stalled", queueing_lock="core.take_up_stalled", pass_context=True)
async def take_up_stalled(context: JobContext, timestamp: int) -> None:
    """Every minute: run again what a worker was doing when it died."""
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs():
        log.warning("job.stalled", job=job.id, task=job.task_name)
        try:
            await jobs.retry_job(job)
        except UniqueViolation:
            # The clock has asked for the same work again since; once is enough.
            await jobs.finish_job(job, Status.FAILED, delete_job=True)


def _clean_outbox() -> int:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_outbox WHERE coalesce(sent_at, given_up_at) < %s", [clock.now() - OUTBOX_KEPT])
        return cursor.rowcount
