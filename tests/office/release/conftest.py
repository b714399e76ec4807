"""A stranger's passport that holds a student's record, and the student's own."""

import pytest

from tests.cast import a_passport, agreed
from tests.speaking import a_speaker, set_speaking_stage


@pytest.fixture
def stage(bank):
    return set_speaking_stage()


@pytest.fixture
def stranger(stage):
    """Who holds the record of 颜明, with a written entry."""
    return a_speaker(stage, name="颜明", number="993010WW1", student_no="0001", class_name="1班")


@pytest.fixture
def owner(stage):
    return agreed(a_passport("owner@example.com"))
