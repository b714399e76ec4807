"""The psycopg connection beneath Django's, for the hot paths: statements prepared on the server, or in a pipeline."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model
from psycopg import Connection, Cursor

# Added to the condition of a statement that commits by itself, it lets the commit return before the disk has it: what a
# crash of the database would take back is a fraction of a second of this kind of row, and nothing else (decision 14).
_LIGHT = "set_config('synchronous_commit', 'off', true) = 'off'"


def light() -> str:
    """A condition, always true, that makes the statement's own commit not wait for the disk. Within a transaction it is
    plain `true`: nothing may make somebody else's commit less durable."""
    return "true" if connection.in_atomic_block else _LIGHT


def raw_connection() -> Connection[tuple[Any, ...]]:
    """This thread's connection, opened if need be. It shares Django's transaction; errors raised from it are psycopg's
    own unless `connection.wrap_database_errors` surrounds them."""
    connection.ensure_connection()
    raw: Connection[tuple[Any, ...]] = connection.connection
    return raw


def prepared(raw: Connection[tuple[Any, ...]], statement: str, parameters: Any = ()) -> Cursor[tuple[Any, ...]]:
    """Execute a statement that the server parses and plans once a connection.

    Django's cursors put the values into the text themselves, and so do those of its connection, whatever `prepare`
    says; only psycopg's own cursor binds on the server.
    """
    return Cursor(raw).execute(statement, parameters, prepare=True)


def rows(statement: str, parameters: Any = ()) -> list[tuple[Any, ...]]:
    """All rows of a prepared statement; database errors are Django's."""
    with connection.wrap_database_errors:
        return prepared(raw_connection(), statement, parameters).fetchall()


Row = TypeVar("Row", bound=Model)


def columns(model: type[Model], alias: str) -> str:
    """All columns of a model for a statement's list, in the order in which `instance` takes them."""
    return ", ".join(f'{alias}."{field.column}"' for field in model._meta.concrete_fields)


def instance(model: type[Row], values: Iterator[Any]) -> Row:
    """The model's row from the next values of a statement's row. For models whose fields take what psycopg gives."""
    fields = [field.attname for field in model._meta.concrete_fields]
    return model.from_db(connection.alias, fields, list(islice(values, len(fields))))


def copy_rows(raw: Connection[Any], statement: str, many: Iterable[Sequence[Any]]) -> None:
    """Many rows at once by a `COPY … FROM STDIN`, within the transaction that there is."""
    with raw.cursor() as cursor, cursor.copy(statement) as copy:
        for row in many:
            copy.write_row(row)
