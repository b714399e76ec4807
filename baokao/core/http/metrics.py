"""Figures about the requests, added up over all web processes of this machine.

Each process keeps its counts in files under the data folder (the client library's multi-process mode), so that any of
them can answer /metrics for all. The folder is emptied when the site is started.
"""

import os
import threading
import time
from typing import Any

from django.conf import settings

from baokao.core.http import metrics_folder

if settings.ROLE == "web":
    # The library looks for the folder once, when it is first imported; so it is named before the import below.
    metrics_folder.use()

from django.db import connection
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, multiprocess

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3, 10)

_requests = Counter("baokao_requests_total", "Requests answered", ["method", "route", "status"])
_seconds = Histogram("baokao_request_seconds", "Time to answer", ["route"], buckets=_BUCKETS)
_shed = Counter("baokao_shed_total", "Requests refused because the process was full")
_throttled = Counter("baokao_throttled_total", "Tries refused by a throttle", ["scope"])
_pool = {
    name: Gauge(f"baokao_pool_{name}", words, multiprocess_mode="livesum")
    for name, words in {
        "pool_size": "Connections that the pool holds",
        "pool_available": "Connections that nobody uses",
        "requests_waiting": "Requests that wait for a connection now",
        "requests_queued": "Requests that had to wait for a connection",
        "requests_wait_ms": "Milliseconds waited for connections",
        "requests_errors": "Requests that got no connection in time",
    }.items()
}
_children: dict[tuple[str, str, int], tuple[Any, Any]] = {}
_pool_lock = threading.Lock()
_pool_read_at = 0.0


def request_done(method: str, route: str, status: int, seconds: float) -> None:
    """Count one answered request; `route` is a pattern, so that the figures stay few."""
    if method not in METHODS:
        method = "other"
    key = (method, route, status)
    # Looking a labelled figure up costs more than counting, so what was looked up is remembered.
    found = _children.get(key)
    if found is None:
        found = _children[key] = (_requests.labels(method, route, str(status)), _seconds.labels(route))
    found[0].inc()
    found[1].observe(seconds)
    _read_pool()


def shed() -> None:
    """Count one request that was refused because this process was full."""
    _shed.inc()


def throttled(scope: str) -> None:
    """Count one try that a throttle refused. Scopes are the program's own words, so the figures stay few."""
    _throttled.labels(scope).inc()


def latest() -> bytes:
    """Everything in the text format, over all processes."""
    if metrics_folder.VARIABLE not in os.environ:
        return generate_latest()
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)
    return generate_latest(registry)


def _read_pool() -> None:
    """Copy the pool's own figures, at most once a second."""
    global _pool_read_at
    if time.monotonic() - _pool_read_at < 1 or not _pool_lock.acquire(blocking=False):
        return
    try:
        _pool_read_at = time.monotonic()
        pool = getattr(connection, "pool", None)
        if pool is not None:
            stats = pool.get_stats()
            for name, gauge in _pool.items():
                gauge.set(stats.get(name, 0))
    finally:
        _pool_lock.release()
