"""Pages whose address is a secret, because it holds the token of a mail's link (proof e6)."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.http import HttpRequest, HttpResponse

Asked = TypeVar("Asked", bound=HttpRequest)
Named = ParamSpec("Named")
View = Callable[Concatenate[Asked, Named], HttpResponse]

# The browser tells nobody the page's path, not even our own pages and files. `no-referrer` alone would do that too, but
# with it a browser also hides the origin of a form that is submitted (`Origin: null`), which looks like a forgery, and
# the button of the page would be refused. Of a list a browser takes the last policy that it knows.
POLICY = "no-referrer, strict-origin"


def secret_address(view: View[Asked, Named]) -> View[Asked, Named]:
    """A view that is reached by a link of a mail: its address appears in no Referer. No log holds it either, since logs
    hold patterns (middleware/requests.py)."""

    @wraps(view)
    def shown(request: Asked, *args: Named.args, **named: Named.kwargs) -> HttpResponse:
        response = view(request, *args, **named)
        response.headers["Referrer-Policy"] = POLICY
        return response

    return shown
