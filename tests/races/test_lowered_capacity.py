"""Capacity lowered below what is taken while seats are being sold and given up (rule G6, proof a8)."""

import importlib
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from baokao.core import clock
from baokao.exams.models import Offering
from baokao.exams.services import import_offerings, school
from baokao.exams.services.school import Wish
from baokao.exams.services.school.turn import Setter
from baokao.registration import services
from baokao.registration.models import Entry
from tests.cast import NOW, SITTING, set_stage
from tests.files import OFFERINGS, write_csv
from tests.races.ddl import without
from tests.races.people import broken, candidates
from tests.races.volley import fire, giving_up, written

pytestmark = [pytest.mark.django_db(transaction=True)]

HOLDERS, LEAVING, COMING, LOWERED = 60, 20, 40, 30


def lower(path, capacity):
    """The national office imports another capacity for 英语四级 at 993010."""
    row = {
        "校区代码": "993010", "科目": "1", "容量": str(capacity), "费用": "0.01", "开放时间": "2026-01-01 00:00:00",
        "截止时间": "2099-01-01 00:00:00",
    }  # fmt: skip
    try:
        return import_offerings(
            write_csv(path, OFFERINGS, row), sitting=SITTING, actor="national", dry_run=False,
            progress=lambda *_: None, now=clock.now(),
        ).applied  # fmt: skip
    finally:
        connection.close()


def lower_at_the_desk(_path, capacity):
    """The school's coordinator sets another capacity for 英语四级 at 993010."""
    setter = Setter(SITTING, "99301", "staff:1", clock.now())
    standing = {row.subject_id: row for row in Offering.objects.filter(campus_id="993010")}
    try:
        return school.set_offerings(
            setter, "993010", {"1": Wish(True, capacity)}, school.offerings_version(standing, ["1"])
        )
    finally:
        connection.close()


WAYS = pytest.mark.parametrize("lowering_it", [lower, lower_at_the_desk])


def sold(people):
    stage = set_stage(seats=200)
    holders = candidates(stage, people)
    for passport in holders:
        services.save_entries(passport.id, SITTING, frozenset("1"), NOW)
    return stage, holders


def lower_while_selling(site, tmp_path, lowering_it):
    """Some leave, some come, and meanwhile the capacity falls to half of what is taken."""
    stage, holders = sold(HOLDERS)
    shots = [giving_up(passport) for passport in holders[:LEAVING]]
    shots += [written(passport, "1") for passport in candidates(stage, COMING)]
    with ThreadPoolExecutor(2) as pool:
        selling = pool.submit(fire, site.url, shots)
        lowering = pool.submit(lowering_it, tmp_path / "lower.csv", LOWERED)
        assert lowering.result()
        return stage, holders, selling.result()


@WAYS
def test_a8_a_lowered_capacity_is_a_target_and_throws_nobody_out(live_site, tmp_path, lowering_it):
    stage, holders, answers = lower_while_selling(live_site, tmp_path, lowering_it)
    assert not [answer.status for answer in answers if answer.failed]
    stayed = Entry.objects.filter(registration__passport__in=holders[LEAVING:], state="unpaid")
    assert stayed.count() == HOLDERS - LEAVING
    came = sum(answer.saved for answer in answers[LEAVING:])
    offering = stage.offering("1")
    assert (offering.target, offering.taken) == (LOWERED, HOLDERS - LEAVING + came)
    assert offering.capacity == max(offering.target, offering.taken)


@WAYS
def test_a8_freed_seats_are_withdrawn_until_the_target_is_met(live_site, tmp_path, lowering_it):
    stage, holders = sold(HOLDERS)
    assert lowering_it(tmp_path / "lower.csv", LOWERED)
    people = candidates(stage, COMING)
    for leaving in (holders[:LEAVING], holders[LEAVING : HOLDERS - LOWERED]):
        assert all(answer.saved for answer in fire(live_site.url, [giving_up(passport) for passport in leaving]))
        answers = fire(live_site.url, [written(passport, "1") for passport in people])
        assert not any(answer.saved for answer in answers)
        assert all("已报满。" in answer.body for answer in answers)
    assert stage.offering("1").taken == LOWERED
    assert fire(live_site.url, [giving_up(holders[-1])])[0].saved
    answers = fire(live_site.url, [written(passport, "1") for passport in people])
    assert sum(answer.saved for answer in answers) == 1


@pytest.mark.breaks_invariants
def test_a8_control_a_capacity_worked_out_before_the_lock_lets_counters_pass_it(live_site, tmp_path, monkeypatch):
    # The package has a function by the module's name.
    module = importlib.import_module("baokao.exams.services.import_offerings")
    stage, _ = sold(HOLDERS)
    read, may_write = threading.Event(), threading.Event()

    def reset(changes):
        """Without the lock: what is taken is read first, and written as the capacity when more have come."""
        [(offering, target, _)] = changes
        taken = stage.offering("1").taken
        read.set()
        may_write.wait(20)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE exams_offering SET target = %s, capacity = %s WHERE id = %s",
                [target, max(target, taken), offering],
            )

    monkeypatch.setattr(module, "_reset", reset)
    people = candidates(stage, COMING)
    with without("never_one_seat_too_many", "capacity_is_target_or_taken"), ThreadPoolExecutor(1) as pool:
        lowering = pool.submit(lower, tmp_path / "lower.csv", LOWERED)
        read.wait(20)
        fire(live_site.url, [written(passport, "1") for passport in people])
        may_write.set()
        lowering.result()
        assert "I1" in broken()
