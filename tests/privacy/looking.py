"""Scenarios of what a desk is told of candidates, and of lists that leave (proof f6); as in telling.py."""

from baokao.registration import services
from baokao.roster.models import StudentRecord
from tests.cast import NOW, SITTING, a_candidate, a_record
from tests.office.desks import a_staff, at_desk
from tests.office.test_leaving_lists import key
from tests.privacy.house import leaves

_PAGE = "/office/candidates/<uuid:record>/"


def a_student(house):
    return StudentRecord.objects.get(registration__passport=a_candidate(house.stage))


@leaves("candidate.looked_at")
def a_student_is_looked_at(house):
    staff, record = a_staff(), a_student(house)
    yield
    assert at_desk(staff).get(f"/office/candidates/{record.id}/").status_code == 200


@leaves("candidate.searched", "/office/accounts/")
def a_student_is_searched_for(house):
    staff, record = a_staff(), a_student(house)
    yield
    house.at_desk(staff, "/office/accounts/", number=record.id_number)


@leaves("candidate.searched", "/office/accounts/")
def a_student_is_searched_for_in_vain(house):
    staff = a_staff()
    yield
    house.at_desk(staff, "/office/accounts/", number="nobody's")


@leaves("candidate.searched", "/office/students/find/")
def a_student_of_the_roster_is_searched_for(house):
    staff, record = a_staff(), a_student(house)
    yield
    house.at_desk(staff, "/office/students/find/", id_number=record.id_number)


@leaves("candidate.account_told", _PAGE)
def an_account_is_told(house):
    staff, record = a_staff(), a_student(house)
    yield
    house.at_desk(staff, f"/office/candidates/{record.id}/", **{"ask": "account", "account-reason": "核对"})


@leaves("candidate.tell_refused", _PAGE)
def an_account_that_there_is_not(house):
    staff, record = a_staff(), a_record(house.stage)
    yield
    house.at_desk(staff, f"/office/candidates/{record.id}/", **{"ask": "account", "account-reason": "核对"})


@leaves("candidate.tell_refused")
def a_number_without_a_reason(house):
    record = a_student(house)
    yield
    house.refused(services.tell_number, record, "staff:1", " ", NOW)


@leaves("candidate.tell_refused", "/office/candidates/export/")
def whole_numbers_without_a_reason(house):
    staff = a_staff()
    yield
    house.at_desk(staff, "/office/candidates/export/", format="csv", whole="on")


@leaves("candidate.tell_refused")
def a_check_list_of_whole_numbers_without_a_reason(house):
    yield
    house.refused(services.check_list_printed, SITTING, "staff:1", {}, True, "", NOW)


@leaves("candidate.number_told", _PAGE)
def a_number_is_told(house):
    staff, record = a_staff(), a_student(house)
    yield
    house.at_desk(staff, f"/office/candidates/{record.id}/", **{"ask": "number", "number-reason": "核对"})


@leaves("candidates.exported", "/office/candidates/export/")
def a_list_is_exported(house):
    staff = a_staff()
    a_student(house)
    yield
    house.at_desk(staff, "/office/candidates/export/", format="xlsx")


@leaves("candidates.check_list_printed", "/office/check-list/print/")
def a_check_list_is_printed(house):
    staff, record = a_staff(), a_student(house)
    yield
    house.at_desk(staff, "/office/check-list/print/", c=key(record))
