"""A bound on the requests that one process has in flight: beyond it, a plain answer at once instead of a queue."""

import threading
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from baokao.core.http import metrics
from baokao.core.http.errors import bare

RETRY_AFTER = "5"
# What watches the house must still be answered when the house is full.
EXEMPT = frozenset({"/healthz", "/readyz", "/metrics"})


class ShedLoad:
    """Answers 503 with `Retry-After` while `IN_FLIGHT_LIMIT` other requests are under way in this process."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._lock = threading.Lock()
        self._in_flight = 0
        self._page = bare(503).encode()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info in EXEMPT:
            return self.get_response(request)
        with self._lock:
            full = self._in_flight >= settings.IN_FLIGHT_LIMIT
            if not full:
                self._in_flight += 1
        if full:
            metrics.shed()
            headers = {"Retry-After": RETRY_AFTER, "Cache-Control": "no-store"}
            return HttpResponse(self._page, status=503, headers=headers)
        try:
            return self.get_response(request)
        finally:
            with self._lock:
                self._in_flight -= 1
