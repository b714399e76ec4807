"""Pages and switches that every provider has: 待发通知, the sums as data, faults over HTTP."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from baokao.sandbox.provider import pages
from baokao.sandbox.provider.desk import BookedDesk
from baokao.sandbox.provider.http import Answer, Request, redirect

# A provider's desk, the request, what its address named, and the moment. Each provider's own views know their desk.
Handler = Callable[[Any, Request, str, datetime], Answer]
Routes = tuple[tuple[str, str, Handler], ...]


def notices(desk: BookedDesk, request: Request, number: str, now: datetime) -> Answer:
    """待发通知: what waits, what was sent and answered; 立即发送."""
    if request.method == "POST":
        desk.send_now(int(number), now)
        return redirect(f"/{desk.HOUSE}/notices/")
    return pages.page("notices.html", house=desk.HOUSE, notices=desk.notices())


def books_as_data(desk: BookedDesk, request: Request, _: str, now: datetime) -> Answer:
    """The sums as JSON, amounts in fen: `{"2026-11-23": {"payments": 1, "paid": 12000, …}}`."""
    return _json({day: vars(each) for day, each in desk.totals().items()})


def switches(desk: BookedDesk, request: Request, _: str, now: datetime) -> Answer:
    """POST arms a fault, `{"on": "alipay.trade.refund", "name": "down", "after": true}`; DELETE disarms all."""
    if request.method == "DELETE":
        desk.disarm()
        return _json({})
    try:
        wished = json.loads(request.body)
        desk.arm(wished.pop("on"), wished.pop("name"), **wished)
    except (ValueError, KeyError, TypeError, AttributeError) as wrong:
        return _json({"error": str(wrong)}, 400)
    return _json({})


def shared(house: str) -> Routes:
    """The addresses of these, below a provider's name."""
    return (
        ("GET", rf"/{house}/notices/", notices),
        ("POST", rf"/{house}/notices/([0-9]{{1,15}})/send/", notices),
        ("GET", rf"/{house}/books\.json", books_as_data),
        ("POST DELETE", rf"/{house}/faults", switches),
    )


def _json(content: object, status: int = 200) -> Answer:
    return Answer(status, json.dumps(content).encode(), "application/json")
