"""Scenarios of what schools set and provinces freeze (proof f6); as in telling.py."""

from datetime import timedelta

from baokao.exams.models import Freeze
from baokao.exams.rules import Piece
from baokao.exams.services import freezing, school
from baokao.exams.services.school import ContactLine, Wish
from baokao.exams.services.school.turn import Setter
from tests.cast import NOW, SITTING
from tests.privacy.house import leaves

DAY = timedelta(days=1)

SETTER = Setter(SITTING, "99301", "staff:1", NOW)
PROVINCE = (SITTING, "99", None, Freeze.Area.SETTINGS)
CONTACTS = [ContactLine("王老师", "010-62980000", "101室", "8:30–17:00")]


@leaves("offerings.set")
def offerings_set(house):
    version = school.offerings_version({"1": house.stage.offering("1")}, ["1"])
    yield
    school.set_offerings(SETTER, "993010", {"1": Wish(True, 7)}, version)


@leaves("window.set")
def window_set(house):
    piece = Piece("campus", NOW, NOW + DAY, NOW + 2 * DAY)
    yield
    school.set_window(SETTER, "993010", "written", "1", [piece], school.window_version([]))


@leaves("settings.set")
def settings_set(house):
    standing = school.settings_of("99301", SITTING)
    wanted = school.SchoolSettings(**(vars(standing) | {"allows_both_levels": False}))
    yield
    school.set_settings(SETTER, wanted, standing.version)


@leaves("contacts.set")
def contacts_set(house):
    version = school.contacts_version(CONTACTS)
    yield
    school.set_contacts(SETTER, "993010", [ContactLine("李老师", "1")], version)


@leaves("notice.set")
def notice_set(house):
    yield
    school.set_notice(SETTER, "请按时缴费。", school.notice_version(""))


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
