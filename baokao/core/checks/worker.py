"""Whether the worker lives and keeps up."""

from collections.abc import Iterator

from baokao.core import clock, loops, watch
from baokao.core.checks.finding import Finding

JOB_SECONDS = 60
INVARIANTS_SECONDS = 15 * 60
RETENTION_DAYS = 2


def findings() -> list[Finding]:
    """Findings about the loops, the outbox, the jobs, the invariants, and the troubles that the apps tell of."""
    now = clock.now()
    return [
        *_loops(watch.loops(now)),
        *_backlog(watch.backlog(now)),
        *_invariants(watch.invariants(now)),
        *_retention(watch.retention_age(now)),
        *(Finding("unsafe", trouble.name, trouble.sentence) for trouble in watch.troubles(now)),
    ]


def _loops(told: list[watch.Loop]) -> Iterator[Finding]:
    heard = {loop.name: loop for loop in told}
    for loop in loops.all_loops():
        found = heard.get(loop.name)
        if found is None or found.silent > loop.silent:
            yield Finding(
                "warning", "worker", f"The worker's {loop.name} has not been heard of for {loop.silent:.0f} s."
            )
        elif found.behind > loop.late:
            yield Finding("warning", "worker", f"The worker's {loop.name} is {found.behind:.0f} s behind.")


def _backlog(found: watch.Backlog) -> Iterator[Finding]:
    if found.oldest_job_age > JOB_SECONDS:
        yield Finding("warning", "jobs", f"A job has waited for {found.oldest_job_age:.0f} s.")
    if found.outbox_given_up:
        yield Finding("warning", "outbox", f"{found.outbox_given_up} mails were given up in the last month.")


def _invariants(found: list[watch.Invariant]) -> Iterator[Finding]:
    if not found or max(invariant.age for invariant in found) > INVARIANTS_SECONDS:
        yield Finding("warning", "invariants", "The invariants have not been asked in the last 15 minutes.")
    for invariant in found:
        if invariant.violations:
            yield Finding(
                "unsafe",
                "invariants",
                f"{invariant.name} was violated by {invariant.violations} rows; `baokao audit` lists them.",
            )


def _retention(age: float) -> Iterator[Finding]:
    if age > RETENTION_DAYS * 86400:
        yield Finding(
            "warning",
            "retention",
            f"Nothing old has been removed for {age / 86400:.0f} days; `baokao retention` does it by hand.",
        )
