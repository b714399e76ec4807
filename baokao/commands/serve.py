"""`baokao serve`: granian with the site, several processes of several threads."""

import argparse
from pathlib import Path

from django.conf import settings
from django.db import connection
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from baokao.config import collected, env, place
from baokao.core.checks import refuse_if_unsafe
from baokao.core.http import metrics_folder

HELP = "the web server; nginx stands before it in production (deploy/nginx.conf)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen; how many processes and threads is for the settings."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=place.port(), help="port to listen on (BAOKAO_PORT)")
    parser.add_argument("--socket", type=Path, help="listen on this Unix socket instead")


def run(arguments: argparse.Namespace) -> None:
    """Serve until SIGTERM or SIGINT. In production refuses to start with anything unsafe."""
    if settings.ROLE != "web":
        raise SystemExit(f"BAOKAO_ROLE is {settings.ROLE}; the web server works as web only.")
    refuse_if_unsafe()
    collected.collect()
    metrics_folder.clear()
    # Several threads, because with one a single locked row or a half-sent body would stop every page of the process.
    server = Granian(
        "baokao.config.wsgi:application",
        address=arguments.host,
        port=arguments.port,
        uds=arguments.socket,
        uds_permissions=0o660 if arguments.socket else None,
        interface=Interfaces.WSGI,
        workers=env.integer("BAOKAO_WEB_WORKERS", 2, 1, 64),
        blocking_threads=env.integer("BAOKAO_WEB_THREADS", 8, 1, 64),
        http=HTTPModes.http1,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=20,
        log_level=LogLevels.warning,
    )
    # The processes that serve are forked off this one; they must not share its connections to the database.
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
    server.serve()
