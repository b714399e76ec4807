"""Baskets of several subjects in crossing orders: nobody waits for somebody who waits for them (proof a10)."""

import pytest

from baokao.registration import services
from baokao.registration.models import Entry
from tests.cast import NOW, a_record, agreed, passports_without_password, set_stage
from tests.races.volley import fire, written

pytestmark = [pytest.mark.django_db(transaction=True)]

BASKETS = ("14", "41", "16", "61", "34", "43", "36", "63", "54", "45")


def baskets_at_once(site, people):
    stage = set_stage()
    shots = []
    for n, passport in enumerate(passports_without_password(people)):
        services.save_registration(agreed(passport).id, a_record(stage).id, NOW)
        shots.append(written(passport, BASKETS[n % len(BASKETS)]))
    return fire(site.url, shots)


def test_a10_baskets_in_crossing_orders_all_get_through(live_site):
    answers = baskets_at_once(live_site, 80)
    assert all(answer.saved for answer in answers)
    assert Entry.objects.filter(state__in=Entry.LIVE).count() == 160


def test_a10_control_counters_in_any_order_lock_each_other_out(unprotected_site):
    site = unprotected_site("counter-order")
    answers = baskets_at_once(site, 100)
    assert any(answer.failed for answer in answers), "nobody was locked out; the race proves nothing"
