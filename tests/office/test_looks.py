"""Each look at one student at a desk leaves its row, whichever page and however asked for (rule G2, proof f6)."""

import pytest

from baokao.core.models import AuditRow
from baokao.registration.models import Registration
from baokao.roster.models import RecordConflict, StudentRecord
from tests.cast import a_candidate
from tests.office.desks import desk_client
from tests.office.test_conflicts import a_conflict

pytestmark = pytest.mark.django_db


def looks():
    rows = AuditRow.objects.filter(action__in=["candidate.looked_at", "record.looked_at"])
    return list(rows.values_list("subject", flat=True))


GET = [
    "/office/candidates/{record}/",
    "/office/students/{record}/",
    "/office/students/{record}/edit/",
    "/office/review/behalf/{record}/",
    "/office/entries/{registration}/",
    "/office/release/{registration}/",
]


@pytest.mark.parametrize("page", GET)
def test_f6_a_look_leaves_one_row(stage, desk, page):
    a_candidate(stage)
    record, registration = StudentRecord.objects.get(), Registration.objects.get()
    assert desk.get(page.format(record=record.id, registration=registration.id)).status_code == 200
    assert looks() == [f"record:{record.id}"]


@pytest.mark.parametrize(
    ("page", "typed"),
    [
        ("/office/candidates/{record}/", {}),
        ("/office/candidates/{record}/", {"ask": "anything"}),
        ("/office/candidates/{record}/", {"ask": "number"}),
        ("/office/students/{record}/photo/", {}),
        ("/office/release/{registration}/", {}),
    ],
)
def test_f6_a_form_that_asks_for_nothing_shows_nothing_unseen(stage, desk, page, typed):
    a_candidate(stage)
    record, registration = StudentRecord.objects.get(), Registration.objects.get()
    assert desk.post(page.format(record=record.id, registration=registration.id), typed).status_code == 200
    assert looks() == [f"record:{record.id}"]


def test_f6_each_side_of_a_conflict_looks_at_the_student(stage):
    one = a_conflict(stage)
    for school in ("99301", "99101"):
        assert desk_client(school=[school]).get(f"/office/conflicts/{one.id}/").status_code == 200
    assert looks() == [f"record:{one.record_id}"] * 2


def test_f6_a_settled_conflict_shows_nobody_and_leaves_no_row(stage):
    one = a_conflict(stage)
    RecordConflict.objects.update(state="withdrawn", settled_at=one.claimed_at)
    desk_client(school=["99101"]).get(f"/office/conflicts/{one.id}/")
    assert looks() == []


@pytest.mark.parametrize(
    ("page", "typed"),
    [
        ("/office/students/{record}/number/", {"reason": "核对 {number}"}),
        ("/office/candidates/{record}/", {"ask": "number", "number-reason": "核对 {number}"}),
        ("/office/candidates/{record}/", {"ask": "account", "account-reason": "核对 {number}"}),
        ("/office/candidates/export/", {"format": "csv", "whole": "on", "reason": "核对 {number}"}),
    ],
)
def test_h2_a_number_that_is_typed_as_a_reason_is_not_in_the_log(stage, desk, page, typed):
    a_candidate(stage)
    record = StudentRecord.objects.get()
    typed = {name: text.format(number=record.id_number) for name, text in typed.items()}
    assert desk.post(page.format(record=record.id), typed).status_code == 200
    details = [str(row) for row in AuditRow.objects.values_list("detail", flat=True)]
    assert any("核对" in row for row in details)
    assert not any(record.id_number in row for row in details)


def test_a8_a_search_by_number_leaves_a_row_whether_or_not_it_finds(stage, desk):
    a_candidate(stage)
    for number in (StudentRecord.objects.get().id_number, "nobody's"):
        desk.post("/office/students/find/", {"id_number": number})
    found = AuditRow.objects.filter(action="candidate.searched").values_list("detail", flat=True)
    assert sorted(row["found"] for row in found) == [0, 1]
