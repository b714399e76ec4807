"""The psycopg connection beneath Django's, for the hot paths: statements prepared on the server, or in a pipeline."""

from typing import Any

from django.db import connection
from psycopg import Connection


def raw_connection() -> Connection[tuple[Any, ...]]:
    """This thread's connection, opened if need be. It shares Django's transaction; errors raised from it are psycopg's
    own unless `connection.wrap_database_errors` surrounds them."""
    connection.ensure_connection()
    raw: Connection[tuple[Any, ...]] = connection.connection
    return raw


def rows(statement: str, parameters: Any = ()) -> list[tuple[Any, ...]]:
    """All rows of a prepared statement; database errors are Django's."""
    with connection.wrap_database_errors:
        return raw_connection().execute(statement, parameters, prepare=True).fetchall()
