"""`baokao switch NAME on|off`: the operators' switches."""

import argparse

from baokao.core import clock, switches

HELP = "turn a switch: entries-paused or read-only, on or off"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which switch, and which way."""
    parser.add_argument("name", choices=switches.NAMES)
    parser.add_argument("state", choices=("on", "off"))


def run(arguments: argparse.Namespace) -> int:
    """Turn it; every web process follows within two seconds."""
    switches.turn(arguments.name, arguments.state == "on", clock.now())
    print(f"{arguments.name} is {arguments.state}.")
    return 0
