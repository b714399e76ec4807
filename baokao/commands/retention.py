"""`baokao retention`: delete or blank what has been kept long enough (docs/retention.md)."""

import argparse

from baokao.core import clock
from baokao.core.models import RetentionRun
from baokao.core.retention import runner
from baokao.core.words import shown

HELP = "delete or blank what has been kept long enough; the worker does it every night"
LATEST = 60


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing, a look ahead, or a look back."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--dry-run", action="store_true", help="only count what is due")
    which.add_argument("--report", action="store_true", help="tell what the latest runs did")


def run(arguments: argparse.Namespace) -> None:
    """Print a line a duty."""
    if arguments.report:
        for line in RetentionRun.objects.order_by("-ran_at", "name")[:LATEST]:
            print(f"{shown(line.ran_at)}  {line.name:24} {line.rows}")
        return
    now = clock.now()
    for outcome in runner.due(now) if arguments.dry_run else runner.run(now):
        deed = "blanked" if outcome.duty.blank else "deleted"
        told = f"{outcome.rows} due to be {deed}" if arguments.dry_run else f"{outcome.rows} {deed}"
        print(f"{outcome.duty.name:24} kept {outcome.duty.kept.days} days: {told}", flush=True)
