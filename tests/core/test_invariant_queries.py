"""Each invariant finds what it is for. The tables' own constraints are taken away first, to let the fault in."""

import re
import uuid
from datetime import timedelta

import pytest

from baokao.core import clock
from baokao.core.invariants import runner

pytestmark = pytest.mark.django_db


def broken() -> set[str]:
    return {violation.name for violation in runner.run(patience=0)}


def drop_constraints(run_sql, table: str) -> None:
    """Let anything into a table, for this test's transaction: its checks, unique indexes and foreign keys go."""
    run_sql("SET CONSTRAINTS ALL IMMEDIATE")
    for (name,) in run_sql(
        "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('c', 'f', 'u')", table
    ):
        run_sql(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    for (name,) in run_sql(
        "SELECT indexrelid::regclass::text FROM pg_index"
        " WHERE indrelid = %s::regclass AND indisunique AND NOT indisprimary",
        table,
    ):
        run_sql(f"DROP INDEX {name}")


class Rows:
    """Writes rows with every column filled by something of its type, unless the test says otherwise."""

    FILLINGS = {
        "uuid": lambda: uuid.uuid4(),
        "character varying": lambda: "x",
        "text": lambda: "x",
        "boolean": lambda: False,
        "bytea": lambda: b"x",
        "jsonb": lambda: "{}",
        "timestamp with time zone": clock.now,
        "numeric": lambda: 0,
        "date": lambda: clock.now().date(),
    }

    def __init__(self, run_sql) -> None:
        self.run_sql = run_sql
        for table in ("exams_offering", "registration_registration", "registration_entry", "exams_subject"):
            drop_constraints(run_sql, table)

    def add(self, table: str, **values):
        """Write one row; its id."""
        columns = self.run_sql(
            "SELECT column_name, data_type, is_nullable, is_identity FROM information_schema.columns"
            " WHERE table_name = %s ORDER BY ordinal_position",
            table,
        )
        row = {
            name: values.get(name, None if nullable == "YES" else self.FILLINGS.get(kind, lambda: 0)())
            for name, kind, nullable, identity in columns
            if identity == "NO" or name in values
        }
        names = ", ".join(f'"{name}"' for name in row)
        key = "code" if table == "exams_subject" else "id"
        marks = ", ".join(["%s"] * len(row))
        return self.run_sql(f"INSERT INTO {table} ({names}) VALUES ({marks}) RETURNING {key}", *row.values())[0][0]

    def offering(self, taken: int = 0, target: int = 10, capacity: int = 10) -> int:
        return self.add("exams_offering", taken=taken, target=target, capacity=capacity)

    def registration(self, **values) -> uuid.UUID:
        state = values.setdefault("state", "live")
        values.setdefault("ended_at", None if state == "live" else clock.now())
        return self.add("registration_registration", **values)

    def entry(self, registration, offering, **values) -> uuid.UUID:
        values = {"state": "unpaid", "level": 4, "kind": "written", "subject_id": "1", **values}
        live = values["state"] in ("unpaid", "paid")
        values.setdefault("ended_at", None if live else clock.now())
        return self.add("registration_entry", registration_id=registration, offering_id=offering, **values)


@pytest.fixture
def rows(run_sql) -> Rows:
    return Rows(run_sql)


def test_an_empty_house_violates_nothing():
    assert broken() == set()


def test_a_sound_registration_violates_nothing(rows):
    """The control of all below."""
    offering = rows.offering(taken=1)
    registration = rows.registration()
    rows.entry(registration, offering)
    rows.entry(registration, offering, state="cancelled")
    assert broken() == set()


@pytest.mark.parametrize(
    ("taken", "target", "capacity"), [(11, 10, 10), (-1, 10, 10), (0, 10, 11), (0, 10, 9), (12, 10, 13)]
)
def test_i1_a_counter_outside_of_its_capacity(rows, taken, target, capacity):
    rows.offering(taken, target, capacity)
    assert "I1" in broken()


def test_i2_a_counter_that_differs_from_its_entries(rows):
    offering = rows.offering(taken=2)
    rows.entry(rows.registration(), offering)
    assert broken() == {"I2"}


def test_i2_an_entry_of_no_offering(rows):
    rows.entry(rows.registration(), 987654)
    assert broken() == {"I2"}


def test_i3_two_live_written_entries_of_one_level(rows):
    offering = rows.offering(taken=2)
    registration = rows.registration()
    rows.entry(registration, offering, subject_id="1")
    rows.entry(registration, offering, subject_id="3")
    assert broken() == {"I3"}


@pytest.mark.parametrize("same", ["passport_id", "record_id"])
def test_i4_two_live_registrations_of_one(rows, run_sql, same):
    kinds = dict(
        run_sql(
            "SELECT column_name, data_type FROM information_schema.columns"
            " WHERE table_name = 'registration_registration' AND column_name IN ('passport_id', 'record_id')"
        )
    )

    def keys(count: int) -> dict:
        found = {}
        for column in ("passport_id", "record_id"):
            value = 1 if column == same else count
            found[column] = uuid.UUID(int=value) if kinds[column] == "uuid" else value
        return found

    rows.registration(**keys(2), state="expired")
    rows.registration(**keys(3))
    assert broken() == set()
    rows.registration(**keys(4))
    assert broken() == {"I4"}


@pytest.mark.parametrize(
    ("state", "late", "found"),
    [
        ("unpaid", 61, {"I8"}),
        ("unpaid", 59, set()),
        ("unpaid", -1, set()),
        ("paid", 61, {"I5"}),
        ("expired", 61, set()),
        ("cancelled", 61, set()),
    ],
)
def test_i8_an_unpaid_entry_that_outlives_its_time_by_a_minute(rows, state, late, found):
    live = state in ("unpaid", "paid")
    held_until = clock.now() - timedelta(seconds=late)
    rows.entry(rows.registration(), rows.offering(taken=int(live)), state=state, held_until=held_until)
    assert broken() == found


@pytest.mark.parametrize(
    ("state", "seconds", "found"),
    [
        ("live", 61, {"I12"}),
        ("live", 59, set()),
        ("live", None, set()),
        ("expired", 61, set()),
        ("cancelled", 61, set()),
    ],
)
def test_i12_a_registration_that_stays_empty_a_minute_too_long(rows, state, seconds, found):
    since = None if seconds is None else clock.now() - timedelta(hours=12, seconds=seconds)
    rows.registration(state=state, empty_since=since)
    assert broken() == found


@pytest.mark.parametrize(("hours", "found"), [(24, set()), (6, {"I12"})])
def test_i12_goes_by_the_hold_that_the_operators_set(rows, settings, hours, found):
    settings.EMPTY_HOLD = timedelta(hours=hours)
    rows.registration(empty_since=clock.now() - timedelta(hours=12))
    assert broken() == found


def test_i12_the_file_by_itself_goes_by_the_rules_twelve_hours(rows, run_sql):
    """As psql would run it."""
    [statement] = [one.statement for one in runner.invariants() if one.name == "I12"]
    rows.registration(empty_since=clock.now() - timedelta(hours=12, seconds=59))
    assert run_sql(statement) == []
    rows.registration(empty_since=clock.now() - timedelta(hours=12, seconds=61))
    assert len(run_sql(statement)) == 1


def test_i9_a_live_entry_of_an_ended_registration(rows):
    rows.entry(rows.registration(state="cancelled"), rows.offering(taken=1))
    assert broken() == {"I9"}


def test_i10_a_speaking_entry_without_its_written_one(rows):
    rows.add("exams_subject", code="Y", level=4, language="en", kind="written")
    rows.add("exams_subject", code="Z", level=4, language="en", kind="speaking")
    written, speaking = rows.offering(taken=1), rows.offering(taken=1)
    registration = rows.registration()
    entry = rows.entry(registration, speaking, subject_id="Z", kind="speaking")
    rows.run_sql("UPDATE exams_offering SET taken = 0 WHERE id = %s", written)
    assert broken() == {"I10"}
    rows.run_sql("UPDATE exams_offering SET taken = 1 WHERE id = %s", written)
    rows.entry(registration, written, subject_id="Y")
    assert broken() == set()
    rows.run_sql("UPDATE registration_entry SET state = 'paid' WHERE id = %s", entry)
    assert broken() == {"I5", "I10"}, "paid before its written entry, and by nobody"


@pytest.mark.parametrize(
    ("level", "language", "state", "found"),
    [
        (4, "en", "unpaid", set()),
        (4, "en", "paid", {"I5"}),
        (6, "en", "unpaid", {"I10"}),
        (4, "ja", "unpaid", {"I10"}),
        (4, "en", "cancelled", {"I10"}),
        (4, "en", "expired", {"I10"}),
    ],
)
def test_i10_it_must_be_live_and_of_the_same_level_and_language(rows, level, language, state, found):
    rows.add("exams_subject", code="Y", level=level, language=language, kind="written")
    rows.add("exams_subject", code="Z", level=4, language="en", kind="speaking")
    registration = rows.registration()
    rows.entry(registration, rows.offering(taken=1), subject_id="Z", kind="speaking")
    taken = int(state in ("unpaid", "paid"))
    rows.entry(registration, rows.offering(taken=taken), subject_id="Y", level=level, state=state)
    assert broken() == found


def test_i10_another_registrations_written_entry_is_of_no_use(rows):
    rows.add("exams_subject", code="Y", level=4, language="en", kind="written")
    rows.add("exams_subject", code="Z", level=4, language="en", kind="speaking")
    rows.entry(rows.registration(), rows.offering(taken=1), subject_id="Z", kind="speaking")
    rows.entry(rows.registration(), rows.offering(taken=1), subject_id="Y")
    assert broken() == {"I10"}


def test_i14_a_job_that_nobody_takes(run_sql):
    run_sql(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, scheduled_at)"
        " VALUES ('default', 'core.clean', now() - interval '9 minutes')"
    )
    assert broken() == set()
    run_sql("UPDATE procrastinate_jobs SET scheduled_at = now() - interval '11 minutes'")
    assert broken() == {"I14"}


def test_i14_a_mail_that_nobody_sends(run_sql):
    run_sql(
        "INSERT INTO core_outbox (id, kind, made_at, due_at)"
        " VALUES (gen_random_uuid(), 'mail', now(), now() - interval '11 minutes')"
    )
    assert broken() == {"I14"}
    run_sql("UPDATE core_outbox SET sent_at = now()")
    assert broken() == set()


def test_what_was_found_is_kept_for_the_metrics(rows, run_sql):
    rows.offering(11, 10, 10)
    now = clock.now()
    runner.keep(runner.run(patience=0), now)
    kept = dict(run_sql("SELECT name, violations FROM core_invariantrun"))
    assert kept["I1"] == 1
    assert kept["I3"] == 0
    runner.keep([], now + timedelta(minutes=5))
    assert dict(run_sql("SELECT name, violations FROM core_invariantrun"))["I1"] == 0


def test_every_query_has_a_name_and_a_sentence():
    text = runner.FILE.read_text(encoding="utf-8")
    assert len(runner.invariants()) == len(re.findall(r"^-- I\d+: .+$", text, re.M)) == text.count(";\n")
    assert {"I1", "I2", "I3", "I4", "I11", "I14"} <= {invariant.name for invariant in runner.invariants()}
