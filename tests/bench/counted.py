"""The site, telling in `X-Statements` how many statements each request sent."""

from collections.abc import Callable, Iterable
from threading import local
from typing import Any

import psycopg

from tests.bench.bare import application as site

_here = local()


def _counting(method: Callable[..., Any]) -> Callable[..., Any]:
    def counted(*args: Any, **kwargs: Any) -> Any:
        _here.count = getattr(_here, "count", 0) + 1
        return method(*args, **kwargs)

    return counted


psycopg.Cursor.execute = _counting(psycopg.Cursor.execute)  # type: ignore[method-assign]


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Serve one request and tell its statements."""
    _here.count = 0
    told: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
        told[:] = [status, [*headers, ("X-Statements", str(_here.count))], *more]
        return start_response(*told)

    return site(environ, start)
