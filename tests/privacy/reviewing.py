"""Scenarios of reviews (proof f6); as in telling.py. Several play in one house, each with a person of its own."""

import itertools

from baokao.review import limits, services
from baokao.review.evidence import Page
from baokao.review.models import Evidence
from baokao.review.rules import Certificate
from tests.cast import NOW, a_passport, a_record, agreed
from tests.office.desks import a_staff, at_desk
from tests.privacy.house import leaves
from tests.review.doing import AFTER, FAIL, PASS, TEACHER, TICKET, a_score, decide, submit, undo, work
from tests.review.scans import a_scan

_numbers = itertools.count(1)
CERTIFICATE = Certificate("0423456", "2004-06", None)
SCAN = [Page(b"jpeg", 1, 1)]


def looking_at(house, record):
    """A passport that has just looked the record up."""
    passport = agreed(a_passport())
    asked = {"id_type": "6", "id_number": record.id_number, "name": record.name}
    client = house.client(passport)
    client.post("/my/eligibility/", asked)
    return passport, client.cookies["looked_up"].value


def a_person(house):
    return a_record(house.stage, subjects="1")


def a_ticket(number):
    """A passed CET-4 of that ID number."""
    return a_score(number, ticket=f"9930101621{next(_numbers):03}01").ticket_number


def of_a_stranger():
    return a_ticket(f"993010YY{next(_numbers)}")


def waiting(house):
    """An application that waits for the school."""
    return submit(agreed(a_passport()), a_person(house), of_a_stranger())


@leaves("review.submitted", "/my/review/")
def passed_by_itself(house):
    record = a_person(house)
    passport, token = looking_at(house, record)
    ticket = a_ticket(record.id_number)
    yield
    house.post(passport, "/my/review/", record=token, ticket=ticket, mine="on")


@leaves("review.submitted", "/my/review/")
def left_to_the_school(house):
    passport, token = looking_at(house, a_person(house))
    ticket = of_a_stranger()
    yield
    house.post(passport, "/my/review/", record=token, ticket=ticket, mine="on")


@leaves("review.submit_refused", "/my/review/")
def submitted_in_vain(house):
    passport, token = looking_at(house, a_person(house))
    yield
    house.post(passport, "/my/review/", record=token, ticket=TICKET, mine="on")


@leaves("review.submit_refused")
def submitted_too_often(house):
    record, passport = a_person(house), agreed(a_passport())
    for _ in range(limits.SUBMIT_PASSPORT.limit):
        house.refused(submit, passport, record)
    yield
    house.refused(submit, passport, record)


@leaves("review.withdrawn", "/my/review/")
def deleted(house):
    application = waiting(house)
    decide(application, FAIL)
    work()
    yield
    house.post(application.passport, "/my/review/", step="delete")


@leaves("review.withdraw_refused", "/my/review/")
def deleted_while_it_waits(house):
    application = waiting(house)
    yield
    house.post(application.passport, "/my/review/", step="delete")


@leaves("review.decided")
def decided(house):
    application = waiting(house)
    yield
    decide(application, PASS)


@leaves("review.decide_refused")
def decided_twice(house):
    application = waiting(house)
    decide(application, PASS)
    yield
    house.refused(decide, application, FAIL)


@leaves("review.undone")
def undone(house):
    application = waiting(house)
    decide(application, PASS)
    yield
    undo(application)


@leaves("review.undo_refused")
def undone_too_late(house):
    application = waiting(house)
    decide(application, PASS)
    yield
    house.refused(undo, application, AFTER)


@leaves("review.took_effect")
def a_pass_took_effect(house):
    decide(waiting(house), PASS)
    yield
    work()


@leaves("review.took_effect")
def a_failure_took_effect(house):
    decide(waiting(house), FAIL)
    yield
    work()


@leaves("review.applied_for")
def applied_on_behalf(house):
    record = a_person(house)
    yield
    services.apply_on_behalf(TEACHER, record.id, CERTIFICATE, "", SCAN, NOW)


@leaves("review.apply_refused")
def applied_on_behalf_without_a_scan(house):
    record = a_person(house)
    yield
    house.refused(services.apply_on_behalf, TEACHER, record.id, CERTIFICATE, "", [], NOW)


@leaves("review.scores_searched")
def searched(house):
    record = a_person(house)
    a_ticket(record.id_number)
    yield
    assert services.search_scores(TEACHER, record.id, NOW)


@leaves("review.search_throttled")
def searched_too_often(house):
    record = a_person(house)
    for _ in range(limits.SEARCH_STAFF.limit):
        services.search_scores(TEACHER, record.id, NOW)
    yield
    house.refused(services.search_scores, TEACHER, record.id, NOW)


# At the desk


def at_the_desk(house):
    """A coordinator, and an application of the own school that waits."""
    return a_staff(), waiting(house)


@leaves("review.decided", "/office/review/<uuid:application>/")
def decided_at_the_desk(house):
    staff, application = at_the_desk(house)
    yield
    house.at_desk(staff, f"/office/review/{application.id}/", step="pass", common="1")


@leaves("review.undone", "/office/review/<uuid:application>/")
def undone_at_the_desk(house):
    staff, application = at_the_desk(house)
    house.at_desk(staff, f"/office/review/{application.id}/", step="fail", common="3")
    yield
    house.at_desk(staff, f"/office/review/{application.id}/", step="undo")


@leaves("review.numbers_shown")
def both_numbers_are_shown(house):
    staff, application = at_the_desk(house)
    yield
    assert "申请信息与成绩记录对照" in at_desk(staff).get(f"/office/review/{application.id}/").content.decode()


@leaves("review.evidence_added", "/office/review/<uuid:application>/")
def evidence_added(house):
    staff, application = at_the_desk(house)
    yield
    house.at_desk(staff, f"/office/review/{application.id}/", step="keep", proof=a_scan())


@leaves("review.evidence_refused")
def nothing_added(house):
    _, application = at_the_desk(house)
    yield
    house.refused(services.keep_evidence, TEACHER, application.id, [], NOW)


@leaves("review.evidence_shown")
def evidence_shown(house):
    staff, application = at_the_desk(house)
    services.keep_evidence(TEACHER, application.id, SCAN, NOW)
    yield
    at_desk(staff).get(f"/office/review/evidence/{Evidence.objects.get(application=application).id}/")


@leaves("review.applied_for", "/office/review/behalf/<uuid:record>/")
def applied_for_at_the_desk(house):
    staff, record = a_staff(), a_person(house)
    typed = {"certificate_number": "0423456", "examined_in": "2004-06", "proof": a_scan()}
    yield
    house.at_desk(staff, f"/office/review/behalf/{record.id}/", step="apply", **typed)


@leaves("review.scores_searched", "/office/review/behalf/<uuid:record>/")
def searched_at_the_desk(house):
    staff, record = a_staff(), a_person(house)
    yield
    house.at_desk(staff, f"/office/review/behalf/{record.id}/", step="search")
