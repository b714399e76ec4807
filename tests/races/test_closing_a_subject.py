"""A school closes a subject while candidates take its seats; a province freezes while a school sets (rules C3, G6)."""

import importlib
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from baokao.core import clock
from baokao.core.verdict import RefusedError
from baokao.exams.models import Freeze, Offering
from baokao.exams.services import freezing, school
from baokao.exams.services.school import Wish
from baokao.exams.services.school.turn import Setter
from tests.cast import NOW, SITTING, set_stage
from tests.races.ddl import without
from tests.races.people import broken, candidates
from tests.races.volley import fire, written

pytestmark = [pytest.mark.django_db(transaction=True)]


def set_offerings(wish):
    """The coordinator's deed: "set" or the code of what refused it."""
    standing = {row.subject_id: row for row in Offering.objects.filter(campus_id="993010")}
    setter = Setter(SITTING, "99301", "staff:1", clock.now())
    try:
        school.set_offerings(setter, "993010", {"1": wish}, school.offerings_version(standing, ["1"]))
    except RefusedError as refused:
        return refused.first.code
    finally:
        connection.close()
    return "set"


@pytest.mark.parametrize("round_", range(4))
def test_c3_a_subject_is_closed_with_nobody_in_it_or_not_at_all(live_site, round_):
    stage = set_stage()
    shots = [written(passport, "1") for passport in candidates(stage, 12)]
    with ThreadPoolExecutor(2) as pool:
        selling = pool.submit(fire, live_site.url, shots)
        closing = pool.submit(set_offerings, Wish(False)).result()
    answers, offering = selling.result(), stage.offering("1")
    assert not [answer.status for answer in answers if answer.failed]
    assert offering.taken == sum(answer.saved for answer in answers)
    assert (offering.offered, closing) in {(False, "set"), (True, "still_held")}
    assert offering.offered == (offering.taken > 0)


@pytest.mark.breaks_invariants
def test_c3_control_closing_by_what_was_read_before_leaves_a_seat_in_a_closed_subject(live_site, monkeypatch):
    module = importlib.import_module("baokao.exams.services.school.offerings")
    read, may_write = threading.Event(), threading.Event()

    def move(wishes):
        """Without the lock and the condition: nobody was in it when it was read."""
        read.set()
        may_write.wait(20)
        Offering.objects.filter(pk__in=[row.pk for row in wishes]).update(target=0, capacity=0, offered=False)

    monkeypatch.setattr(module, "_move", move)
    stage = set_stage()
    people = candidates(stage, 3)
    with (
        without("never_one_seat_too_many", "capacity_is_target_or_taken", "closed_offering_has_no_seats"),
        ThreadPoolExecutor(1) as pool,
    ):
        closing = pool.submit(set_offerings, Wish(False))
        read.wait(20)
        assert all(answer.saved for answer in fire(live_site.url, [written(passport, "1") for passport in people]))
        may_write.set()
        closing.result()
        assert "I1" in broken()


def freeze(after):
    """The province's deed, once `after` is set."""
    after.wait(20)
    try:
        freezing.freeze(SITTING, "99", None, Freeze.Area.SETTINGS, "报名已开始", "staff:2", NOW)
    finally:
        connection.close()


def set_while_freezing(monkeypatch):
    """A school's change that was let in just before the freeze; whether the freeze stood before it was committed."""
    module = importlib.import_module("baokao.exams.services.school.offerings")
    let_in, stood = threading.Event(), []
    move = module._move

    def slowly(wishes):
        let_in.set()
        # Long enough for a freeze that doesn't wait, and far below any lock's time-out.
        freezing_.join(0.5)
        stood.append(not freezing_.is_alive())
        move(wishes)

    set_stage()
    monkeypatch.setattr(module, "_move", slowly)
    freezing_ = threading.Thread(target=freeze, args=[let_in])
    freezing_.start()
    assert set_offerings(Wish(True, 7)) == "set"
    freezing_.join(20)
    return stood


def test_g6_a_freeze_waits_for_the_change_that_was_let_in_before_it(monkeypatch):
    assert set_while_freezing(monkeypatch) == [False]
    assert set_offerings(Wish(True, 8)) == "frozen"


def test_g6_control_without_the_turn_a_change_is_written_after_the_freeze(monkeypatch):
    monkeypatch.setattr("baokao.exams.services.turns.join", lambda *_: None)
    assert set_while_freezing(monkeypatch) == [True]


def test_two_coordinators_at_once_one_is_told_what_the_other_set():
    """Both forms show 100; the second to come reads 150 and is refused, and neither waits for ever."""
    set_stage()
    standing = {row.subject_id: row for row in Offering.objects.filter(campus_id="993010")}
    version, start = school.offerings_version(standing, ["1"]), threading.Barrier(2)

    def go(target):
        start.wait()
        try:
            setter = Setter(SITTING, "99301", f"staff:{target}", clock.now())
            school.set_offerings(setter, "993010", {"1": Wish(True, target)}, version)
        except RefusedError as refused:
            return refused.first.code
        finally:
            connection.close()
        return "set"

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(go, [150, 160]))
    assert sorted(found) == ["changed_meanwhile", "set"]
