"""Scenarios of what schools set and provinces freeze (proof f6); as in telling.py."""

from baokao.exams.models import Freeze
from baokao.exams.services import freezing, school
from baokao.exams.services.school.turn import Setter
from tests.cast import NOW, SITTING
from tests.office.desks import a_staff, at_desk
from tests.office.filling import form_of
from tests.privacy.house import leaves

SETTER = Setter(SITTING, "99301", "staff:1", NOW)
PROVINCE = (SITTING, "99", None, Freeze.Area.SETTINGS)


def at_desk_with(path, **changed):
    """A coordinator with the page's form filled in: what `house.at_desk` posts."""
    staff = a_staff()
    return staff, path, form_of(at_desk(staff), path) | changed


@leaves("offerings.set", "/office/offerings/<str:campus>/")
def offerings_set(house):
    staff, path, typed = at_desk_with("/office/offerings/993010/", target_1="7")
    yield
    house.at_desk(staff, path, **typed)


@leaves("window.set", "/office/offerings/<str:place>/<str:what>/")
def window_set(house):
    moments = {"opens_0": "2030-01-01T08:00", "closes_0": "2030-01-02T08:00"}
    staff, path, typed = at_desk_with("/office/offerings/993010/1/", **moments)
    yield
    house.at_desk(staff, path, **typed)


@leaves("settings.set", "/office/settings/")
def settings_set(house):
    staff, path, typed = at_desk_with("/office/settings/", outbound="own")
    yield
    house.at_desk(staff, path, **typed)


@leaves("contacts.set", "/office/contacts/<str:campus>/")
def contacts_set(house):
    staff, path, typed = at_desk_with("/office/contacts/993010/", name_0="李老师")
    yield
    house.at_desk(staff, path, **typed)


@leaves("notice.set", "/office/notice/")
def notice_set(house):
    staff, path, typed = at_desk_with("/office/notice/", body="请按时缴费。", do="save")
    yield
    house.at_desk(staff, path, **typed)


@leaves("settings.refused", "/office/offerings/<str:campus>/")
def set_after_somebody_else(house):
    staff, path, typed = at_desk_with("/office/offerings/993010/", target_1="7")
    house.stage.set_seats("1", 3)
    yield
    house.at_desk(staff, path, **typed)


@leaves("settings.refused")
def set_while_it_is_frozen(house):
    freezing.freeze(*PROVINCE, "报名已开始", "staff:2", NOW)
    yield
    house.refused(school.set_notice, SETTER, "请按时缴费。", school.notice_version(""))


@leaves("settings.frozen")
def frozen(house):
    yield
    freezing.freeze(*PROVINCE, "报名已开始", "staff:2", NOW)


@leaves("settings.thawed")
def thawed(house):
    freezing.freeze(*PROVINCE, "报名已开始", "staff:2", NOW)
    yield
    freezing.thaw(*PROVINCE, "staff:2", NOW)


@leaves("settings.freeze_refused")
def frozen_twice(house):
    freezing.freeze(*PROVINCE, "报名已开始", "staff:2", NOW)
    yield
    house.refused(freezing.freeze, *PROVINCE, "报名已开始", "staff:2", NOW)
