"""`baokao bills list|fetch|differences|settle`: reconciliation by hand, until the national office has its desk."""

import argparse
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from baokao.core import clock
from baokao.core.clock import local
from baokao.payments import providers, services
from baokao.payments.bills import queries
from baokao.payments.models import Difference

HELP = "list and fetch the providers' daily bills; list and settle their differences from the ledger"
# How much of a difference's id is shown, and enough to name it.
SHOWN = 8


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One word, and what belongs to it."""
    words = parser.add_subparsers(dest="word", required=True)
    listing = words.add_parser("list", help="the newest bills, with their sums and differences")
    listing.add_argument("--days", type=int, default=30, metavar="N", help="how many bills (30)")
    fetching = words.add_parser("fetch", help="fetch a day's bill now, also one that was fetched before")
    fetching.add_argument("provider", choices=tuple(providers.NAMES))
    fetching.add_argument("day", type=date.fromisoformat, metavar="YYYY-MM-DD")
    differing = words.add_parser("differences", help="what waits for a person; exits 1 when there is any")
    differing.add_argument("--all", action="store_true", help="the settled ones too, with who, when and why")
    settling = words.add_parser("settle", help="say that a difference has been dealt with")
    settling.add_argument("difference", help="its id, or enough of its beginning")
    settling.add_argument("--by", required=True, help="who has dealt with it")
    settling.add_argument("--reason", required=True, help="what it was, and what was done")


def run(arguments: argparse.Namespace) -> int:
    """Do what the word says."""
    deeds: dict[str, Callable[[argparse.Namespace], int]] = {
        "list": _list, "fetch": _fetch, "differences": _differences, "settle": _settle,
    }  # fmt: skip
    return deeds[arguments.word](arguments)


def _list(arguments: argparse.Namespace) -> int:
    for bill, listed in queries.latest(arguments.days):
        print(
            f"{bill.day} {providers.NAMES[bill.provider]} {bill.get_state_display()}"
            f"  收款 {bill.payments} 笔 {bill.paid:.2f}，退款 {bill.refunds} 笔 {bill.refunded:.2f}"
            f"，手续费 {bill.fees:.2f}"
            f"  待处理差异 {listed}" + (f"  （{bill.trouble}）" if bill.trouble else "")
        )
    return 0


def _fetch(arguments: argparse.Namespace) -> int:
    now = clock.now()
    if arguments.day >= local(now).date():
        print("只能下载已结束日期的账单。", file=sys.stderr)
        return 1
    if arguments.provider not in providers.configured():
        print(f"{providers.NAMES[arguments.provider]}未配置。", file=sys.stderr)
        return 1
    bill = services.bill_of(arguments.provider, arguments.day)
    services.fetch_bill(bill.id, now)
    bill.refresh_from_db()
    listed = Difference.objects.filter(bill=bill, state=Difference.State.LISTED).count()
    print(f"{bill.get_state_display()}：{bill.lines} 行，待处理差异 {listed}。")
    if bill.trouble:
        print(f"本次未能下载：{bill.trouble}", file=sys.stderr)
    return 1 if bill.trouble else 0


def _differences(arguments: argparse.Namespace) -> int:
    listed = 0
    for found in queries.differences(everything=arguments.all).iterator():
        listed += found.state == Difference.State.LISTED
        print(_line(found))
    print(f"待处理差异 {listed} 项。")
    return 1 if listed else 0


def _line(found: Difference) -> str:
    parts = [
        found.id.hex[:SHOWN], str(found.bill.day), providers.NAMES[found.bill.provider], found.get_kind_display(),
        f"本系统 {_yuan(found.ours)}，平台 {_yuan(found.theirs)}", f"订单 {found.number or '无'}",
    ]  # fmt: skip
    parts += [f"交易 {found.trade}"] if found.trade else []
    parts += [f"退款 {found.refund}"] if found.refund else []
    if found.settled_at:
        parts.append(f"{local(found.settled_at):%Y-%m-%d %H:%M} {found.settled_by}：{found.reason}")
    return "  ".join(parts)


def _yuan(amount: Decimal | None) -> str:
    return "无" if amount is None else f"{amount:.2f}"


def _settle(arguments: argparse.Namespace) -> int:
    found = list(_beginning_with(arguments.difference))
    if len(found) != 1:
        print("没有这项待处理差异。" if not found else "有多项差异以此开头，请写得更长。", file=sys.stderr)
        return 1
    try:
        settled = services.settle_difference(found[0].id, arguments.by, arguments.reason, clock.now())
    except (ValueError, Difference.DoesNotExist):
        print("未处理：须写明处理人（60 字以内）和原因（500 字以内），且该差异尚待处理。", file=sys.stderr)
        return 1
    print(f"已处理：{_line(settled)}")
    return 0


def _beginning_with(text: str) -> list[Difference]:
    wanted = text.replace("-", "").lower()
    listed = Difference.objects.filter(state=Difference.State.LISTED).values_list("id", flat=True)
    ids = [one for one in listed.iterator() if one.hex.startswith(wanted)][:2] if wanted else []
    return list(Difference.objects.filter(id__in=ids))
