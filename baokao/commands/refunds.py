"""`baokao refunds list|again|book`: refunds that a person has to look at, until the national office has its desk."""

import argparse
import sys
from collections.abc import Callable
from datetime import datetime
from functools import partial
from uuid import UUID

from baokao.core import clock
from baokao.core.clock import local
from baokao.payments import providers, services
from baokao.payments.bills import queries
from baokao.payments.models import Refund
from baokao.payments.words import BACK

HELP = "list the refunds that are stuck, have one sent again, or book what was given back by hand"
# How much of a refund's id is shown, and enough to name it.
SHOWN = 8


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One word, and what belongs to it."""
    words = parser.add_subparsers(dest="word", required=True)
    words.add_parser("list", help="what waits for a person; exits 1 when there is any")
    again = words.add_parser(
        "again", help="send it again: it is not at the provider, or what it was refused for is past"
    )
    book = words.add_parser("book", help="book it as given back: it was done in the provider's own pages")
    book.add_argument("--trade", default="", help="the provider's number of it")
    for one in (again, book):
        one.add_argument("refund", help="its id, or enough of its beginning")
        one.add_argument("--by", required=True, help="who has looked")
        one.add_argument("--reason", required=True, help="what was found at the provider, and what was done")


def run(arguments: argparse.Namespace) -> int:
    """Do what the word says."""
    deeds: dict[str, Callable[[argparse.Namespace], int]] = {"list": _list, "again": _again, "book": _book}
    return deeds[arguments.word](arguments)


def _list(_: argparse.Namespace) -> int:
    found = list(queries.stuck_refunds())
    for refund in found:
        print(_line(refund))
    print(f"受阻退款 {len(found)} 笔。")
    return 1 if found else 0


def _line(refund: Refund) -> str:
    settlement = refund.settlement
    parts = [
        refund.id.hex[:SHOWN], providers.NAMES[settlement.provider], f"{refund.amount:.2f}",
        f"订单 {settlement.attempt.number}", f"退款 {refund.number}", f"{local(refund.made_at):%Y-%m-%d %H:%M} 起",
        BACK.get(refund.why, refund.why), refund.trouble,
    ]  # fmt: skip
    return "  ".join(parts)


def _again(arguments: argparse.Namespace) -> int:
    return _decide(arguments, services.send_refund_again, "将重新退款")


def _book(arguments: argparse.Namespace) -> int:
    return _decide(arguments, partial(services.book_refund, trade=arguments.trade), "已入账")


def _decide(arguments: argparse.Namespace, deed: Callable[[UUID, str, str, datetime], Refund], said: str) -> int:
    wanted = arguments.refund.replace("-", "").lower()
    found = [one for one in queries.stuck_refunds() if wanted and one.id.hex.startswith(wanted)]
    if len(found) != 1:
        print("没有这笔受阻退款。" if not found else "有多笔退款以此开头，请写得更长。", file=sys.stderr)
        return 1
    try:
        deed(found[0].id, arguments.by, arguments.reason, clock.now())
    except (ValueError, Refund.DoesNotExist):
        print("未处理：须写明处理人（40 字以内）和原因（200 字以内），且该退款尚受阻。", file=sys.stderr)
        return 1
    print(f"{said}：{_line(found[0])}")
    return 0
