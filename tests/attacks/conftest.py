"""A house full of people, at a moment that stands still: built once a file, and as it was again after each test."""

import pytest
from django.db import connections

from baokao.core import clock
from baokao.payments import providers
from tests.attacks.filling import found_forms
from tests.attacks.forms import Form
from tests.attacks.people import House, set_house
from tests.attacks.tables import undone
from tests.cast import NOW
from tests.payments.bank import AnotherBank, Bank


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    """The house, in a transaction that is taken back after the file's last test."""
    banks = {"alipay": Bank(), "payease": AnotherBank()}
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), clock.travel(NOW), undone():
        patch.setattr(providers, "configured", lambda: banks)
        yield set_house(banks["alipay"])
    connections.close_all()


@pytest.fixture
def house(built) -> House:
    """The house; what a test does to it is taken back."""
    with undone():
        yield built


@pytest.fixture(scope="module")
def forms(built) -> list[Form]:
    """Every form of the site, found once a file; those who see them stay for as long."""
    return found_forms(built)
