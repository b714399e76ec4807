"""`baokao demo`: everything on this machine, until Ctrl-C."""

import argparse

from baokao.config import env, place

HELP = "start database, web server, worker, payment provider and mail catcher with data to try; Ctrl-C ends all of them"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No choices: BAOKAO_PORT and BAOKAO_DATA say where."""


def run(arguments: argparse.Namespace) -> None:
    """Run until Ctrl-C. What a person can mend is told in a sentence."""
    if place.environment() != "demo":
        raise SystemExit(f"BAOKAO_ENV is {place.environment()}; the demonstration runs with BAOKAO_ENV=demo only.")
    if env.text("BAOKAO_DATABASE_URL"):
        raise SystemExit("BAOKAO_DATABASE_URL is set; the demonstration brings its own database. Unset it.")
    from django.db import DatabaseError

    from baokao.sandbox.database import Trouble
    from baokao.sandbox.database.trouble import full
    from baokao.sandbox.demo.parts import GivenUp
    from baokao.sandbox.demo.run import run as run_demo

    try:
        run_demo()
    except (Trouble, GivenUp) as trouble:
        raise SystemExit(str(trouble)) from None
    except (OSError, DatabaseError) as failed:
        if "no space left" in str(failed).lower():
            raise SystemExit(str(full(place.data()))) from None
        raise
