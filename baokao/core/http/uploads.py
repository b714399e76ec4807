"""Views that take files: each says how much, and what is more is refused unread."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest

View = TypeVar("View", bound=Callable[..., Any])

MEBIBYTE = 1 << 20


def uploads(limit: int, may: Callable[[HttpRequest], bool] = lambda _: True) -> Callable[[View], View]:
    """Let a view's requests have a body of up to `limit` bytes: `@uploads(20 * MEBIBYTE, may=signed_in)`.

    `may` is asked before a byte is read, for long bodies only; the view asks properly who it is. What is in the file is
    for the view's form to bound; parts that lie above Django's few megabytes go to the disk.
    """

    def mark(view: View) -> View:
        view.upload_limit, view.may_upload = limit, may  # type: ignore[attr-defined]
        return view

    return mark
