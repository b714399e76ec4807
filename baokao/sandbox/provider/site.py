"""Every address of the provider's process: each protocol brings its routes, and a few are shared."""

import re
from collections.abc import Callable
from datetime import datetime

from baokao.sandbox.provider import pages
from baokao.sandbox.provider.alipay import views as alipay
from baokao.sandbox.provider.alipay.desk import Desk
from baokao.sandbox.provider.http import Answer, Request, redirect
from baokao.sandbox.provider.payease import views as payease
from baokao.sandbox.provider.payease.desk import Desk as PayEaseDesk


class Site:
    """The application: a request in, an answer out. `clock` tells the moment, which is read once a request."""

    def __init__(self, desk: Desk | PayEaseDesk, clock: Callable[[], datetime], *more: Desk | PayEaseDesk) -> None:
        """The desk of one provider, or of several; the first one's books are the front page."""
        self._desks, self._clock = (desk, *more), clock

    def __call__(self, request: Request) -> Answer:
        """Answer it."""
        if request.path == "/":
            return redirect(f"/{self._desks[0].HOUSE}/books/")
        if request.path == "/healthz":
            return Answer(200, b"ok\n", "text/plain")
        return pages.file(request.path) or self._routed(request)

    def _routed(self, request: Request) -> Answer:
        now = self._clock()
        for desk in self._desks:
            for methods, pattern, handler in _ROUTES[desk.HOUSE]:
                match = re.fullmatch(pattern, request.path)
                if match and request.method not in methods.split():
                    return Answer(405, b"method not allowed\n", "text/plain", {"Allow": methods.replace(" ", ", ")})
                if match:
                    try:
                        return handler(desk, request, match[1] if match.lastindex else "", now)
                    except LookupError:
                        break
        return pages.page(
            "told.html", status=404, title="没有这个页面", lines=["地址不存在，或付款页面已失效。"], link="", code=""
        )


_ROUTES = {"alipay": alipay.ROUTES, "payease": payease.ROUTES}
