"""`baokao rotate-keys`: move stored values to the newest keys (docs/keys.md)."""

import argparse
import sys
import time

from baokao.core import switches
from baokao.core.crypto import rotation
from baokao.core.crypto.keys import UnknownKey

HELP = "seal anew what stands under an old encryption key; with --digests, digest anew too"
# After the switch is turned, every web process has seen it by then, and what it was writing is written.
SETTLE_SECONDS = switches.REMEMBERED_SECONDS + 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which keys, and how many rows at a time."""
    parser.add_argument("--digests", action="store_true", help="digest anew; needs the read-only switch to be on")
    parser.add_argument("--batch", type=int, default=rotation.BATCH, help="rows at a time (500)")


def run(arguments: argparse.Namespace) -> int:
    """Walk every sealed column, telling the progress. Safe to interrupt and to run again.

    1 when it may not run, or when a key is missing: what stands under it is left as it is.
    """
    if arguments.digests:
        if not switches.read_only():
            print("Digests are unique under one key only: first `baokao switch read-only on`.", file=sys.stderr)
            return 1
        time.sleep(SETTLE_SECONDS)
    steps = rotation.redigest(arguments.batch) if arguments.digests else rotation.reseal(arguments.batch)
    moved: dict[str, int] = {}
    try:
        for progress in steps:
            name = f"{progress.column.table}.{progress.column.sealed}"
            moved[name] = progress.moved
            print(f"{name}: {progress.moved} rows", flush=True)
    except UnknownKey as missing:
        print(f"Stopped: {missing}. Nothing is lost: put that key back and run this again.", file=sys.stderr)
        return 1
    print(f"{sum(moved.values())} values moved; all now stand under the newest key.")
    return 0
