"""A desk's import against candidates and forms (rules B8, G3): each race with a twin that has lost its protection."""

import threading
import time

import pytest
from django.db import connection, connections, transaction

from baokao.exams.models import Freeze
from baokao.exams.services import freezing
from baokao.registration import opening
from baokao.registration.models import Registration
from baokao.registration.services import save, save_registration
from baokao.roster.imports import merging
from baokao.roster.models import RosterImport, StudentRecord
from baokao.roster.services import imports, students
from tests.cast import NOW, a_passport, agreed, set_stage
from tests.files import student
from tests.roster.desk import OWN, WHO, Desk, confirm

pytestmark = [pytest.mark.django_db(transaction=True)]


def somebody_waits() -> bool:
    """Whether a transaction of this database waits for another one's lock."""
    with connection.cursor() as cursor:
        # What a row's lock waits for names no database, but who waits holds something that does. (Who is active is told
        # a transaction once, as it was when it first asked.)
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks waiting JOIN pg_locks other USING (pid) JOIN pg_database ON oid ="
            " other.database WHERE NOT waiting.granted AND datname = current_database())"
        )
        return bool(cursor.fetchone()[0])


def until(condition, seconds=10.0):
    """Wait for something, for a while; whether it came."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


class Beside(threading.Thread):
    """A deed on a connection of its own; `result` is what it answered or raised."""

    def __init__(self, deed, *arguments, **options):
        super().__init__()
        self.deed, self.arguments, self.options, self.result = deed, arguments, options, None
        self.start()

    def run(self):
        try:
            self.result = self.deed(*self.arguments, **self.options)
        except Exception as raised:
            self.result = raised
        finally:
            connections.close_all()


# Undo against who is just saving a registration


def undo_while_saving(tmp_path, monkeypatch):
    """A candidate has read the record and is about to save it while the import is taken back; the import's state, and
    how many registered from it."""
    set_stage()
    one = Desk(tmp_path).applied(student())
    record, passport = StudentRecord.objects.get(), agreed(a_passport())
    reading, go, read = threading.Event(), threading.Event(), opening.read

    def slowly(*arguments):
        reading.set()
        go.wait(20)
        return read(*arguments)

    monkeypatch.setattr(opening, "read", slowly)
    saving = Beside(save_registration, passport.id, record.id, NOW)
    assert reading.wait(10)
    imports.ask_to_undo(one.id, **WHO, now=NOW)
    undoing = Beside(imports.undo, one.id, NOW)
    until(lambda: somebody_waits() or not undoing.is_alive(), 5)
    go.set()
    saving.join()
    undoing.join()
    return RosterImport.objects.get(id=one.id).state, Registration.objects.filter(state="live").count()


def test_g3_an_import_is_not_taken_back_under_who_is_registering(tmp_path, monkeypatch):
    assert undo_while_saving(tmp_path, monkeypatch) == ("applied", 1)


def test_g3_control_without_the_records_lock_somebody_registers_from_what_was_taken_back(tmp_path, monkeypatch):
    unheld = "SELECT row_digest FROM roster_studentrecord WHERE id = %s AND removed_at IS NULL"
    monkeypatch.setattr(save, "_HOLD_RECORD", unheld)
    assert undo_while_saving(tmp_path, monkeypatch) == ("undone", 1)


# Applying against a form that is just being saved


def apply_while_editing(tmp_path):
    """A form has changed the record and is about to commit while an import of it is applied; the import's state and
    the name that the record bears."""
    set_stage()
    desk = Desk(tmp_path)
    desk.applied(student())
    record = StudentRecord.objects.get()
    one = desk.checked(student(院系="物理学院"))
    edited, go = threading.Event(), threading.Event()

    def edit():
        with transaction.atomic():
            students.save(student(姓名="改名"), sitting="20262", reach=OWN, record=record.id, **WHO, now=NOW)
            edited.set()
            go.wait(20)

    editing = Beside(edit)
    assert edited.wait(10)
    applying = Beside(confirm, one)
    assert until(lambda: somebody_waits() or not applying.is_alive())
    go.set()
    editing.join()
    applying.join()
    return RosterImport.objects.get(id=one.id).state, StudentRecord.objects.get().name


def test_g3_an_import_never_writes_over_what_a_form_has_just_changed(tmp_path):
    assert apply_while_editing(tmp_path) == ("uploaded", "改名"), "it is checked again instead"


def test_g3_control_without_the_expected_digest_the_forms_change_is_lost(tmp_path, monkeypatch):
    careless = merging._UPDATE.replace("AND r.row_digest = m.seen", "")
    assert careless != merging._UPDATE
    monkeypatch.setattr(merging, "_UPDATE", careless)
    assert apply_while_editing(tmp_path) == ("applied", "颜明")


# Two schools at once


def test_g3_two_schools_that_apply_one_new_student_at_once_leave_one_record_and_a_conflict(tmp_path):
    from baokao.roster.reach import Reach

    set_stage()
    desks = [Desk(tmp_path, Reach(school)) for school in ("99301", "99101")]
    sent = [desk.checked(student(校区代码=f"{desk.reach.school}0")) for desk in desks]
    both = [Beside(confirm, one) for one in sent]
    for one in both:
        one.join()
    states = sorted(RosterImport.objects.values_list("state", flat=True))
    assert states == ["applied", "uploaded"]
    assert StudentRecord.objects.count() == 1
    later = RosterImport.objects.get(state="uploaded")
    imports.check(later.id, NOW)
    assert later.findings.filter(reason__startswith="学籍冲突").count() == 1


# A freeze against who is just changing a student


def restrict_while_freezing(tmp_path):
    """A province freezes the roster and has not committed yet when a school restricts a student; what the school's deed
    raised, and what stands in the record."""
    set_stage()
    Desk(tmp_path).applied(student())
    one = StudentRecord.objects.get()
    with transaction.atomic():
        freezing.freeze("20262", "99", None, Freeze.Area.ROSTER, "已核对完毕", "staff:2", NOW)
        beside = Beside(students.restrict, one.id, "1", "欠费", reach=OWN, **WHO, now=NOW)
        until(lambda: somebody_waits() or not beside.is_alive())
    beside.join()
    one.refresh_from_db()
    return beside.result, one.subjects_restricted


def test_g6_who_changes_a_student_while_it_is_frozen_waits_and_is_refused(tmp_path):
    raised, restricted = restrict_while_freezing(tmp_path)
    assert (raised.first.code, restricted) == ("frozen", "")


def test_g6_control_without_the_lock_the_change_comes_after_the_freeze(tmp_path, monkeypatch):
    monkeypatch.setattr("baokao.roster.services.gate.turns.join_freeze", lambda province: None)
    assert restrict_while_freezing(tmp_path) == (None, "1")
