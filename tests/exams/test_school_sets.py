"""What a school sets within what stands above it: rules C1, C3, C4, C8, C13, G6, G8."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from baokao.core.brief import forget_all
from baokao.core.models import AuditRow
from baokao.core.verdict import RefusedError
from baokao.exams.models import Campus, Contact, Freeze, Notice, Offering, School, Sitting, SubjectCampus, WindowPiece
from baokao.exams.rules import Piece
from baokao.exams.services import freezing, school
from baokao.exams.services.school import ContactLine, Wish
from baokao.exams.services.school.turn import Setter
from tests.cast import NOW, SITTING, a_candidate, set_stage
from tests.registration.doing import enter, refused

pytestmark = pytest.mark.django_db

SCHOOL, CAMPUS = "99301", "993010"
ME = Setter(SITTING, SCHOOL, "staff:1", NOW)
DAY = timedelta(days=1)


@pytest.fixture
def stage():
    return set_stage()


def seen(*codes, campus=CAMPUS):
    standing = {row.subject_id: row for row in Offering.objects.filter(campus_id=campus)}
    return school.offerings_version(standing, codes)


def set_offerings(wishes, version=None, campus=CAMPUS):
    changed = school.set_offerings(ME, campus, wishes, seen(*wishes, campus=campus) if version is None else version)
    forget_all()
    return changed


def refusals(function, *arguments):
    with pytest.raises(RefusedError) as caught:
        function(*arguments)
    return [(one.code, one.about) for one in caught.value.refusals]


# Offerings


def test_g6_a_capacity_is_raised(stage):
    assert set_offerings({"1": Wish(True, 150), "2": Wish(True, 100)}) == ["1"]
    offering = stage.offering("1")
    assert (offering.target, offering.capacity) == (150, 150)


def test_g6_a_capacity_below_taken_is_a_target_and_throws_nobody_out(stage):
    people = [a_candidate(stage) for _ in range(3)]
    for passport in people:
        enter(passport, "1")
    set_offerings({"1": Wish(True, 1)})
    offering = stage.offering("1")
    assert (offering.target, offering.capacity, offering.taken) == (1, 3, 3)
    enter(people[0], "")
    assert (stage.offering("1").capacity, stage.offering("1").taken) == (2, 2)
    assert refused(enter, a_candidate(stage), "1") == ["已报满。"]


def test_c3_a_closed_subject_is_not_offered_and_full_is_not_said(stage):
    set_offerings({"1": Wish(False)})
    assert refused(enter, a_candidate(stage), "1") == ["本校区未开考。"]
    set_offerings({"1": Wish(True, 7)})
    assert enter(a_candidate(stage), "1").added == ("1",)


def test_g6_what_somebody_holds_is_not_closed_and_nothing_of_the_form_is_kept(stage):
    enter(a_candidate(stage), "1")
    assert refusals(set_offerings, {"1": Wish(False), "2": Wish(True, 5)}) == [("still_held", "offered_1")]
    assert stage.offering("2").target == 100
    assert stage.offering("1").offered


def test_a_subject_is_opened_at_a_campus_that_never_had_it(stage):
    assert set_offerings({"3": Wish(True, 40)}, campus="991010") == ["3"]
    assert stage.offering("3", "991010").capacity == 40


def test_c4_a_new_offering_costs_what_the_subject_costs_throughout_the_province(stage):
    set_offerings({"3": Wish(True, 40)}, campus="991010")
    assert stage.offering("3", "991010").fee == Decimal("0.01")


def test_c3_no_fee_is_guessed_where_the_province_has_two(stage):
    set_offerings({"3": Wish(True, 40)}, campus="991010")
    Offering.objects.filter(campus_id="991010", subject_id="3").update(fee=Decimal("0.02"))
    Campus.objects.create(code="993011", school_id=SCHOOL, name="二校区")
    set_offerings({"3": Wish(True, 5)}, campus="993011")
    assert stage.offering("3", "993011").fee is None


def test_c4_an_entry_keeps_its_fee_when_the_subject_is_set_anew(stage):
    passport = a_candidate(stage)
    enter(passport, "1")
    Offering.objects.filter(id=stage.offering("1").id).update(fee=Decimal("5"))
    set_offerings({"1": Wish(True, 500)})
    entry = passport.registration_set.get().entries.get()
    assert entry.fee == Decimal("0.01")


@pytest.mark.parametrize("target", [-1, 1_000_001])
def test_a_capacity_out_of_bounds_is_refused(stage, target):
    assert refusals(set_offerings, {"1": Wish(True, target)}) == [("out_of_bounds", "target_1")]


def test_a_subject_that_the_sitting_does_not_have_is_refused(stage):
    assert refusals(set_offerings, {"J": Wish(True, 1)}) == [("unknown_subject", "target_J")]


def test_two_coordinators_at_one_form_do_not_overwrite_each_other(stage):
    version = seen("1", "2")
    set_offerings({"1": Wish(True, 150), "2": Wish(True, 100)}, version)
    with pytest.raises(RefusedError) as caught:
        set_offerings({"1": Wish(True, 120), "2": Wish(True, 90)}, version)
    [refusal] = caught.value.refusals
    assert refusal.message == "在您打开本页之后，其他人已修改：英语四级笔试现为开考，容量 150。"
    assert (stage.offering("1").target, stage.offering("2").target) == (150, 100)


def test_g2_what_was_set_is_in_the_log_with_before_and_after(stage):
    set_offerings({"1": Wish(True, 150), "2": Wish(False)})
    row = AuditRow.objects.get(action="offerings.set")
    assert (row.actor, row.subject, row.sitting) == ("staff:1", "campus:993010", SITTING)
    assert row.detail == {"changes": {"1": [100, 150], "2": [100, None]}}


def test_nothing_changed_leaves_no_row(stage):
    assert set_offerings({"1": Wish(True, 100)}) == []
    assert not AuditRow.objects.filter(action="offerings.set").exists()


# Windows


def span(start, end, group="everyone", value=""):
    return Piece("campus", NOW + start * DAY, NOW + end * DAY, NOW + (end + 1) * DAY, group, value)


def set_window(pieces, place=CAMPUS, subject="1", standing=()):
    return school.set_window(ME, place, "written", subject, pieces, school.window_version(standing))


def test_c13_a_campus_window_narrows_what_stands_above(stage):
    assert set_window([span(1, 3)])
    message = refused(enter, a_candidate(stage), "1")
    assert message[0].endswith("开始报名。")
    assert enter(a_candidate(stage), "3").added == ("3",)


def test_c13_a_window_outside_what_stands_above_opens_nothing(stage):
    set_window([span(20, 25)])
    assert refused(enter, a_candidate(stage), "1") == ["报名时间未公布。"]


def test_c13_no_pieces_set_nothing_and_what_stands_above_holds(stage):
    set_window([span(1, 3)])
    assert set_window([], standing=[span(1, 3)])
    assert enter(a_candidate(stage), "1").added == ("1",)


def test_c13_a_window_replaces_its_own_setter_s_and_subject_s_pieces_only(stage):
    set_window([span(0, 3)], place=SCHOOL, subject=None)
    set_window([span(0, 2)])
    set_window([span(0, 1)], standing=[span(0, 2)])
    rows = WindowPiece.objects.exclude(setter="national").order_by("setter")
    assert [(row.setter, row.subject_id, row.closes_at) for row in rows] == [
        ("campus", "1", NOW + DAY), ("school", None, NOW + 3 * DAY),
    ]  # fmt: skip


def test_c13_pieces_that_are_no_window_are_refused(stage):
    assert refusals(set_window, [span(3, 1)]) == [("closes_first", "closes_0")]


def test_c13_a_window_that_somebody_else_set_meanwhile_is_not_overwritten(stage):
    set_window([span(0, 3)])
    assert refusals(set_window, [span(0, 5)]) == [("changed_meanwhile", "pieces")]
    assert WindowPiece.objects.get(campus=CAMPUS).closes_at == NOW + 3 * DAY


# Switches


def settings(**changed):
    found = school.settings_of(SCHOOL, SITTING)
    return found, school.SchoolSettings(**({**vars(found), **changed}))


def test_c3_both_levels_are_forbidden_and_an_entry_that_there_is_stays(stage):
    passport = a_candidate(stage, subjects="12")
    enter(passport, "12")
    standing, wanted = settings(allows_both_levels=False)
    assert school.set_settings(ME, wanted, standing.version) == ["both_levels"]
    assert enter(passport, "12").kept == ("1", "2")
    other = a_candidate(stage, subjects="12")
    assert refused(enter, other, "12") == ["本校不允许同时报考四级和六级。"]


def test_c1_a_named_campus_is_where_the_subject_is_entered(stage):
    Campus.objects.create(code="993011", school_id=SCHOOL, name="二校区")
    standing, wanted = settings(named={**school.settings_of(SCHOOL, SITTING).named, "1": "993011"})
    assert school.set_settings(ME, wanted, standing.version) == ["named_1"]
    assert SubjectCampus.objects.get().campus_id == "993011"
    assert refused(enter, a_candidate(stage), "1") == ["本校区未开考。"]
    set_offerings({"1": Wish(True, 3)}, campus="993011")
    enter(a_candidate(stage), "1")
    assert stage.offering("1", "993011").taken == 1
    standing, wanted = settings(named=dict.fromkeys(standing.named, ""))
    school.set_settings(ME, wanted, standing.version)
    assert not SubjectCampus.objects.exists()


def test_c8_policies_of_the_school_and_of_its_campuses(stage):
    standing, wanted = settings(outbound="own", campuses={CAMPUS: school.CampusPolicy("any", "nation")})
    assert set(school.set_settings(ME, wanted, standing.version)) == {"outbound", f"inbound_{CAMPUS}"}
    assert School.objects.get(code=SCHOOL).speaking_outbound == "own"
    assert Campus.objects.get(code=CAMPUS).speaking_inbound == "nation"


@pytest.mark.parametrize(
    "changed",
    [
        {"outbound": "x"},
        {"campuses": {CAMPUS: school.CampusPolicy("any", "x")}},
        {"campuses": {"991010": school.CampusPolicy("any", "own")}},
        {"named": {"1": "991010"}},
    ],
)
def test_g1_choices_that_there_are_not_and_campuses_of_others_are_refused(stage, changed):
    standing, wanted = settings(**changed)
    if "named" in changed:
        standing, wanted = settings(named={**standing.named, **changed["named"]})
    assert refusals(school.set_settings, ME, wanted, standing.version) == [("not_a_choice", "")]


def test_switches_that_somebody_else_turned_meanwhile_are_named(stage):
    standing, wanted = settings(outbound="own")
    school.set_settings(ME, wanted, standing.version)
    _, mine = settings(allows_both_levels=False, outbound="any")
    with pytest.raises(RefusedError) as caught:
        school.set_settings(ME, mine, standing.version)
    assert [one.message for one in caught.value.refusals] == [
        "在您打开本页之后，其他人已修改：全校考生的口试报考范围，现为本校。"
    ]


# Words


def set_notice(body, seen=""):
    return school.set_notice(ME, body, school.notice_version(seen))


def test_a_notice_is_written_changed_and_taken_down(stage):
    assert set_notice("请按时缴费。")
    assert not set_notice("请按时缴费。", "请按时缴费。")
    assert refusals(set_notice, "改过。", "旧的。") == [("changed_meanwhile", "body")]
    assert set_notice("", "请按时缴费。")
    assert not Notice.objects.exists()


def test_a_notice_too_long_is_refused(stage):
    assert refusals(set_notice, "长" * 4001) == [("too_long", "body")]


WANG = ContactLine("王老师", "010-62980000", "101室", "8:30–17:00")


def contacts(*lines, standing=(WANG,)):
    return school.set_contacts(ME, CAMPUS, list(lines), school.contacts_version(list(standing)))


def test_g8_contacts_are_replaced_in_their_order(stage):
    assert contacts(ContactLine("李老师", "1"), ContactLine("王老师", "2", "102室"))
    rows = Contact.objects.filter(campus_id=CAMPUS)
    assert [(row.name, row.phone, row.office) for row in rows] == [("李老师", "1", ""), ("王老师", "2", "102室")]
    assert Contact.objects.filter(campus_id="991010").count() == 1


def test_g8_a_campus_is_never_left_without_a_contact(stage):
    assert refusals(contacts) == [("no_contact", "name_0")]


def test_contacts_that_somebody_else_changed_meanwhile_are_not_overwritten(stage):
    contacts(ContactLine("李老师", "1"))
    assert refusals(contacts, ContactLine("赵老师", "3")) == [("changed_meanwhile", "contacts")]


# Freezes and the end of a sitting


def everything():
    """Each service of the school, as something to refuse."""
    standing = school.settings_of(SCHOOL, SITTING)
    return [
        lambda: set_offerings({"1": Wish(True, 5)}),
        lambda: set_window([span(1, 2)]),
        lambda: school.set_settings(ME, standing, standing.version),
        lambda: set_notice("通告"),
        lambda: contacts(ContactLine("李老师", "1")),
    ]


@pytest.mark.parametrize("one_school", [None, SCHOOL])
def test_g6_a_freeze_refuses_every_change_of_the_school_and_says_why(stage, one_school):
    freezing.freeze(SITTING, "99", one_school, Freeze.Area.SETTINGS, "报名已开始", "staff:2", NOW)
    for change in everything():
        with pytest.raises(RefusedError) as caught:
            change()
        assert caught.value.first.code == "frozen"
        assert "冻结开考与设置：报名已开始。" in caught.value.first.message
    freezing.thaw(SITTING, "99", one_school, Freeze.Area.SETTINGS, "staff:2", NOW)
    assert set_offerings({"1": Wish(True, 5)}) == ["1"]


@pytest.mark.parametrize(
    ("province", "one_school", "area"),
    [("99", "99101", "settings"), ("99", None, "roster"), ("11", None, "settings")],
)
def test_g6_a_freeze_of_others_or_of_the_roster_leaves_the_settings_alone(stage, province, one_school, area):
    freezing.freeze(SITTING, province, one_school, Freeze.Area(area), "", "staff:2", NOW)
    assert set_offerings({"1": Wish(True, 5)}) == ["1"]


def test_g6_what_all_sittings_share_is_not_changed_by_way_of_another_one(stage):
    """The switch, the policies and the contacts are of the school and its campuses, whichever sitting a desk chose."""
    Sitting.objects.create(code="20271", name="2027年上半年CET考试", state=Sitting.State.PREPARING)
    other = replace(ME, sitting="20271")
    standing = school.settings_of(SCHOOL, "20271")
    wanted = replace(standing, allows_both_levels=not standing.allows_both_levels)
    freezing.freeze(SITTING, "99", None, Freeze.Area.SETTINGS, "报名已开始", "staff:2", NOW)
    lines = [ContactLine("李老师", "1")]
    rows = Contact.objects.filter(campus_id=CAMPUS)
    there = [ContactLine(row.name, row.phone, row.office, row.hours) for row in rows]
    for change in (
        lambda: school.set_settings(other, wanted, standing.version),
        lambda: school.set_contacts(other, CAMPUS, lines, school.contacts_version(there)),
    ):
        assert refusals(change) == [("frozen", "")]
    assert school.set_notice(other, "通告", school.notice_version("")), "what is of that sitting is not frozen"
    Sitting.objects.filter(code=SITTING).update(state=Sitting.State.CLOSED)
    assert school.set_settings(other, wanted, standing.version) == ["both_levels"]


def test_g6_what_is_frozen_is_not_frozen_twice_nor_thawed_twice(stage):
    freezing.freeze(SITTING, "99", None, Freeze.Area.SETTINGS, "", "staff:2", NOW)
    again = (SITTING, "99", None, Freeze.Area.SETTINGS)
    assert refusals(freezing.freeze, *again, "", "staff:2", NOW) == [("already_frozen", "")]
    freezing.thaw(*again, "staff:2", NOW)
    assert refusals(freezing.thaw, *again, "staff:2", NOW) == [("not_frozen", "")]


def test_b1_nothing_is_set_in_a_sitting_that_is_over(stage):
    Sitting.objects.update(state="closed")
    for change in everything():
        assert refusals(change) == [("sitting_closed", "")]
