"""Windows replaced while candidates enter: whoever asks meanwhile finds the old window or the new, never none."""

import threading

import pytest
from django.db import connection

from baokao.core import clock
from baokao.core.raw import rows
from baokao.exams.rules import Person
from baokao.exams.services import import_sitting
from baokao.registration import facts
from tests.cast import SITTING, set_stage

pytestmark = [pytest.mark.django_db(transaction=True)]

NEW = f"""
sitting: {{code: {SITTING}}}
windows:
  - by: national
    kind: written
    pieces: [{{opens_at: 2020-01-01 00:00:00, closes_at: 2098-01-01 00:00:00}}]
"""


def windows_open():
    """How many pieces of time a candidate has for 英语四级 at 993010, asked from another connection."""
    found = []

    def ask():
        try:
            who = facts.Who(SITTING, None, "99301", "993010", Person("99301"), "", "", "")
            answers = facts.from_rows(rows(facts.STATEMENT, who.parameters("written")), who)
            found.append(len(answers[0].spans))
        finally:
            connection.close()

    other = threading.Thread(target=ask)
    other.start()
    other.join(20)
    return found[0]


def seen_while_replacing(tmp_path, service):
    """What a candidate sees when the old pieces have gone and the new ones are about to come."""
    set_stage()
    path = tmp_path / "sitting.yaml"
    path.write_text(NEW, encoding="utf-8")
    seen = []

    def watch(execute, sql, params, many, context):
        if sql.startswith('INSERT INTO "exams_windowpiece"'):
            seen.append(windows_open())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        outcome = service(path, actor="national", dry_run=False, progress=lambda *_: None, now=clock.now())
    assert outcome.applied
    assert windows_open() == 1
    return seen


def test_c13_a_window_being_replaced_is_there_all_the_time(tmp_path):
    assert seen_while_replacing(tmp_path, import_sitting) == [1]


def test_c13_control_without_one_transaction_there_is_none_for_a_moment(tmp_path):
    assert seen_while_replacing(tmp_path, import_sitting.__wrapped__) == [0]
