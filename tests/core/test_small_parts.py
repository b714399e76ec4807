"""Switches, fault points, loops, logs and audit rows."""

import json
import logging
import os
import signal
import subprocess
import sys
import threading

import pytest
import structlog
from django.db import connection

from baokao.core import audit, clock, faults, loops, switches
from baokao.core.http.audience import Audience, audience


@pytest.mark.django_db
def test_a_switch_is_off_until_it_is_turned_on():
    assert not switches.entries_paused()
    switches.turn(switches.ENTRIES_PAUSED, True, clock.now())
    assert switches.entries_paused()
    assert not switches.read_only()
    switches.turn(switches.ENTRIES_PAUSED, False, clock.now())
    assert not switches.entries_paused()


@pytest.mark.django_db
def test_a_switch_costs_no_query_while_it_is_remembered(django_assert_num_queries):
    with django_assert_num_queries(1):
        switches.entries_paused()
        switches.read_only()


@pytest.mark.django_db
def test_another_process_follows_within_two_seconds(run_sql, monkeypatch):
    assert not switches.read_only()
    run_sql("""INSERT INTO core_switch VALUES ('read-only', true, now())""")
    monkeypatch.setattr(switches, "_read_at", switches._read_at - 1.9)
    assert not switches.read_only()
    monkeypatch.setattr(switches, "_read_at", switches._read_at - 0.2)
    assert switches.read_only()


def test_a_switch_that_does_not_exist_cannot_be_turned():
    with pytest.raises(ValueError, match="no switch"):
        switches.turn("everything", True, clock.now())


def test_a_fault_point_does_nothing_unless_it_is_armed(settings):
    faults.point("tests.here")
    settings.FAULT = "tests.elsewhere:raise"
    faults.point("tests.here")
    settings.FAULT = "tests.here:raise"
    with pytest.raises(faults.InjectedFault):
        faults.point("tests.here")


def test_a_fault_point_is_dead_in_production(settings):
    settings.FAULT = "tests.here:kill"
    settings.PRODUCTION = True
    faults.point("tests.here")


def test_a_fault_point_kills_as_a_crash_does():
    program = "import django; django.setup()\nfrom baokao.core import faults\nfaults.point('tests.here')"
    environment = {**os.environ, "BAOKAO_FAULT": "tests.here:kill"}
    ended = subprocess.run([sys.executable, "-c", program], env=environment, check=False, timeout=60)
    assert ended.returncode == -signal.SIGKILL


def test_a_view_states_its_audience():
    @audience(Audience.CANDIDATE)
    def view(request):
        return None

    assert getattr(view, "audience", None) is Audience.CANDIDATE


@pytest.mark.django_db(transaction=True)
def test_a_loop_outlives_its_errors_and_keeps_a_heartbeat(run_sql, capsys):
    stop, rounds = threading.Event(), []

    def work() -> bool:
        rounds.append(1)
        if len(rounds) == 1:
            raise ZeroDivisionError("13800000000")
        if len(rounds) == 3:
            stop.set()
        return len(rounds) == 2

    thread = threading.Thread(target=loops.run, args=(loops.Loop("tests", 0.01, work, lambda: 0.5), stop))
    thread.start()
    thread.join(20)
    assert len(rounds) == 3
    assert run_sql("SELECT name, behind FROM core_heartbeat") == [("tests", 0.5)]
    written = capsys.readouterr().err
    assert "loop.failed" in written
    assert "13800000000" not in written, "an error's message may quote a person"


@pytest.mark.django_db(transaction=True)
def test_the_worker_seals_and_sends(deed, run_sql):
    deed()
    stop = threading.Event()
    threads = loops.start(stop)
    try:
        for _ in range(200):
            if run_sql("SELECT 1 FROM core_seal") and len(run_sql("SELECT 1 FROM core_heartbeat")) == len(loops.LOOPS):
                break
            stop.wait(0.05)
    finally:
        stop.set()
        for thread in threads:
            thread.join(20)
    assert run_sql("SELECT count FROM core_seal") == [(1,)]


def test_an_exception_of_foreign_code_is_logged_without_its_message():
    try:
        raise ValueError("Key (account)=(yanming@example.com) already exists")
    except ValueError:
        record = logging.LogRecord("elsewhere", logging.ERROR, "", 1, "failed", (), sys.exc_info())
    formatters = [handler.formatter for handler in logging.getLogger().handlers]
    (ours,) = [formatter for formatter in formatters if isinstance(formatter, structlog.stdlib.ProcessorFormatter)]
    line = json.loads(ours.format(record))
    assert line["exception"].startswith("ValueError at ")
    assert "yanming" not in json.dumps(line)


@pytest.mark.django_db
def test_an_audit_row_is_one_insert_that_reads_nothing_back(deed, django_assert_num_queries):
    with django_assert_num_queries(1) as captured:
        deed("thing:1", seat=1)
    statement = captured.captured_queries[0]["sql"]
    assert statement.startswith("INSERT INTO core_audit")
    assert "RETURNING" not in statement
    assert "SELECT" not in statement


@pytest.mark.django_db
def test_audit_rows_of_one_transaction_share_its_number(deed, run_sql):
    deed("thing:1")
    deed("thing:2")
    ((numbers, current),) = run_sql(
        "SELECT count(DISTINCT xact), min(xact) = pg_current_xact_id()::text::bigint FROM core_audit"
    )
    assert (numbers, current) == (1, True)


@pytest.mark.django_db
def test_a_role_that_may_only_insert_can_write_an_audit_row(run_sql, deed):
    run_sql("CREATE ROLE only_inserts NOLOGIN")
    run_sql("GRANT only_inserts TO current_user")
    run_sql("GRANT INSERT ON core_audit TO only_inserts")
    run_sql("SET LOCAL ROLE only_inserts")
    deed()
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("SELECT count(*) FROM core_audit")
        assert cursor.fetchone() == (1,)


def test_an_action_is_one_of_a_closed_list():
    class Own(audit.AuditAction):
        SAVED = "registration.saved"

    assert f"{Own.SAVED}" == "registration.saved"
