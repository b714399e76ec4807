"""`baokao provider`: the sandbox's payment providers, until SIGTERM."""

import argparse
import signal
import threading
from datetime import UTC, datetime
from typing import Any

from baokao.config import place

HELP = "the sandbox's payment providers, which speak the protocols of 支付宝 and 首信易支付 without real money"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen, and how fast unanswered notifications come again."""
    parser.add_argument("--port", type=int, default=place.provider_port(), help="port on 127.0.0.1 (BAOKAO_PORT + 3)")
    parser.add_argument(
        "--site",
        default=f"http://127.0.0.1:{place.port()}",
        help="the site that 首信易支付 notifies (port BAOKAO_PORT)",
    )
    parser.add_argument("--factor", type=float, default=1.0, help="stretches the schedule of notifications (1.0)")


def run(arguments: argparse.Namespace) -> None:
    """Serve and notify. In production it refuses to start."""
    if place.environment() == "production":
        raise SystemExit("The sandbox's provider moves no real money; it refuses to run with BAOKAO_ENV=production.")
    if not 0 < arguments.factor <= 10:
        raise SystemExit("--factor is a number above 0 and at most 10.")
    from baokao.sandbox.provider import demonstration
    from baokao.sandbox.provider.alipay.desk import Desk as AlipayDesk
    from baokao.sandbox.provider.payease.desk import Desk as PayEaseDesk
    from baokao.sandbox.provider.server import serving
    from baokao.sandbox.provider.site import Site

    stop = threading.Event()
    for wish in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wish, lambda number, frame: stop.set())
    data, base_url, factor = place.data(), f"http://127.0.0.1:{arguments.port}", arguments.factor
    alipay = AlipayDesk(demonstration.alipay(data, base_url, factor), demonstration.alipay_file(data))
    payease = PayEaseDesk(
        demonstration.payease(data, base_url, arguments.site, factor), demonstration.payease_file(data)
    )
    with serving(Site(alipay, _now, payease), arguments.port):
        senders = [threading.Thread(target=_send, args=(desk, stop), name=desk.HOUSE) for desk in (alipay, payease)]
        for each in senders:
            each.start()
        for each in senders:
            each.join()
    for desk in (alipay, payease):
        desk.close()


def _send(desk: Any, stop: threading.Event) -> None:
    from baokao.sandbox.provider import sender

    try:
        sender.run(desk, _now, stop)
    finally:
        # A provider that notifies no more is no provider; whoever watches starts it again.
        stop.set()


def _now() -> datetime:
    return datetime.now(UTC)
