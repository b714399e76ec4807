"""`baokao provider`: the sandbox's payment provider, until SIGTERM."""

import argparse
import signal
import threading
from datetime import UTC, datetime

from baokao.config import place

HELP = "the sandbox's payment provider, which speaks 支付宝's protocol without real money"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen, and how fast unanswered notifications come again."""
    parser.add_argument("--port", type=int, default=place.provider_port(), help="port on 127.0.0.1 (BAOKAO_PORT + 3)")
    parser.add_argument("--factor", type=float, default=1.0, help="stretches the schedule of notifications (1.0)")


def run(arguments: argparse.Namespace) -> None:
    """Serve and notify. In production it refuses to start."""
    if place.environment() == "production":
        raise SystemExit("The sandbox's provider moves no real money; it refuses to run with BAOKAO_ENV=production.")
    if not 0 < arguments.factor <= 10:
        raise SystemExit("--factor is a number above 0 and at most 10.")
    from baokao.sandbox.provider import demonstration, sender
    from baokao.sandbox.provider.alipay.desk import Desk
    from baokao.sandbox.provider.server import serving
    from baokao.sandbox.provider.site import Site

    stop = threading.Event()
    for wish in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wish, lambda number, frame: stop.set())
    base_url = f"http://127.0.0.1:{arguments.port}"
    config = demonstration.alipay(place.data(), base_url, arguments.factor)
    desk = Desk(config, demonstration.alipay_file(place.data()))
    with serving(Site(desk, _now), arguments.port):
        sender.run(desk, _now, stop)
    desk.close()


def _now() -> datetime:
    return datetime.now(UTC)
