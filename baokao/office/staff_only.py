"""For whom an office view is: `@staff(Role.COORDINATOR, …)`, as its outermost decorator."""

from collections.abc import Callable

from django.http import HttpRequest

from baokao.core import clock
from baokao.core.http.audience import Audience, View
from baokao.passport.models import Role
from baokao.passport.staff import sessions


def staff(*roles: Role) -> Callable[[View], View]:
    """State a view's audience and roles; without roles it is for everybody who is signed in at a desk. Another role's
    request is answered as if there were no such page."""

    def mark(view: View) -> View:
        view.audience = Audience.STAFF  # type: ignore[attr-defined]
        view.roles = frozenset(roles or Role)  # type: ignore[attr-defined]
        return view

    return mark


def signed_in(request: HttpRequest) -> bool:
    """Whether the request comes with a live session: asked before a long body is read (`core.http.uploads`)."""
    return sessions.staff_of(request, clock.now()) is not None
