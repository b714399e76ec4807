"""The site as the browser tests and the races meet it, with one thing added: what a process remembers for a moment is
forgotten when a new test begins, since each test begins with other data."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from baokao.config.wsgi import application as site
from baokao.core import switches
from baokao.core.brief import forget_all
from baokao.core.captcha import pool

# The site's server touches this file before each test.
BEGAN = os.environ["BAOKAO_TEST_BEGAN"]
_seen = 0


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Serve one request."""
    global _seen
    began = os.stat(BEGAN).st_mtime_ns
    if began != _seen:
        forget_all()
        switches.forget()
        pool.forget()
        _seen = began
    return site(environ, start_response)
