"""Several workers end entries while the same offering is selling (proofs a6, a7)."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction

from baokao.core import clock
from baokao.core.models import AuditRow
from baokao.registration import services
from baokao.registration.models import Entry
from baokao.registration.services import expire
from tests.bench import expiry
from tests.cast import NOW, SITTING, set_stage
from tests.races.people import broken, candidates
from tests.races.volley import fire, written

pytestmark = [pytest.mark.django_db(transaction=True)]

WORKERS = 4


def overdue(stage, count):
    """So many candidates whose 英语四级 should have ended an hour ago."""
    people = candidates(stage, count)
    for passport in people:
        services.save_entries(passport.id, SITTING, frozenset("1"), NOW)
    Entry.objects.update(held_until=clock.now() - timedelta(hours=1))
    return people


def work_until_done(_):
    """One worker: batches of a few until nothing is due."""
    done, idle = 0, 0
    try:
        while idle < 3:
            ended = expire.expire_entries(clock.now(), limit=7)
            done += ended
            # Another worker may hold what is left; ask again before going home.
            idle = 0 if ended else idle + 1
        return done
    finally:
        connection.close()


def expire_while_selling(site, late, buyers):
    stage = set_stage(seats=1000)
    overdue(stage, late)
    shots = [written(passport, "1") for passport in candidates(stage, buyers)]
    with ThreadPoolExecutor(WORKERS + 1) as pool:
        selling = pool.submit(fire, site.url, shots)
        ended = sum(pool.map(work_until_done, range(WORKERS)))
    return stage, ended, selling.result()


def test_a7_each_entry_ends_once_and_the_sale_goes_on(live_site):
    stage, ended, answers = expire_while_selling(live_site, late=120, buyers=40)
    assert ended == 120 == Entry.objects.filter(state="expired").count()
    assert AuditRow.objects.filter(action="entries.expired").count() == 120
    assert all(answer.saved for answer in answers)
    assert stage.offering("1").taken == 40


@pytest.mark.prove
def test_a7_four_workers_end_100_000_entries_and_no_page_waits(live_site):
    expiry.stage(late=100_000, hot=20_000)
    found = expiry.measure(live_site, WORKERS)
    assert Entry.objects.filter(state="expired").count() == 100_000
    told = AuditRow.objects.filter(action="entries.expired")
    assert told.count() == told.values("subject").distinct().count() == 100_000
    assert found.seconds < 60
    page, slowest = found.worst
    assert slowest < 0.5, f"{page} took {slowest:.1f} s"


def test_a7_a_worker_finds_work_of_its_own_beside_another_that_is_not_done_yet():
    overdue(set_stage(), 6)
    claimed, may_end = threading.Event(), threading.Event()

    def slow():
        """A worker that has claimed four and isn't done yet."""
        try:
            with transaction.atomic():
                found = expire.expire_entries(clock.now(), limit=4)
                claimed.set()
                may_end.wait(20)
                return found
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(slow)
        claimed.wait(20)
        with connection.cursor() as cursor:
            # The other worker's counter is locked; what is asked here is what there is to claim.
            cursor.execute(expire.CLAIM_ENTRIES, [clock.now(), 4])
            left = len(cursor.fetchall())
        may_end.set()
        assert (first.result(), left) == (4, 2)
    assert work_until_done(0) == 2


def test_a6_whoever_gives_up_while_it_ends_gives_one_seat_back(live_site):
    stage = set_stage()
    people = overdue(stage, 30)
    with ThreadPoolExecutor(WORKERS + 1) as pool:
        cancelling = pool.submit(fire, live_site.url, [written(passport, "") for passport in people])
        list(pool.map(work_until_done, range(WORKERS)))
        assert not [answer.status for answer in cancelling.result() if answer.failed]
    assert Entry.objects.filter(state__in=["expired", "cancelled"]).count() == Entry.objects.count() == 30
    assert stage.offering("1").taken == 0


@pytest.mark.breaks_invariants
def test_a7_control_without_claim_and_state_seats_are_given_back_twice(live_site, monkeypatch):
    monkeypatch.setattr(expire, "CLAIM_ENTRIES", expire.CLAIM_ENTRIES.replace("FOR NO KEY UPDATE OF r SKIP LOCKED", ""))
    monkeypatch.setattr(expire, "EXPIRE", expire.EXPIRE.replace("e.state = 'unpaid' AND", ""))
    # All of them have claimed before the first of them ends anything.
    claimed, together = expire._claimed, threading.Barrier(WORKERS, timeout=20)
    monkeypatch.setattr(expire, "_claimed", lambda *args: (claimed(*args), together.wait())[0])
    stage = set_stage(seats=1000)
    for passport in candidates(stage, 100):
        services.save_entries(passport.id, SITTING, frozenset("1"), NOW)
    # A quarter of them are late; the others keep the counter above what four workers may give back.
    late = Entry.objects.order_by("id").values("id")[:25]
    Entry.objects.filter(id__in=late).update(held_until=clock.now() - timedelta(hours=1))
    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(one_round, range(WORKERS)))
    assert "I2" in broken()


def one_round(_):
    try:
        return expire.expire_entries(clock.now(), limit=50)
    finally:
        connection.close()
