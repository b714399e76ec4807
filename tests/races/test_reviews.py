"""Reviews at the same moment: two who decide, undoing against deciding and taking effect, two passports of one record,
one passport of two records (rules E2, E4, E7)."""

import threading
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module

import pytest
from django.db import connection
from django.db.models import QuerySet

from baokao.core.verdict import RefusedError
from baokao.registration import access
from baokao.review.models import Application, Decision
from tests.cast import NOW, a_record, agreed, passports_without_password, set_stage
from tests.races.ddl import without
from tests.races.volley import Shot, fire
from tests.review.doing import (
    AFTER,
    COLLEAGUE,
    FAIL,
    PASS,
    TEACHER,
    a_score,
    by_review,
    decide,
    submit,
    undo,
    work,
)

pytestmark = [pytest.mark.django_db(transaction=True)]

ROUNDS = 12


def together(*deeds):
    """Do these at once, each on a connection of its own; what each came to, None where it was refused."""
    barrier = threading.Barrier(len(deeds))

    def one(deed):
        try:
            connection.ensure_connection()
            barrier.wait()
            return deed() or True
        except RefusedError:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(one, deeds))


def waiting(stage, place):
    """An application that waits for the school."""
    (passport,) = passports_without_password(1)
    record, ticket = a_record(stage, subjects="1"), f"9930101621{place:03}01"
    a_score(f"993010YY{place}", ticket=ticket)
    return submit(agreed(passport), record, ticket)


def decided_at_once(stage, place):
    application = waiting(stage, place)
    return together(
        lambda: decide(application, PASS, actor=TEACHER),
        lambda: decide(application, FAIL, actor=COLLEAGUE),
        lambda: decide(application, PASS, actor=TEACHER),
    )


def test_e4_of_several_who_decide_at_once_one_does():
    stage = set_stage()
    for place in range(1, ROUNDS):
        assert sum(done is not None for done in decided_at_once(stage, place)) == 1
        assert Decision.objects.filter(outcome="open").count() == place


@pytest.mark.breaks_invariants
def test_e4_control_without_lock_and_constraint_two_decide(monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda found, **_: found)
    stage = set_stage()
    with without("one_open_decision_an_application"):
        most = max(sum(done is not None for done in decided_at_once(stage, place)) for place in range(1, 40))
        Decision.objects.all().delete()
        Application.objects.all().delete()
    assert most > 1


def undone_and_decided(stage, place):
    """The teacher undoes while a colleague decides the other way, and both once more while it takes effect."""
    application = waiting(stage, place)
    decide(application, PASS)
    together(
        lambda: undo(application, AFTER - (AFTER - NOW) / 5),
        lambda: decide(application, FAIL, actor=COLLEAGUE),
        lambda: work(AFTER),
        lambda: work(AFTER),
    )
    work(AFTER)
    work(AFTER + (AFTER - NOW))
    return application.id


def consistent(application_id):
    """Whatever came first: what stands at the end follows from the one decision that took effect."""
    application = Application.objects.get(id=application_id)
    effective = list(application.decisions.filter(outcome="effective").values_list("verdict", flat=True))
    given = by_review(application.record)
    expected = {(): ("pending", ""), ("pass",): ("passed", "2S"), ("fail",): ("failed", "")}
    return expected.get(tuple(effective)) == (application.state, given)


def test_e7_undoing_deciding_and_taking_effect_at_once_end_in_what_took_effect():
    stage = set_stage()
    for place in range(1, ROUNDS):
        assert consistent(undone_and_decided(stage, place))


@pytest.mark.breaks_invariants
def test_e7_control_without_the_record_s_lock_an_undone_pass_takes_effect(monkeypatch):
    take_effect = import_module("baokao.review.services.take_effect")
    monkeypatch.setattr(QuerySet, "select_for_update", lambda found, **_: found)
    monkeypatch.setattr(take_effect, "CLAIM", take_effect.CLAIM.replace("FOR NO KEY UPDATE OF r SKIP LOCKED", ""))
    stage = set_stage()
    assert not all(consistent(undone_and_decided(stage, place)) for place in range(1, 60))


def applying(passport, record, ticket):
    """The review's form, from a page that showed this record."""
    token = access.record_token(passport.id, record.id)
    return Shot(passport, "/my/review/", (("record", token), ("ticket", ticket), ("mine", "on")))


def two_passports(site, stage, place):
    """One record, for which one passport passes by itself and the other would wait; the states that it came to."""
    record = a_record(stage, subjects="1")
    own, named = f"9930101621{place:03}01", f"9930101621{place:03}02"
    a_score(record.id_number, ticket=own)
    a_score(f"993010YY{place}", ticket=named)
    first, second = (agreed(one) for one in passports_without_password(2))
    answers = fire(site.url, [applying(first, record, own), applying(second, record, named)] * 3)
    assert not [answer.status for answer in answers if answer.failed]
    assert by_review(record) == "2S"
    return set(Application.objects.filter(record=record).values_list("state", flat=True))


def test_e2_two_passports_submit_for_one_record_at_once_and_one_pass_settles_both(live_site):
    stage = set_stage()
    for place in range(1, 9):
        # Who comes after the pass is eligible already and has nothing to apply for.
        assert two_passports(live_site, stage, place) == {"passed"}


@pytest.mark.breaks_invariants
def test_e2_control_without_the_record_s_lock_one_application_stays_behind(unprotected_site):
    stage, site = set_stage(), unprotected_site("record-lock")
    assert any(two_passports(site, stage, place) != {"passed"} for place in range(1, 60))


def two_records(site, stage, place):
    """One passport applies for two records; how many applications it came to have."""
    (passport,) = passports_without_password(1)
    agreed(passport)
    shots = []
    for seat in ("01", "02"):
        record, ticket = a_record(stage, subjects="1"), f"9930101621{place:03}{seat}"
        a_score(record.id_number, ticket=ticket)
        shots.append(applying(passport, record, ticket))
    answers = fire(site.url, shots * 3)
    assert not [answer.status for answer in answers if answer.failed]
    return Application.objects.filter(passport=passport).count()


def test_e2_one_passport_submits_for_two_records_at_once_and_has_one_application(live_site):
    stage = set_stage()
    for place in range(1, 6):
        assert two_records(live_site, stage, place) == 1


@pytest.mark.breaks_invariants
def test_e2_control_without_the_constraint_a_passport_has_two_applications(live_site):
    stage = set_stage()
    with without("one_application_a_passport"):
        had_two = any(two_records(live_site, stage, place) == 2 for place in range(1, 40))
        Application.objects.all().delete()
    assert had_two
