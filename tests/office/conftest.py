"""Fixtures of the desks' tests."""

import pytest

from baokao.payments import providers
from tests.cast import set_stage
from tests.office.desks import a_staff, at_desk
from tests.payments.bank import Bank


@pytest.fixture
def stage(db):
    """The stage of tests/cast.py: 99301 with campus 993010, 99101 with campus 991010."""
    return set_stage()


@pytest.fixture
def bank(monkeypatch):
    """支付宝, in memory, as the one provider that the services speak to."""
    made = Bank()
    monkeypatch.setattr(providers, "configured", lambda: {"alipay": made})
    return made


@pytest.fixture
def staff(stage):
    """A coordinator of 99301."""
    return a_staff()


@pytest.fixture
def desk(staff):
    """A browser signed in as that coordinator."""
    return at_desk(staff)
