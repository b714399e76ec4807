"""Scenarios of the pages of group payment, entering on behalf, releases and reminders (proof f6); as in desks.py."""

from baokao.payments.models import Pick
from baokao.registration import services as registration
from baokao.registration.models import Registration
from baokao.review.evidence import Page
from tests.cast import NOW, a_candidate, a_passport
from tests.office.desks import a_staff, at_desk
from tests.payments.grouping import a_group, a_locked_group, entries_of
from tests.privacy.house import leaves
from tests.review.scans import a_scan
from tests.speaking import a_speaker


@leaves("group.picked", "/office/group/new/")
def picked_at_a_desk(house):
    passport, staff = a_speaker(house.stage), a_staff()
    entries = [str(entry) for entry in entries_of(passport)]
    yield
    house.at_desk(staff, "/office/group/new/", which="ticked", name="1班", entry=entries)


@leaves("group.pick_refused", "/office/group/new/")
def nothing_picked_at_a_desk(house):
    passport, staff = a_speaker(house.stage, campus_id="991010"), a_staff()
    entries = [str(entry) for entry in entries_of(passport)]
    yield
    house.at_desk(staff, "/office/group/new/", which="ticked", name="1班", entry=entries)


@leaves("group.picked", "/office/group/<uuid:group_id>/add/")
def added_at_a_desk(house):
    group, staff = a_group(a_speaker(house.stage)), a_staff()
    entries = [str(entry) for entry in entries_of(a_speaker(house.stage))]
    yield
    house.at_desk(staff, f"/office/group/{group.id}/add/", which="ticked", entry=entries)


@leaves("group.locked", "/office/group/<uuid:group_id>/")
def locked_at_a_desk(house):
    group, staff = a_group(a_speaker(house.stage)), a_staff()
    yield
    house.at_desk(staff, f"/office/group/{group.id}/", step="lock")


@leaves("group.released", "/office/group/<uuid:group_id>/")
def let_go_at_a_desk(house):
    group, staff = a_locked_group(a_speaker(house.stage)), a_staff()
    pick = str(Pick.objects.get(group=group).id)
    yield
    house.at_desk(staff, f"/office/group/{group.id}/", step="release", pick=[pick], sure="1")


@leaves("group.payment_started", "/office/group/<uuid:group_id>/pay/")
def gone_to_pay_from_a_desk(house):
    group, staff = a_locked_group(a_speaker(house.stage)), a_staff()
    yield
    house.at_desk(staff, f"/office/group/{group.id}/pay/", way="alipay")


@leaves("entries.saved_on_behalf", "/office/entries/<uuid:registration_id>/")
def entered_at_a_desk(house):
    own, staff = Registration.objects.get(passport=a_candidate(house.stage)).id, a_staff()
    yield
    house.at_desk(staff, f"/office/entries/{own}/", subject=["1"])


@leaves("entries.on_behalf_refused", "/office/entries/<uuid:registration_id>/")
def entered_nothing_at_a_desk(house):
    own, staff = Registration.objects.get(passport=a_candidate(house.stage)).id, a_staff()
    yield
    house.at_desk(staff, f"/office/entries/{own}/")


@leaves("candidate.searched", "/office/release/")
def held_record_searched(house):
    staff = a_staff()
    yield
    house.at_desk(staff, "/office/release/", number="330101199001010000")


def a_release(**changed):
    """The form, filled in."""
    return {"checked": ["document"], "reason": "本人到场", "proof": a_scan(), "sure": "on"} | changed


@leaves("registration.released", "/office/release/<uuid:registration_id>/")
def released_at_a_desk(house):
    own, staff = Registration.objects.get(passport=a_speaker(house.stage)).id, a_staff()
    account = a_passport().account
    yield
    house.at_desk(staff, f"/office/release/{own}/", **a_release(account=account))


@leaves("registration.release_refused", "/office/release/<uuid:registration_id>/")
def released_to_nobody_at_a_desk(house):
    own, staff = Registration.objects.get(passport=a_speaker(house.stage)).id, a_staff()
    yield
    house.at_desk(staff, f"/office/release/{own}/", **a_release(account="nobody@example.com"))


@leaves("candidate.looked_at")
def a_holder_looked_at(house):
    own, staff = Registration.objects.get(passport=a_speaker(house.stage)).id, a_staff()
    yield
    at_desk(staff).get(f"/office/release/{own}/")


@leaves("registration.proof_shown")
def a_proof_shown(house):
    own, staff = Registration.objects.get(passport=a_speaker(house.stage)).id, a_staff()
    scan = [Page(b"jpeg", 1, 1)]
    kept = registration.release_registration(own, a_passport().account, "核验", scan, "staff:x", "王", NOW)
    yield
    at_desk(staff).get(f"/office/release/proof/{kept.id}/1/")


@leaves("entries.reminded", "/office/reminders/")
def reminded_at_a_desk(house):
    own, staff = Registration.objects.get(passport=a_speaker(house.stage)).id, a_staff()
    yield
    house.at_desk(staff, "/office/reminders/", registration=[str(own)], sure="1")
