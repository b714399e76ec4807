"""Views that take files: each says how much, and what is more is refused unread."""

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])

MEBIBYTE = 1 << 20


def uploads(limit: int) -> Callable[[View], View]:
    """Let a view's requests have a body of up to `limit` bytes: `@uploads(20 * MEBIBYTE)`, outermost or beneath the
    audience.

    What is in the file is for the view's form to bound; parts that lie above Django's few megabytes go to the disk.
    """

    def mark(view: View) -> View:
        view.upload_limit = limit  # type: ignore[attr-defined]
        return view

    return mark
