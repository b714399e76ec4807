"""Each change, each look at a whole ID number and each refusal of one leaves exactly one audit row (proof f6).

A scenario an action of the apps' closed lists: what comes before `yield` prepares, what comes after is the deed. An
action without a scenario fails, and so does a route that takes forms and is in none.
"""

from collections.abc import Iterator
from importlib import import_module

import pytest

from baokao.core import audit
from baokao.core.models import AuditRow
from baokao.passport.models import Passport
from tests.cast import a_candidate, a_passport
from tests.guards.test_audiences import filled
from tests.guards.urls import routes
from tests.office.desks import a_staff, at_desk
from tests.payments.bank import Bank

# The scenarios, which enter themselves.
from tests.privacy import (  # noqa: F401
    at_groups,
    desks,
    grouping,
    looking,
    operating,
    registering,
    reviewing,
    rostering,
    setting,
    telling,
)
from tests.privacy.house import POSTED, SCENARIOS, House
from tests.signing_in import signed_in_client

pytestmark = pytest.mark.django_db

# Routes that take a form and change nothing of anybody's: which sitting the browser goes on in; asking the provider,
# whose answer is booked by itself.
CHANGE_NOTHING = {"/my/sitting/", "/my/pay/refresh/", "/office/sitting/", "/office/group/<uuid:group_id>/refresh/"}
# These write a row of the outbox alone; what the worker makes of it is audited (rule A5).
LATER = {"/passport/recover/"}


@pytest.fixture
def house(bank, tmp_path):
    return House(bank, tmp_path)


@pytest.fixture
def bank(monkeypatch):
    made = Bank()
    monkeypatch.setattr("baokao.payments.providers.configured", lambda: {"alipay": made})
    return made


def rows() -> set:
    return set(AuditRow.objects.values_list("id", "action"))


def actions() -> list[str]:
    """Every action that any app can write, from the code."""
    for app in ("passport", "passport.staff", "registration", "review", "roster", "exams", "payments"):
        import_module(f"baokao.{app}.audit")
    return sorted(
        str(one) for kind in audit.AuditAction.__subclasses__() if kind.__module__.startswith("baokao.") for one in kind
    )


@pytest.mark.parametrize("action", actions())
def test_f6_each_deed_and_each_refusal_leaves_exactly_one_row(action, house):
    assert action in SCENARIOS, f"write a scenario that leaves {action}"
    for scenario in SCENARIOS[action]:
        steps: Iterator[None] = scenario(house)
        next(steps)
        before, house.posted = rows(), []
        with pytest.raises(StopIteration):
            next(steps)
        assert [left for _, left in rows() - before] == [action], scenario.__name__
        assert not scenario.route or house.posted == [scenario.route], scenario.__name__


def test_f6_every_route_that_takes_a_form_is_in_a_scenario(house):
    passport, staff = a_candidate(house.stage), a_staff()

    def takes_a_form(pattern):
        desk = pattern.startswith("/office/")
        client = at_desk(staff) if desk else signed_in_client(Passport.objects.get(id=passport.id))
        return client.post(filled(pattern)).status_code != 405

    taking = {route.pattern for route in routes() if takes_a_form(route.pattern)}
    assert taking - POSTED.keys() - CHANGE_NOTHING - LATER == set()
    assert POSTED.keys() <= taking


def test_f6_control_a_deed_that_leaves_no_row_is_found(house):
    before = rows()
    Passport.objects.filter(id=a_passport().id).update(name="x")
    assert len(rows() - before) == 1, "registering left its row, the change behind the services' back left none"
