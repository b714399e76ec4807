"""What the database tells about itself and about the role that this program has in it."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from baokao.core import clock
from baokao.core.checks.finding import Finding, Level

OLDEST = 150000
SKEW_SECONDS = 2.0
# Tables that the web's role may add to and nothing else.
APPEND_ONLY = ("core_audit",)
# What a page may wait for at most, in milliseconds; rows of pg_settings, as the role has them.
WEB_TIMEOUTS = {"lock_timeout": 1000, "statement_timeout": 30_000, "idle_in_transaction_session_timeout": 60_000}
# What keeps the database's own log free of rows and statements, and with them of people (rule H2).
DISCREET = {"log_error_verbosity": "terse", "log_min_error_statement": "panic"}


def findings() -> list[Finding]:
    """Findings about version, clock, role, log, rights and migrations. Raises `DatabaseError` when nobody answers."""
    return [*_server(), *_role(), *_timeouts(), *_log(), *_rights(), *_migrations()]


def _server() -> Iterator[Finding]:
    version, now, encoding, durable, full_pages = _one(
        "SELECT current_setting('server_version_num')::int, clock_timestamp(), current_setting('server_encoding'),"
        " current_setting('fsync'), current_setting('full_page_writes')"
    )
    if version < OLDEST:
        yield _unsafe("database.version", "The database is older than PostgreSQL 15.")
    if encoding != "UTF8":
        yield _unsafe("database.encoding", f"The database's encoding is {encoding}; names need UTF8.")
    if "off" in (durable, full_pages):
        level: Level = "unsafe" if settings.PRODUCTION else "warning"
        yield Finding(level, "database.durability", "fsync or full_page_writes is off: a power cut would lose entries.")
    skew = abs((clock.now() - now).total_seconds())
    if skew > SKEW_SECONDS:
        yield _unsafe("clock", f"The clocks of this machine and of the database differ by {skew:.1f} s (docs/time.md).")


def _role() -> Iterator[Finding]:
    superuser, creates, owner = _one(
        "SELECT r.rolsuper, r.rolcreatedb OR r.rolcreaterole,"
        " EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        "          WHERE n.nspname = 'public' AND c.relkind = 'r' AND pg_has_role(current_user, c.relowner, 'USAGE'))"
        " FROM pg_roles r WHERE r.rolname = current_user"
    )
    if settings.ROLE == "owner":
        return
    if superuser:
        yield _unsafe("database.role", f"The {settings.ROLE} role is a superuser of the database.")
    elif creates:
        yield _unsafe("database.role", f"The {settings.ROLE} role may create roles or databases.")
    elif owner:
        yield _unsafe("database.role", f"The {settings.ROLE} role owns tables; only baokao_owner may.")


def _timeouts() -> Iterator[Finding]:
    if settings.ROLE == "owner":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting::int FROM pg_settings WHERE name = ANY(%s)", [list(WEB_TIMEOUTS)])
        actual = dict(cursor.fetchall())
    for name, most in WEB_TIMEOUTS.items():
        if actual[name] == 0:
            yield _unsafe("database.timeouts", f"{name} is not set on the {settings.ROLE} role.")
        elif settings.ROLE == "web" and actual[name] > most:
            yield _unsafe("database.timeouts", f"{name} is {actual[name]} ms on the web role; at most {most}.")


def _log() -> Iterator[Finding]:
    if settings.ROLE == "owner":
        return
    for name, wanted in DISCREET.items():
        actual = _one("SELECT current_setting(%(name)s)", {"name": name})[0]
        if actual != wanted:
            yield Finding(
                "warning",
                "database.log",
                f"{name} is {actual} on the {settings.ROLE} role: the database's log may quote names and addresses."
                f" A superuser sets it to {wanted} (deploy/roles.sql).",
            )


def _rights() -> Iterator[Finding]:
    if settings.ROLE != "web":
        return
    for table in APPEND_ONLY:
        found = _one(
            "SELECT has_table_privilege(c.oid, 'SELECT, UPDATE, DELETE, TRUNCATE'),"
            " has_table_privilege(c.oid, 'INSERT')"
            " FROM pg_class c WHERE c.oid = to_regclass(%(table)s)",
            {"table": table},
        )
        if found is None:
            continue
        too_much, enough = found
        if too_much:
            yield _unsafe("database.rights", f"The web role may do more with {table} than insert.")
        if not enough:
            yield _unsafe("database.rights", f"The web role may not insert into {table}.")


def _migrations() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        yield _unsafe(
            "database.migrations", f"{len(plan)} migrations are not applied; the owner runs `baokao migrate`."
        )


def _one(statement: str, parameters: dict[str, str] | None = None) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchone()


def _unsafe(name: str, sentence: str) -> Finding:
    return Finding("unsafe", name, sentence)
