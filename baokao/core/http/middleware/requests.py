"""A name for each request, one line in the log for it, and its place in the figures."""

import secrets
import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from baokao.core.http import metrics

log = structlog.get_logger("baokao.access")


class NameAndLogRequest:
    """Gives a request an id, and logs its route, status and time.

    The route is the pattern (`/lights/<campus_code>/`), never the path itself, and neither address nor account is
    logged: the line holds no personal data (rule H2). The id is in the answer too, for a person to quote.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        request_id = secrets.token_hex(8)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        response = self.get_response(request)
        response["X-Request-ID"] = request_id
        seconds = time.perf_counter() - started
        where = route(request)
        metrics.request_done(request.method or "", where, response.status_code, seconds)
        log.info(
            "request",
            method=request.method if request.method in metrics.METHODS else "other",
            route=where,
            status=response.status_code,
            ms=round(seconds * 1000, 1),
        )
        return response


def route(request: HttpRequest) -> str:
    """The pattern that the request's path matched, `static` for files, `unmatched` for what leads nowhere."""
    match = request.resolver_match
    if match is not None:
        return f"/{match.route}"
    return "static" if request.path_info.startswith(settings.STATIC_URL) else "unmatched"
