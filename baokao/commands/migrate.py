"""`baokao migrate`: tables and rights, as the owner."""

import argparse

from django.core.management import call_command

from baokao.config import grants

HELP = "bring the database's tables, and the rights of the web and worker roles, up to date"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No choices: the tables always go to the newest form, rights with them."""


def run(arguments: argparse.Namespace) -> None:
    """Migrate, then give the two other roles their rights anew."""
    call_command("migrate", interactive=False, verbosity=1)
    grants.apply()
    print("baokao_web and baokao_worker have the rights of baokao/config/grants.py.")
