"""The three roles and the database, made or brought up to date at each start."""

import psycopg
from psycopg import sql

from baokao.sandbox.database.urls import DATABASE, USERS, password

# A page must not wait long behind another's lock; a job may. The owner's statements (migrations) may take their time.
TIMEOUTS = {
    "owner": {"lock_timeout": "3s", "statement_timeout": "0", "idle_in_transaction_session_timeout": "0"},
    "web": {"lock_timeout": "1s", "statement_timeout": "5s", "idle_in_transaction_session_timeout": "10s"},
    "worker": {"lock_timeout": "3s", "statement_timeout": "60s", "idle_in_transaction_session_timeout": "60s"},
}
# The database's own log tells what went wrong, and neither the statement nor the row, which hold names and addresses.
DISCREET = {"log_error_verbosity": "terse", "log_min_error_statement": "panic"}


def ensure(addresses: dict[str, str], *, database: bool = True) -> None:
    """Make what is missing; set passwords, time-outs, logging. `addresses`: role to URL, with a superuser's."""
    with psycopg.connect(addresses["superuser"], autocommit=True) as connection:
        found = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
        for role, timeouts in TIMEOUTS.items():
            user = sql.Identifier(USERS[role])
            verb = sql.SQL("ALTER" if USERS[role] in found else "CREATE")
            # The tests make databases and roles of their own as the owner.
            rights = sql.SQL("LOGIN CREATEDB CREATEROLE" if role == "owner" else "LOGIN")
            word = sql.Literal(password(addresses[role]))
            connection.execute(sql.SQL("{} ROLE {} {} PASSWORD {}").format(verb, user, rights, word))
            for name, value in (timeouts | DISCREET).items():
                setting = sql.Identifier(name), sql.Literal(value)
                connection.execute(sql.SQL("ALTER ROLE {} SET {} = {}").format(user, *setting))
        if connection.info.server_version >= 160000:
            owner = sql.Identifier(USERS["owner"])
            connection.execute(sql.SQL("ALTER ROLE {} SET createrole_self_grant = 'set, inherit'").format(owner))
        if database and not connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).rowcount:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(USERS["owner"]))
            )
