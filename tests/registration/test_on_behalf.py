"""学校代报: a coordinator enters for a candidate, by the same rules (rule C11)."""

from datetime import timedelta

import pytest

from baokao.core.brief import forget_all
from baokao.core.models import AuditRow
from baokao.exams.models import Agreement, School
from baokao.registration import services
from baokao.registration.models import Entry, Registration
from baokao.roster.models import StudentRecord
from tests.cast import NOW, SITTING, a_candidate
from tests.registration.doing import enter, live, mails, refused, taken
from tests.speaking import FAR, NEAR, OWN, a_speaker, set_speaking_stage

pytestmark = pytest.mark.django_db

TEACHER = "staff:00000000000000000000000000000007"
HOUR = timedelta(hours=1)


@pytest.fixture
def stage():
    return set_speaking_stage()


@pytest.fixture
def passport(stage):
    return a_candidate(stage, subjects="13456FSJ")


def on_behalf(passport, written="", places=(), now=NOW):
    """`places` are pairs of a speaking subject's code and a campus."""
    registration = Registration.objects.get(passport=passport, state="live")
    return services.enter_on_behalf(registration.id, frozenset(written), dict(places), TEACHER, now)


def test_c11_the_school_enters_for_a_candidate(stage, passport):
    saved = on_behalf(passport, "14")
    assert saved.added == ("1", "4")
    assert set(Entry.objects.values_list("way", "state", "held_until")) == {("school", "unpaid", NOW + 24 * HOUR)}
    assert taken(stage, "1") == 1
    assert Registration.objects.get().empty_since is None


def test_c11_the_candidate_is_mailed(passport):
    on_behalf(passport, "1")
    template, context = mails()[-1]
    assert (template, context["school"]) == ("registration/entered_on_behalf", "测试学校机构01")
    assert context["entered"] == [{"label": "(1) 英语四级笔试", "held_until": NOW + 24 * HOUR}]


def test_c11_the_candidate_may_cancel_it(stage, passport):
    on_behalf(passport, "1")
    enter(passport, "")
    assert (live(passport), taken(stage, "1")) == ("", 0)


def test_c11_what_the_candidate_entered_stays_theirs(passport):
    enter(passport, "1")
    on_behalf(passport, "4")
    assert dict(Entry.objects.values_list("subject_id", "way")) == {"1": "candidate", "4": "school"}


def test_c11_it_is_audited_by_who_did_it(passport):
    on_behalf(passport, "1")
    row = AuditRow.objects.get(action="entries.saved_on_behalf")
    assert (row.actor, row.detail["added"]) == (TEACHER, ["1"])


def test_c2_c11_two_subjects_of_a_level_are_refused(passport):
    enter(passport, "1")
    [message] = refused(on_behalf, passport, "3")
    assert message.startswith("英语和小语种笔试同级别科目只能报考1科，四级笔试存在多科报考")
    assert live(passport) == "1"


@pytest.mark.parametrize(
    ("prepare", "message"),
    [
        (lambda stage: StudentRecord.objects.update(subjects_restricted="1", restriction_reason="违规"),
         "已被限制报考：违规。"),
        (lambda stage: stage.set_seats("1", 0), "已报满。"),
    ],
)  # fmt: skip
def test_c3_c11_what_a_candidate_could_not_enter_the_school_can_not(stage, passport, prepare, message):
    prepare(stage)
    assert refused(on_behalf, passport, "1") == [message]


def test_c3_c11_not_eligible_not_offered_and_closed(stage, passport):
    assert refused(on_behalf, passport, "2") == ["不具有该科目报考资格。"]
    assert refused(on_behalf, passport, "X") == ["本校区未开考。"]
    [closed] = refused(on_behalf, passport, "1", (), NOW + timedelta(days=10))
    assert closed.startswith("报名已于")


def test_c3_c11_both_levels_where_the_school_forbids_it(passport):
    School.objects.update(allows_both_levels=False)
    enter(passport, "1")
    assert refused(on_behalf, passport, "4") == ["本校不允许同时报考四级和六级。"]


def test_c7_c11_written_and_speaking_together(passport):
    saved = on_behalf(passport, "1", [("F", OWN)])
    assert saved.added == ("1", "F")
    assert set(Entry.objects.values_list("subject_id", "way")) == {("1", "school"), ("F", "school")}


def test_c7_c11_no_speaking_without_its_written(passport):
    assert refused(on_behalf, passport, "4", [("F", OWN)]) == ["必须先完成英语四级笔试的报考，才可以报考同级别口试。"]
    assert live(passport) == ""


def test_c8_c11_speaking_at_a_campus_that_admits(stage):
    passport = a_speaker(stage)
    assert refused(on_behalf, passport, "", [("F", FAR)]) == ["该校区只接受本省考生。"]
    assert on_behalf(passport, "", [("F", NEAR)]).added == ("F",)
    assert refused(on_behalf, passport, "", [("F", OWN)]) == ["该科目已报考。"]


def test_c11_nothing_new_is_refused(passport):
    enter(passport, "1")
    assert refused(on_behalf, passport, "1") == ["请至少选择一个尚未报考的科目。"]
    assert refused(on_behalf, passport) == ["请至少选择一个尚未报考的科目。"]


def test_c11_only_within_a_saved_registration(passport):
    own = Registration.objects.get(passport=passport)
    services.end_registration(passport.id, SITTING, NOW)
    found = refused(services.enter_on_behalf, own.id, frozenset("1"), {}, TEACHER, NOW)
    assert found == ["该考生的报名信息不存在或已结束。"]


def test_c4_c11_a_subject_given_up_before_does_not_get_a_new_clock(passport):
    enter(passport, "1")
    enter(passport, "", NOW + HOUR)
    on_behalf(passport, "1", (), NOW + 2 * HOUR)
    assert Entry.objects.get(state="unpaid").held_until == NOW + 24 * HOUR


def test_b2_c11_a_new_version_of_the_agreement_does_not_stop_the_school(passport):
    Agreement.objects.create(sitting_id=SITTING, version=2, label="第2版", body="新版")
    forget_all()
    assert on_behalf(passport, "1").added == ("1",)


def test_a_pause_stops_the_school_too(passport, monkeypatch):
    monkeypatch.setattr("baokao.core.switches.entries_paused", lambda: True)
    assert refused(on_behalf, passport, "1") == ["报考暂停，请稍后再试。已保存的信息不受影响。"]
