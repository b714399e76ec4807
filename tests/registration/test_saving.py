"""Agreement, lookup and saving, against a real database (rules B2 to B8)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from baokao.core.http.refusals import RateLimited
from baokao.core.models import AuditRow
from baokao.exams.models import Agreement
from baokao.registration import services
from baokao.registration.models import AgreementAcceptance, Registration
from baokao.roster.models import StudentRecord
from tests import cast
from tests.cast import NOW, SITTING, a_candidate, a_passport, a_record, agreed, set_stage
from tests.registration.doing import enter, live, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage():
    return set_stage()


# Agreement


def test_b2_an_acceptance_keeps_version_moment_and_address(stage):
    passport = agreed(a_passport())
    kept = AgreementAcceptance.objects.get(passport=passport)
    assert (kept.version, kept.accepted_at, kept.address) == (1, NOW, "192.0.2.7")


def test_b2_accepting_again_keeps_the_first_time(stage):
    passport = agreed(a_passport())
    services.accept_agreement(passport.id, SITTING, 1, "198.51.100.1", NOW + timedelta(hours=1))
    assert AgreementAcceptance.objects.get(passport=passport).accepted_at == NOW


def test_b2_a_new_version_must_be_accepted_again(stage):
    passport = agreed(a_passport())
    Agreement.objects.create(sitting=stage.sitting, version=2, label="第2版", body="新条款")
    cast.forget_all()
    record = a_record(stage)
    assert refused(services.save_registration, passport.id, record.id, NOW) == ["请先阅读并同意报名协议。"]
    assert refused(services.accept_agreement, passport.id, SITTING, 1, "192.0.2.7", NOW)
    services.accept_agreement(passport.id, SITTING, 2, "192.0.2.7", NOW)
    assert services.save_registration(passport.id, record.id, NOW)


# Lookup


def look(passport, id_type="6", number="993010WW1", name="颜明"):
    return services.look_up(passport.id, SITTING, id_type, number, name, "192.0.2.7", NOW)


def test_b3_type_number_and_name_find_the_record(stage):
    record = a_record(stage, number="993010WW1")
    assert look(a_passport()) == record


@pytest.mark.parametrize(
    ("number", "name"), [(" 993010ww1 ", "颜明"), ("９９３０１０ＷＷ１", " 颜 明 "), ("993010WW1", "颜\u200b明")]
)
def test_b3_both_sides_are_normalised(stage, number, name):
    record = a_record(stage, number="993010WW1")
    assert look(a_passport(), number=number, name=name) == record


@pytest.mark.parametrize("wrong", [{"id_type": "5"}, {"number": "993010WW2"}, {"name": "颜朋"}])
def test_b3_every_kind_of_miss_has_one_answer(stage, wrong):
    a_record(stage, number="993010WW1")
    assert refused(lambda: look(a_passport(), **wrong)) == [
        "未查到学籍信息，请核对证件类型、证件号码和姓名；仍查不到请联系学校负责老师。"
    ]


def test_b3_a_removed_record_is_a_miss(stage):
    record = a_record(stage, number="993010WW1")
    StudentRecord.objects.filter(id=record.id).update(removed_at=NOW)
    assert refused(look, a_passport())


def test_b3_lookups_are_throttled_per_passport(stage):
    passport = a_passport()
    for n in range(30):
        refused(lambda number=n: look(passport, number=f"nobody{number}"))
    with pytest.raises(RateLimited):
        look(passport)


def test_b3_lookups_are_throttled_per_id_number_whoever_asks(stage):
    for _ in range(20):
        refused(lambda: look(a_passport(), name="猜名"))
    with pytest.raises(RateLimited):
        look(a_passport(), name="猜名")


def test_b4_a_passport_may_look_up_several_candidates(stage):
    passport = a_passport()
    records = [a_record(stage, number=f"993010WW{n}") for n in (71, 72)]
    assert [look(passport, number=f"993010WW{n}") for n in (71, 72)] == records
    assert not Registration.objects.exists()


# Saving


def test_b7_saving_binds_and_keeps_a_snapshot(stage):
    passport = agreed(a_passport())
    record = a_record(stage, class_name="1", student_no="01")
    services.save_registration(passport.id, record.id, NOW)
    kept = Registration.objects.get(passport=passport)
    assert (kept.name, kept.id_number, kept.subjects) == ("颜明", record.id_number, "13456F")
    assert kept.details["student_no"] == "01"
    assert AuditRow.objects.filter(action="registration.saved", subject=f"registration:{kept.id}").count() == 1


def test_b7_saving_the_same_twice_changes_nothing(stage):
    passport, record = agreed(a_passport()), a_record(stage)
    first = services.save_registration(passport.id, record.id, NOW)
    assert services.save_registration(passport.id, record.id, NOW) == first


def test_b7_a_record_bound_to_another_passport_is_refused(stage):
    record = a_record(stage)
    services.save_registration(agreed(a_passport()).id, record.id, NOW)
    assert refused(services.save_registration, agreed(a_passport()).id, record.id, NOW) == [
        "该考生已由其他通行证账号报名，请使用“找回账号”或联系学校负责老师。"
    ]


def test_b7_a_passport_bound_to_another_record_is_refused(stage):
    passport = a_candidate(stage)
    assert refused(services.save_registration, passport.id, a_record(stage).id, NOW) == ["本通行证账号已绑定其他考生。"]


def test_b7_the_database_refuses_both_by_itself(stage):
    passport = a_candidate(stage)
    bound = Registration.objects.get(passport=passport)
    for change in ({"record": a_record(stage)}, {"passport": a_passport()}):
        twin = Registration.objects.get(id=bound.id)
        twin.id = None
        for name, value in change.items():
            setattr(twin, name, value)
        twin._state.adding = True
        twin.id = cast.a_passport().id
        with pytest.raises(IntegrityError), transaction.atomic():
            twin.save(force_insert=True)


def test_b5_without_an_eligible_subject_nothing_is_saved(stage):
    passport, record = agreed(a_passport()), a_record(stage, subjects="")
    assert refused(services.save_registration, passport.id, record.id, NOW) == [
        "资格科目为无，无法继续报名，请联系学校负责老师。"
    ]


@pytest.mark.parametrize(
    ("moment", "message"),
    [(timedelta(days=-2), "开始报名。"), (timedelta(days=11), "结束。")],
)
def test_b6_outside_the_window_nothing_is_saved_and_it_says_when(stage, moment, message):
    passport, record = agreed(a_passport()), a_record(stage)
    said = refused(services.save_registration, passport.id, record.id, NOW + moment)
    assert len(said) == 1
    assert said[0].endswith(message)
    assert not Registration.objects.exists()


def test_b8_later_changes_of_the_roster_leave_what_was_saved(stage):
    passport = a_candidate(stage)
    StudentRecord.objects.update(name="改名", subjects_given="")
    assert Registration.objects.get(passport=passport).name == "颜明"
    enter(passport, "1")
    assert live(passport) == "1"


def test_b8_restrictions_are_asked_at_every_entry(stage):
    passport = a_candidate(stage)
    StudentRecord.objects.update(subjects_restricted="1", restriction_reason="学籍注销")
    assert refused(enter, passport, "1") == ["已被限制报考：学籍注销。"]
