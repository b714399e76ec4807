"""While the read-only switch is on, pages are shown and nothing is written."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from baokao.core import switches
from baokao.core.http.errors import answer

MESSAGE = "系统维护中，暂时只能查看，不能保存。请稍后再试。"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class RefuseWritesWhenReadOnly:
    """Answers 503 to every method but reading ones while `baokao switch read-only on` holds."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in _SAFE and switches.read_only():
            return answer(request, 503, MESSAGE, 60)
        return self.get_response(request)
