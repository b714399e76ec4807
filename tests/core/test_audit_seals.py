"""The audit log can only be appended to, and whoever changes it is found (rule G2; proof f5; I11)."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from baokao.core import clock
from baokao.core.audit import chain, sealer, verify
from baokao.core.invariants import runner
from tests.core.sealing import seal_soon, when_calm

pytestmark = pytest.mark.django_db(transaction=True)


def faults(settings, first: int = 1) -> list[str]:
    return [str(fault) for fault in verify.verify(first, settings.SEAL_LOG)]


@pytest.fixture
def three_seals(deed):
    """Three seals of four rows each."""
    links = []
    for number in range(3):
        for row in range(4):
            deed(f"thing:{number}-{row}", seat=row)
        links.append(seal_soon())
    return links


def test_seals_follow_from_rows_and_from_each_other(three_seals, settings):
    assert [link.number for link in three_seals] == [1, 2, 3]
    assert [link.count for link in three_seals] == [4, 4, 4]
    assert three_seals[0].since == 0
    assert three_seals[1].since == three_seals[0].until
    assert three_seals[1].previous == three_seals[0].hash()
    assert faults(settings) == []


def test_nothing_to_seal_writes_no_seal(three_seals):
    assert sealer.seal_once(clock.now()) is None


def test_rows_that_rolled_back_are_not_sealed(deed, settings):
    deed("thing:kept")
    with transaction.atomic():
        deed("thing:lost")
        transaction.set_rollback(True)
    assert seal_soon().count == 1
    assert faults(settings) == []


TAMPERING = {
    "detail": """UPDATE core_audit SET detail = '{"seat": 9}' WHERE subject = 'thing:1-2'""",
    "action": "UPDATE core_audit SET action = 'tests.refused' WHERE subject = 'thing:1-2'",
    "actor": "UPDATE core_audit SET actor = 'passport:somebody' WHERE subject = 'thing:1-2'",
    "subject": "UPDATE core_audit SET subject = 'thing:other' WHERE subject = 'thing:1-2'",
    "sitting": "UPDATE core_audit SET sitting = '172' WHERE subject = 'thing:1-2'",
    "moment": "UPDATE core_audit SET at = at + interval '1 microsecond' WHERE subject = 'thing:1-2'",
    "id": "UPDATE core_audit SET id = gen_random_uuid() WHERE subject = 'thing:1-2'",
    "mac": "UPDATE core_audit SET mac = decode(repeat('ab', 32), 'hex') WHERE subject = 'thing:1-2'",
    "contents of two rows exchanged": """
        UPDATE core_audit a SET detail = b.detail FROM core_audit b
         WHERE (a.subject, b.subject) IN (('thing:1-2', 'thing:1-3'), ('thing:1-3', 'thing:1-2'))""",
    "moved to the next seal": """
        UPDATE core_audit SET xact = (SELECT until FROM core_seal WHERE number = 2) WHERE subject = 'thing:1-2'""",
    "a row removed": "DELETE FROM core_audit WHERE subject = 'thing:1-2'",
    "a whole seal's rows removed": "DELETE FROM core_audit WHERE subject LIKE 'thing:1-%'",
    "a row doubled": """
        INSERT INTO core_audit SELECT gen_random_uuid(), xact, at, action, actor, subject, sitting, detail, key_id, mac
          FROM core_audit WHERE subject = 'thing:1-2'""",
    "a removed row replaced": """
        WITH gone AS (DELETE FROM core_audit WHERE subject = 'thing:1-2' RETURNING *)
        INSERT INTO core_audit SELECT gen_random_uuid(), xact, at, action, actor, subject, sitting, detail, key_id, mac
          FROM gone""",
    "the seal's count": "UPDATE core_seal SET count = 3 WHERE number = 2",
    "the seal's root": "UPDATE core_seal SET root = previous WHERE number = 2",
    "the seal's hash": "UPDATE core_seal SET hash = previous WHERE number = 2",
    "the seal's moment": "UPDATE core_seal SET sealed_at = sealed_at + interval '1 s' WHERE number = 2",
}


@pytest.mark.parametrize("statement", TAMPERING.values(), ids=TAMPERING.keys())
def test_f5_every_change_is_found_with_its_range(three_seals, run_sql, settings, statement):
    run_sql(statement)
    found = list(verify.verify(1, settings.SEAL_LOG))
    assert found, "the change went unnoticed"
    wrong = [fault for fault in found if fault.seal == 2]
    assert wrong
    assert {(fault.since, fault.until) for fault in wrong} <= {
        (three_seals[1].since, three_seals[1].until),
        # A head that differs from the one shipped is known by its end only.
        (0, three_seals[1].until),
    }
    # Its neighbour may notice a broken link or a row too many; the first seal has nothing to complain of.
    assert all(fault.seal in (2, 3) for fault in found)


def test_f5_an_untouched_log_has_no_fault(three_seals, settings):
    """The control of the test above: it finds nothing where nothing was changed."""
    assert faults(settings) == []


def test_f5_a_seal_taken_out_of_the_middle_is_found(three_seals, run_sql, settings):
    run_sql("DELETE FROM core_seal WHERE number = 2")
    assert any("seals 2 to 2 are missing" in fault for fault in faults(settings))


def test_f5_the_last_seal_cut_off_with_its_rows_is_found_by_what_was_shipped(three_seals, run_sql, settings):
    run_sql("DELETE FROM core_audit WHERE subject LIKE 'thing:2-%'")
    run_sql("DELETE FROM core_seal WHERE number = 3")
    assert any("was shipped and is missing" in fault for fault in faults(settings))
    assert list(verify.verify()) == [], "without the heads shipped elsewhere nobody could know"


def test_f5_a_chain_written_anew_by_who_holds_the_key_is_found_by_what_was_shipped(three_seals, run_sql, settings):
    last = three_seals[2]
    run_sql("DELETE FROM core_audit WHERE subject = 'thing:2-1'")
    rows = sealer._select(last.since, last.until, None)
    forged = chain.Link(3, last.since, last.until, 3, chain.root_of(rows), last.previous, last.key_id, last.sealed_at)
    run_sql("UPDATE core_seal SET count = 3, root = %s, hash = %s WHERE number = 3", forged.root, forged.hash())
    assert list(verify.verify()) == []
    assert any("is not the one that was shipped" in fault for fault in faults(settings))


def test_f5_without_the_key_no_seal_can_be_written(three_seals, run_sql, settings):
    ours, settings.AUDIT_KEYS = settings.AUDIT_KEYS, {1: bytes(32)}
    last = three_seals[2]
    forged = chain.Link(3, last.since, last.until, last.count, last.root, last.previous, 1, last.sealed_at)
    run_sql("UPDATE core_seal SET hash = %s WHERE number = 3", forged.hash())
    settings.AUDIT_KEYS = ours
    (fault,) = verify.verify()
    assert (fault.seal, fault.what) == (3, "the seal itself was changed")


def while_another_writes(deed, between) -> None:
    """Commit a row while an older transaction that wrote one is still open; `between` runs in the middle."""
    wrote, may_commit = threading.Event(), threading.Event()

    def older() -> None:
        try:
            with transaction.atomic():
                deed("thing:older")
                wrote.set()
                may_commit.wait(20)
        finally:
            connections.close_all()

    thread = threading.Thread(target=older)
    thread.start()
    wrote.wait(20)
    deed("thing:younger")
    try:
        between()
    finally:
        may_commit.set()
        thread.join(20)


def test_a_seal_ends_before_the_oldest_transaction_that_still_writes(deed, settings):
    seen = []
    while_another_writes(deed, lambda: seen.append(sealer.seal_once(clock.now())))
    assert seen == [None], "the younger row is not sealed while an older one may still appear below it"
    assert seal_soon().count == 2
    assert faults(settings) == []


def test_control_a_sealer_without_its_horizon_leaves_a_row_unsealed_in_a_sealed_range(deed, settings, monkeypatch):
    """The horizon taken away: the seal ends after the newest row instead of before the oldest running transaction."""

    def greedy():
        with connection.cursor() as cursor:
            cursor.execute("SELECT max(xact) + 1 FROM core_audit")
            (horizon,) = cursor.fetchone()
        return 1, 0, chain.GENESIS, horizon

    with monkeypatch.context() as patched:
        patched.setattr(sealer, "_state", greedy)
        while_another_writes(deed, lambda: sealer.seal_once(clock.now()))
    assert any("1 rows were added" in fault for fault in faults(settings)), "I11 must break"


def test_two_sealers_at_once_write_one_chain(deed, at_once, settings):
    for number in range(20):
        deed(f"thing:{number}")
    written: list[chain.Link] = []
    while sum(link.count for link in written) < 20:
        written += [link for link in at_once(6, lambda: sealer.seal_once(clock.now())) if link]
    assert sorted(link.number for link in written) == list(range(1, len(written) + 1))
    assert faults(settings) == []


def test_a_backlog_is_sealed_in_batches_cut_between_transactions(deed, settings, monkeypatch):
    monkeypatch.setattr(sealer, "BATCH", 5)
    deed("thing:first")
    with transaction.atomic():
        for number in range(9):
            deed(f"thing:{number}")
    deed("thing:last")
    counts = []
    while sum(counts) < 11:
        counts.append(seal_soon().count)
    assert counts == [1, 9, 1]
    assert faults(settings) == []


def test_a_crash_between_sealing_and_shipping_is_made_good(three_seals, deed, settings):
    whole = settings.SEAL_LOG.read_text()
    lines = whole.splitlines(keepends=True)
    settings.SEAL_LOG.write_text(lines[0] + lines[1][:20])
    assert sealer.seal_once(clock.now()) is None
    assert faults(settings) == []
    assert sealer.shipped_until(settings.SEAL_LOG) == 3


def test_a_database_restored_into_a_younger_cluster_is_refused(three_seals, run_sql, deed):
    run_sql("UPDATE core_seal SET until = until + 1000000 WHERE number = 3")
    with pytest.raises(sealer.ClockBehind):
        sealer.seal_once(clock.now())


def test_i11_an_unsealed_row_is_tolerated_for_ten_seconds_only(deed, run_sql):
    deed("thing:1")
    assert [violation for violation in runner.run(patience=0) if violation.name == "I11"] == []
    with clock.travel(clock.now() - timedelta(seconds=11)):
        deed("thing:2")
    found = when_calm(lambda: [violation for violation in runner.run(patience=0) if violation.name == "I11"])
    assert [set(violation.row) for violation in found] == [{"audit_row", "xact", "at"}]
    seal_soon()
    assert runner.run(patience=0) == []


def test_i11_a_tampered_row_is_reported_by_the_invariants(three_seals, run_sql):
    assert runner.run(patience=0) == []
    run_sql("DELETE FROM core_audit WHERE subject = 'thing:1-2'")
    assert {violation.name for violation in runner.run(patience=0)} == {"I11"}


def test_a_row_survives_the_way_through_the_database(deed, run_sql):
    """What jsonb and the clock do to a value must not change the row's own hash."""
    deed("thing:1", 科目="英语四级笔试", id=uuid.UUID(int=7), deep={"b": [1, 2.5, None], "a": "𠮷"})
    assert all(row.sound() for row in sealer._select(0, 2**62, None))
