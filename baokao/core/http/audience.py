"""Each view states for whom it is; a URL whose view does not fails the build (proof e11)."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


class Audience(StrEnum):
    """Who may reach a view at all. What a visitor may see behind it is each app's `access.py`."""

    PUBLIC = "public"
    CANDIDATE = "candidate"
    OPERATOR = "operator"
    SANDBOX = "sandbox"
    PROVIDER = "provider"
    STAFF = "staff"


def audience(who: Audience) -> Callable[[View], View]:
    """State the audience of a view: `@audience(Audience.PUBLIC)` as the outermost decorator."""

    def mark(view: View) -> View:
        view.audience = who  # type: ignore[attr-defined]
        return view

    return mark
