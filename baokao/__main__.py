"""The command line: `baokao COMMAND …`. The commands stand in baokao/commands, one file each."""

import argparse
import contextlib
import os
import sys
from collections.abc import Iterator
from importlib import import_module

from baokao.commands import TABLE, Command
from baokao.config import env, place


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns its exit code. A trouble that a person can mend is a sentence, not a traceback."""
    words = sys.argv[1:] if arguments is None else arguments
    command = next((command for command in TABLE if words and command.name == words[0]), None)
    if command is None:
        return _list(words)
    if command.name == "demo":
        os.environ.setdefault("BAOKAO_ENV", "demo")
    os.environ.setdefault("BAOKAO_ROLE", command.role)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "baokao.config.settings")
    asks_for_help = bool({"-h", "--help"} & set(words))
    try:
        with _database(wanted=command.django and not asks_for_help):
            return _run(command, words[1:])
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of our output went away (`baokao audit | head`); there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _run(command: Command, words: list[str]) -> int:
    if command.django:
        import django

        django.setup()
    module = import_module(command.module)
    parser = argparse.ArgumentParser(prog=f"baokao {command.name}", description=module.HELP)
    module.add_arguments(parser)
    return int(module.run(parser.parse_args(words)) or 0)


@contextlib.contextmanager
def _database(*, wanted: bool) -> Iterator[None]:
    """In demonstration and tests, the embedded database for as long as the command needs it: the one that runs, or one
    started for this command. It has to run before the settings are read."""
    if not wanted or place.environment() == "production" or env.text("BAOKAO_DATABASE_URL"):
        yield
        return
    from baokao.sandbox.database import Trouble, running

    try:
        with running(place.data(), durable=place.environment() == "demo"):
            yield
    except Trouble as trouble:
        raise SystemExit(str(trouble)) from None


def _list(words: list[str]) -> int:
    """Print what there is; only being asked for it is a success."""
    lines = ["Usage: baokao COMMAND …", "", "报考: registration for the College English Test.", ""]
    lines += [f"  {command.name:12} {command.line}" for command in TABLE]
    lines += ["", "baokao COMMAND --help tells more of one."]
    asked = words in (["-h"], ["--help"], ["help"])
    print("\n".join(lines), file=sys.stdout if asked else sys.stderr)
    return 0 if asked else 2


if __name__ == "__main__":
    sys.exit(main())
