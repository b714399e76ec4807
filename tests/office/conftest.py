"""Fixtures of the desks' tests."""

import pytest

from tests.cast import set_stage


@pytest.fixture
def stage(db):
    """The stage of tests/cast.py: 99301 with campus 993010, 99101 with campus 991010."""
    return set_stage()
