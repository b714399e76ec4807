"""Tries are counted in the database, all processes together (rules A4, B3; proofs e3, e4)."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from baokao.core import clock, throttle
from baokao.core.raw import light

pytestmark = pytest.mark.django_db(transaction=True)

MINUTE = timedelta(minutes=1)


def tries(count: int, now, key: str = "k", limit: int = 3) -> list[bool]:
    return [throttle.allow("login", key, limit, MINUTE, now) for _ in range(count)]


def test_a_burst_up_to_the_limit_is_let_through():
    assert tries(5, clock.now()) == [True, True, True, False, False]


def test_the_bucket_runs_empty_evenly():
    now = clock.now()
    tries(3, now)
    assert tries(2, now + timedelta(seconds=19)) == [False, False]
    assert tries(2, now + timedelta(seconds=20)) == [True, False]
    assert tries(4, now + timedelta(seconds=80)) == [True, True, True, False]


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 10, 60, 97, 1000])
def test_no_limit_is_off_by_one(limit):
    now = clock.now()
    allowed = [throttle.allow("odd", "k", limit, MINUTE, now) for _ in range(limit + 1)]
    assert allowed == [True] * limit + [False]


def test_keys_and_scopes_are_counted_apart():
    now = clock.now()
    tries(3, now)
    assert throttle.allow("login", "other", 3, MINUTE, now)
    assert throttle.allow("lookup", "k", 3, MINUTE, now)
    # Scope and key never run together.
    assert throttle.allow("logi", "nk", 1, MINUTE, now)
    assert throttle.allow("login", "nk", 1, MINUTE, now)


def test_several_buckets_are_tried_in_one_statement(django_assert_num_queries):
    now = clock.now()
    both = [("account", "a", 2, MINUTE), ("client", "c", 3, MINUTE)]
    with django_assert_num_queries(1):
        assert throttle.several(both, now)
    assert throttle.several(both, now)
    assert not throttle.several(both, now), "the account's bucket is full"
    assert not throttle.allow("client", "c", 3, MINUTE, now), "the refused try was counted for the client"


def test_keys_are_not_kept_in_clear(run_sql):
    throttle.allow("lookup", "110101199001011237", 3, MINUTE, clock.now())
    ((stored,),) = run_sql("SELECT key FROM core_throttle")
    assert b"110101199001011237" not in bytes(stored)


def test_empty_buckets_are_removed(run_sql):
    now = clock.now()
    tries(3, now)
    assert throttle.clean(now + timedelta(seconds=59)) == 0
    assert throttle.clean(now + timedelta(seconds=61)) == 1


def test_many_tries_at_once_are_counted_each(at_once):
    now = clock.now()
    assert sum(at_once(24, throttle.allow, "login", "race", 5, MINUTE, now)) == 5


def test_crossing_buckets_do_not_lock_each_other_out(at_once):
    now = clock.now()
    buckets = [("s", str(number), 1000, MINUTE) for number in range(8)]

    def both_ways() -> bool:
        forth = throttle.several(buckets, now)
        return throttle.several(buckets[::-1], now) and forth

    assert all(at_once(12, both_ways))


def test_control_reading_first_and_writing_after_lets_too_many_through(at_once, run_sql):
    """The atomic statement taken away: the twin reads the count, decides, and writes."""
    run_sql("INSERT INTO core_throttle VALUES ('race', now(), now())")
    now, read = clock.now(), threading.Barrier(24)

    def read_then_write() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT empty_at FROM core_throttle WHERE key = 'race'")
            (empty_at,) = cursor.fetchone()
            read.wait(20)
            after = max(empty_at, now) + MINUTE // 5
            if after > now + MINUTE:
                return False
            cursor.execute("UPDATE core_throttle SET empty_at = %s WHERE key = 'race'", [after])
            return True

    assert sum(at_once(24, read_then_write)) > 5, "the limit must break"


def test_a_count_never_makes_a_surrounding_transaction_less_durable():
    """Decision 14: within a transaction the statement leaves `synchronous_commit` alone; by itself it doesn't wait."""
    with transaction.atomic():
        throttle.allow("test", "somebody", 5, MINUTE, clock.now())
        with connection.cursor() as cursor:
            cursor.execute("SHOW synchronous_commit")
            assert cursor.fetchone() == ("on",)
        assert light() == "true"
    assert "synchronous_commit" in light()
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        assert cursor.fetchone() == ("on",)
