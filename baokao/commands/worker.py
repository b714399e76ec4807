"""`baokao worker`: jobs and the loops of every second, until SIGTERM."""

import argparse

from baokao.core import worker

HELP = "the job worker; needs a direct connection to the database (no PgBouncer)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How many jobs at once."""
    parser.add_argument("--concurrency", type=int, default=worker.CONCURRENCY, help="jobs at once (4)")


def run(arguments: argparse.Namespace) -> None:
    """Work; in production refuses to start with anything unsafe."""
    worker.run(arguments.concurrency)
