"""What no request of ours can be: longer than any form, or to a path with a NUL (proofs d9, d10)."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from baokao.core.http.errors import TOO_LARGE, answer


class RefuseTheImpossible:
    """Answers 400 to a body above `DATA_UPLOAD_MAX_MEMORY_SIZE`, or above what its view takes (`core.http.uploads`),
    before a byte of it is read, and 404 to a path with a NUL.

    Django bounds the fields of a form by itself, yet writes files of any size to the disk, though few pages take one.
    And no text of PostgreSQL can hold a NUL: a look-up with one would be a fault of the program instead of a miss.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = _length(request)
        if length > settings.DATA_UPLOAD_MAX_MEMORY_SIZE and length > _taken(request):
            return answer(request, 400, TOO_LARGE)
        if "\0" in request.path_info:
            return answer(request, 404)
        return self.get_response(request)


def _length(request: HttpRequest) -> int:
    """How long the request says it is; without a word about it, or with nonsense, Django reads nothing of it."""
    said = request.META.get("CONTENT_LENGTH") or ""
    return int(said) if said.isascii() and said.isdigit() else 0


def _taken(request: HttpRequest) -> int:
    """How much the view behind the path takes of this visitor; 0 where it takes no files, or nothing is there."""
    try:
        view = resolve(request.path_info).func
    except Resolver404:
        return 0
    limit = int(getattr(view, "upload_limit", 0))
    return limit if limit and view.may_upload(request) else 0  # type: ignore[attr-defined]
