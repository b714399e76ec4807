"""Each invariant of money finds what it is for, and nothing in sound books (I5, I6, I7, I9)."""

from datetime import timedelta

import pytest
from django.db import connection

from baokao.core.invariants import runner
from baokao.exams.models import Offering
from baokao.registration import services as registration
from tests.cast import NOW, a_candidate, set_stage
from tests.payments.doing import LASTS, enter, hear, start, work
from tests.payments.grouping import a_locked_group, start_group

pytestmark = pytest.mark.django_db

LATE = NOW + timedelta(hours=25)


def sql(statement, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def broken():
    """What is violated, but for waiting rows: nobody seals and nobody delivers here."""
    return {found.name for found in runner.run(patience=0)} - {"I11", "I14"}


@pytest.fixture
def books(bank):
    """One entry that is paid, and one payment that went back."""
    passport = a_candidate(set_stage(), subjects="14")
    enter(passport, "14")
    attempt = start(passport, "1")
    hear(bank.pay(attempt.number, attempt.amount))
    late = start(passport, "4")
    work(NOW + LASTS)
    registration.expire_entries(LATE)
    Offering.objects.filter(subject_id="4").update(target=0, capacity=0)
    bank.facts.pop(late.number, None)
    hear(bank.pay(late.number, late.amount), LATE)
    work(LATE)
    # Let anything in: the constraints that make these faults impossible go for this test.
    for table in (
        "payments_settlement",
        "payments_allotment",
        "payments_refund",
        "payments_attempt",
        "registration_entry",
    ):
        sql("SET CONSTRAINTS ALL IMMEDIATE")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('c', 'u')", [table]
            )
            for (name,) in cursor.fetchall():
                sql(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')


def test_sound_books_violate_nothing(books):
    assert broken() == set()


@pytest.mark.parametrize(
    ("fault", "found"),
    [
        ("UPDATE registration_entry SET fee = 7 WHERE state = 'paid'", {"I5"}),
        ("UPDATE registration_entry SET state = 'unpaid' WHERE state = 'paid'", {"I5"}),
        ("DELETE FROM payments_allotment WHERE refund_id IS NULL", {"I5", "I6"}),
        ("UPDATE payments_settlement SET amount = amount + 1", {"I6", "I7"}),
        ("UPDATE payments_refund SET amount = amount + 1", {"I6", "I7"}),
        ("UPDATE payments_refund SET state = 'due'", {"I7"}),
        ("DELETE FROM payments_ledger WHERE kind = 'received'", {"I7"}),
        ("DELETE FROM payments_ledger WHERE kind = 'allotted'", {"I7"}),
        ("DELETE FROM payments_ledger WHERE kind = 'refunded'", {"I7"}),
        ("UPDATE payments_ledger SET amount = amount * 2 WHERE kind = 'owed'", {"I7"}),
        ("UPDATE payments_attempt SET state = 'ended' WHERE state = 'paid'", {"I9"}),
        (
            "UPDATE registration_entry SET state = 'unpaid', ended_at = NULL, held_until = now() + interval '1 day',"
            " lock = 'payment', locked_by = (SELECT id FROM payments_attempt LIMIT 1) WHERE subject_id = '4'",
            {"I2", "I9"},
        ),
    ],
)  # fmt: skip
def test_a_fault_in_the_books_is_found(books, fault, found):
    sql(fault)
    assert broken() == found


# Group payments (rule D8)


@pytest.fixture
def groups(bank):
    """One entry that a group holds, and one whose group is being paid."""
    stage = set_stage()
    for subject in "14":
        passport = a_candidate(stage, subjects=subject)
        enter(passport, subject)
        group = a_locked_group(passport)
    start_group(group)


def test_sound_groups_violate_nothing(groups):
    assert broken() == set()


@pytest.mark.parametrize(
    ("fault", "found"),
    [
        ("UPDATE payments_pick SET ends_at = now() - interval '2 minutes'", {"I8"}),
        ("UPDATE payments_pick SET ends_at = NULL", {"I9"}),
        ("UPDATE registration_entry SET locked_by = gen_random_uuid()", {"I9"}),
        ("UPDATE payments_grouppayment SET state = 'released' WHERE state = 'locked'", {"I9"}),
        ("UPDATE payments_grouppayment SET state = 'locked'", {"I9"}),
        ("UPDATE payments_grouppayment SET state = 'paying'", {"I9"}),
        ("UPDATE payments_attempt SET state = 'ended', ended_at = now()", {"I9"}),
    ],
)
def test_a_fault_in_a_group_is_found(groups, fault, found):
    sql(fault)
    assert broken() == found
