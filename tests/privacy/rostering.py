"""Scenarios of rosters at a desk (proof f6); as in telling.py."""

from django.core.files.uploadedfile import SimpleUploadedFile

from baokao.roster.models import RecordConflict, RosterImport, StudentRecord
from baokao.roster.services import imports, students
from tests.cast import NOW, a_record
from tests.files import student
from tests.office.desks import a_staff, at_desk
from tests.office.test_roster import a_file
from tests.office.test_students import TYPED
from tests.privacy.house import leaves
from tests.roster.desk import OWN, WHO
from tests.roster.photos import a_jpeg, a_zip

ROSTER, PHOTOS = "/office/roster/", "/office/photos/"
_ONE = f"{ROSTER}<uuid:import_id>/"
_STUDENT = "/office/students/<uuid:record_id>/"
BY = {**WHO, "now": NOW}


def an_import(state="ready", **changes) -> RosterImport:
    """An import of one student that the desk of 99301 can decide about."""
    at_desk(a_staff()).post(ROSTER, {"file": a_file(student(**changes)), "mode": "append", "sitting": "20262"})
    one = RosterImport.objects.get(state="uploaded")
    imports.check(one.id, NOW)
    if state in ("applying", "applied", "undoing"):
        imports.ask_to_apply(one.id, without_faulty=False, removed=0, **BY)
    if state in ("applied", "undoing"):
        imports.apply(one.id, NOW)
    if state == "undoing":
        imports.ask_to_undo(one.id, **BY)
    return RosterImport.objects.get(id=one.id)


@leaves("roster.import_sent", ROSTER)
def a_roster_sent(house):
    staff = a_staff()
    yield
    house.at_desk(staff, ROSTER, file=a_file(student()), mode="append", sitting="20262")


@leaves("roster.import_sent", PHOTOS)
def photos_sent(house):
    staff = a_staff()
    yield
    house.at_desk(staff, PHOTOS, file=SimpleUploadedFile("p.zip", a_zip(a=a_jpeg())), sitting="20262")


@leaves("roster.import_confirmed", f"{_ONE}apply/")
def confirmed(house):
    one, staff = an_import(), a_staff()
    yield
    house.at_desk(staff, f"{ROSTER}{one.id}/apply/")


@leaves("roster.import_refused", f"{_ONE}apply/")
def not_confirmed(house):
    one, staff = an_import(性别=""), a_staff()
    yield
    house.at_desk(staff, f"{ROSTER}{one.id}/apply/")


@leaves("roster.import_discarded", f"{_ONE}discard/")
def discarded(house):
    one, staff = an_import(), a_staff()
    yield
    house.at_desk(staff, f"{ROSTER}{one.id}/discard/")


@leaves("roster.undo_asked", f"{_ONE}undo/")
def undo_asked(house):
    one, staff = an_import("applied"), a_staff()
    yield
    house.at_desk(staff, f"{ROSTER}{one.id}/undo/")


@leaves("roster.imported")
def applied(house):
    one = an_import("applying", 证件号码="H12345678", 证件类型="3")
    yield
    imports.apply(one.id, NOW)


@leaves("roster.import_undone")
def undone(house):
    one = an_import("undoing")
    yield
    imports.undo(one.id, NOW)


@leaves("roster.photos_imported")
def photos_applied(house):
    record = a_record(house.stage)
    at_desk(a_staff()).post(
        PHOTOS,
        {"file": SimpleUploadedFile("p.zip", a_zip(**{record.id_number: a_jpeg()})), "sitting": "20262"},
    )
    one = RosterImport.objects.get(kind="photos")
    imports.check(one.id, NOW)
    imports.ask_to_apply(one.id, without_faulty=False, removed=0, **BY)
    yield
    imports.apply(one.id, NOW)


@leaves("roster.faulty_rows_sent")
def faulty_rows_sent(house):
    one, client = an_import(性别=""), at_desk(a_staff())
    yield
    assert client.get(f"{ROSTER}{one.id}/faulty.xlsx").status_code == 200


# One student


@leaves("record.saved", "/office/students/new/")
def added(house):
    staff = a_staff()
    yield
    house.at_desk(staff, "/office/students/new/", **TYPED)


@leaves("record.refused", "/office/students/new/")
def not_added(house):
    staff = a_staff()
    yield
    house.at_desk(staff, "/office/students/new/", **TYPED | {"id_number": "3.30101E+17"})


@leaves("record.saved", f"{_STUDENT}edit/")
def edited(house):
    record, staff = a_record(house.stage), a_staff()
    yield
    typed = TYPED | {"id_number": "", "seen": bytes(record.row_digest).hex()}
    house.at_desk(staff, f"/office/students/{record.id}/edit/", **typed)


@leaves("record.restricted", f"{_STUDENT}restrict/")
def restricted(house):
    record, staff = a_record(house.stage), a_staff()
    yield
    house.at_desk(staff, f"/office/students/{record.id}/restrict/", subjects=["1"], reason="欠费")


@leaves("record.removed", f"{_STUDENT}remove/")
def removed(house):
    record, staff = a_record(house.stage), a_staff()
    yield
    house.at_desk(staff, f"/office/students/{record.id}/remove/", reason="退学")


@leaves("record.photo_saved", f"{_STUDENT}photo/")
def photographed(house):
    record, staff = a_record(house.stage), a_staff()
    yield
    house.at_desk(staff, f"/office/students/{record.id}/photo/", photo=SimpleUploadedFile("x.jpg", a_jpeg()))


@leaves("record.looked_at")
def looked_at(house):
    record, client = a_record(house.stage), at_desk(a_staff())
    yield
    client.get(f"/office/students/{record.id}/")


@leaves("record.number_shown", f"{_STUDENT}number/")
def number_shown(house):
    record, staff = a_record(house.stage), a_staff()
    yield
    house.at_desk(staff, f"/office/students/{record.id}/number/", reason="核对证件")


# Two schools and one student


def a_conflict(house) -> RecordConflict:
    students.save(student(), sitting="20262", reach=OWN, **BY)
    record = StudentRecord.objects.get(id_type="1")
    return RecordConflict.objects.create(
        sitting_id="20262", record_id=record.id, holder_id="99301", claimant_id="99101", claim={"name": "颜明"},
        claimed_at=NOW, claimed_by_name="王老师",
    )  # fmt: skip


@leaves("conflict.settled", "/office/conflicts/<uuid:conflict_id>/")
def settled(house):
    one, staff = a_conflict(house), a_staff(school=["99101"])
    yield
    house.at_desk(staff, f"/office/conflicts/{one.id}/", decision="to_holder", reason="误报")


@leaves("conflict.refused", "/office/conflicts/<uuid:conflict_id>/")
def not_settled(house):
    one, staff = a_conflict(house), a_staff()
    yield
    house.at_desk(staff, f"/office/conflicts/{one.id}/", decision="to_holder", reason="我校的")
