"""Refusals raised as exceptions become their pages; faults go on to the handler of 500."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from baokao.core.http.errors import refusal_for


class RefuseKindly:
    """Turns `RateLimited` into 429, and `Unavailable` and a database that can't answer now into 503."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The refusal's page, or None to let the exception go on."""
        return refusal_for(request, exception)
