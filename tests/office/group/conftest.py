"""Two candidates of one school with unpaid entries."""

import pytest

from tests.speaking import a_speaker, set_speaking_stage


@pytest.fixture
def stage(bank):
    return set_speaking_stage()


@pytest.fixture
def one(stage):
    return a_speaker(stage, name="颜明", student_no="0001", department="化学学院", class_name="1班", written="14")


@pytest.fixture
def other(stage):
    return a_speaker(stage, name="王佳怡", student_no="0002", department="文学院", class_name="2班")
