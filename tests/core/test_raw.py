"""The connection beneath Django's: what is prepared, and what is copied."""

import pytest
from django.db import DatabaseError, connection, transaction

from baokao.core.raw import copy_rows, prepared, raw_connection, rows

pytestmark = pytest.mark.django_db


def known(run_sql, statement):
    """How many prepared statements the server holds whose text has this in it."""
    return run_sql("SELECT count(*) FROM pg_prepared_statements WHERE position(%s in statement) > 0", statement)[0][0]


def test_a_hot_statement_is_prepared_on_the_server_and_once(run_sql):
    assert [rows("SELECT %s::integer + 4711", [n]) for n in range(3)] == [[(4711,)], [(4712,)], [(4713,)]]
    assert known(run_sql, "+ 4711") == 1


def test_likewise_down_a_pipeline(run_sql):
    raw = raw_connection()
    with raw.pipeline():
        cursors = [prepared(raw, "SELECT %s::integer + 4712", [n]) for n in range(3)]
    assert [cursor.fetchone() for cursor in cursors] == [(4712,), (4713,), (4714,)]
    assert known(run_sql, "+ 4712") == 1


def test_the_journeys_statements_are_among_them(run_sql):
    from baokao.registration import standing
    from tests.cast import SITTING, a_candidate, set_stage

    passport = a_candidate(set_stage())
    standing.read(passport.id, SITTING)
    assert known(run_sql, "LEFT JOIN (registration_registration r") == 1


def test_its_errors_are_djangos():
    with pytest.raises(DatabaseError), transaction.atomic():
        rows("SELECT 1 / %s::integer", [0])


def test_rows_are_copied_within_the_transaction_that_there_is(run_sql):
    run_sql("CREATE TEMPORARY TABLE copied (n integer, word text)")
    with transaction.atomic():
        copy_rows(raw_connection(), "COPY copied (n, word) FROM STDIN", [(1, "一")])
        transaction.set_rollback(True)
    assert run_sql("SELECT * FROM copied") == []
    copy_rows(raw_connection(), "COPY copied (n, word) FROM STDIN", [(2, "二\t\n\\"), (3, None)])
    assert run_sql("SELECT * FROM copied ORDER BY n") == [(2, "二\t\n\\"), (3, None)]
    assert connection.in_atomic_block
