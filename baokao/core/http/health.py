"""What machines ask: alive? ready? how much? (answers for a balancer, a supervisor and Prometheus)."""

import ipaddress
from functools import lru_cache

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from baokao.core import clock, watch
from baokao.core.http import metrics as figures
from baokao.core.http.audience import Audience, audience
from baokao.core.http.client import address

# Made by whoever wants this machine out of the balancer before stopping it.
DRAINING = "draining"


@audience(Audience.OPERATOR)
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Nothing else is asked, so that a slow database restarts no web process."""
    return _plain("ok")


@audience(Audience.OPERATOR)
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Send requests here? 503 while draining, without a database, or with migrations that are not applied."""
    if (settings.DATA / DRAINING).exists():
        return _plain("draining", 503)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        applied = _migrated()
    except DatabaseError:
        return _plain("no database", 503)
    return _plain("ready") if applied else _plain("migrations not applied", 503)


@audience(Audience.OPERATOR)
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures, to addresses of METRICS_NETWORKS only; to everybody else the page does not exist."""
    if not _may_see(address(request)):
        raise Http404
    try:
        house = watch.exposition(clock.now())
    except DatabaseError:
        house = "baokao_database_up 0\n"
    return HttpResponse(figures.latest() + house.encode(), content_type="text/plain; version=0.0.4; charset=utf-8")


@lru_cache(maxsize=1)
def _applied_once() -> None:
    """Remembers that the migrations were found applied; raising keeps lru_cache from remembering the contrary."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise LookupError


def _migrated() -> bool:
    try:
        _applied_once()
    except LookupError:
        return False
    return True


def _may_see(client: str) -> bool:
    found = ipaddress.ip_address(client)
    return any(found in ipaddress.ip_network(network, strict=False) for network in settings.METRICS_NETWORKS)


def _plain(text: str, status: int = 200) -> HttpResponse:
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8")
