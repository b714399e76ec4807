"""A coordinator at the review's desk."""

import pytest

from tests.office.desks import a_staff, at_desk


@pytest.fixture
def staff(stage):
    return a_staff()


@pytest.fixture
def desk(staff):
    return at_desk(staff)
