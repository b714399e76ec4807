"""What is kept no longer than docs/retention.md says (rule H5)."""

import re
from datetime import timedelta

import psycopg
import pytest

from baokao.config import place
from baokao.core import watch
from baokao.core.models import AuditRow, RetentionRun
from baokao.core.retention import Duty, runner
from baokao.exams.models import Sitting
from baokao.passport.models import Passport, StaffSession
from baokao.registration.models import AgreementAcceptance, Entry, Registration
from baokao.registration.standing import read
from baokao.roster.models import Photo, StudentRecord
from tests.cast import NOW, SITTING, a_candidate, a_passport, a_record, agreed, set_stage
from tests.office.desks import a_staff, at_desk
from tests.registration.doing import enter
from tests.site import address

pytestmark = pytest.mark.django_db

YEAR = timedelta(days=365)
DAY = timedelta(days=1)


@pytest.fixture
def stage():
    return set_stage()


def over(since):
    """The sitting is closed and its written exam lies so far back."""
    day = (NOW - since).date() - DAY
    Sitting.objects.filter(code=SITTING).update(state="closed", written_on=day)


def run(**more):
    return {outcome.duty.name: outcome.rows for outcome in runner.run(NOW, **more) if outcome.rows}


def paid(passport):
    enter(passport, "1")
    Entry.objects.filter(registration__passport=passport).update(state="paid")
    return passport


def old(passport, age, **columns):
    Passport.objects.filter(id=passport.id).update(registered_at=NOW - age, **columns)
    return passport


def test_h5_a_passport_that_was_never_used_goes_after_two_years(stage):
    gone, young = old(a_passport(), 2 * YEAR + DAY), old(a_passport(), 2 * YEAR - DAY)
    started = old(agreed(a_passport()), 3 * YEAR)
    registered = old(a_candidate(stage), 3 * YEAR)
    assert run() == {"passport.never_used": 1}
    assert set(Passport.objects.values_list("id", flat=True)) == {young.id, started.id, registered.id}
    assert not Passport.objects.filter(id=gone.id).exists()


def test_h5_an_ended_account_is_blanked_after_a_month_and_its_address_is_free(stage):
    passport = a_passport("gone@example.com")
    passport.mobile, passport.id_number, passport.name = "13800001234", "993010WW1", "颜明"
    passport.ended_at = NOW - timedelta(days=31)
    passport.save()
    a_recent = a_passport("recent@example.com")
    Passport.objects.filter(id=a_recent.id).update(ended_at=NOW - timedelta(days=29))
    assert run() == {"passport.ended": 1}
    kept = Passport.objects.get(id=passport.id)
    assert (kept.account, kept.name, kept.mobile, kept.id_number, kept.password) == ("", "", "", "", "!")
    assert a_passport("gone@example.com")
    assert Passport.objects.get(id=a_recent.id).account == "recent@example.com"


def test_h5_an_unpaid_registration_of_an_old_sitting_is_blanked_after_a_year_a_paid_one_after_five(stage):
    unpaid, settled = a_candidate(stage), paid(a_candidate(stage, name="李博"))
    over(YEAR - 2 * DAY)
    assert run() == {}
    over(YEAR)
    assert run() == {"registration.unpaid": 1}
    blank = Registration.objects.get(passport=unpaid)
    assert (blank.name, blank.id_number, blank.id_number_digest, blank.details) == ("", "", None, {})
    assert Registration.objects.get(passport=settled).name == "李博"
    over(5 * YEAR)
    assert run() == {"registration.paid": 1, "agreement.acceptances": 2, "roster.registered": 2}
    assert Registration.objects.get(passport=settled).name == ""
    assert not AgreementAcceptance.objects.exists()
    assert Entry.objects.get().fee, "money is told of still"


def test_h5_an_open_sitting_is_never_touched_however_old(stage):
    a_candidate(stage)
    Sitting.objects.update(written_on=(NOW - 9 * YEAR).date())
    assert run() == {}


def test_h5_records_that_nobody_registered_with_and_all_photos_go_after_a_year(stage):
    a_candidate(stage)
    registered = StudentRecord.objects.get()
    idle = a_record(stage, name="李博")
    for record in (registered, idle):
        Photo.objects.create(record=record, sitting=stage.sitting, jpeg=b"x")
    over(YEAR)
    assert run() == {"registration.unpaid": 1, "roster.photos": 2, "roster.not_registered": 1}
    assert StudentRecord.objects.get().id == registered.id


def test_h5_the_blanked_registration_can_still_be_read(stage):
    passport = a_candidate(stage)
    over(YEAR)
    run()
    bound = read(passport.id, SITTING).bound
    assert (bound.name, bound.id_number) == ("", "")


def test_h5_running_again_changes_nothing_and_batches_add_up(stage):
    for _ in range(7):
        old(a_passport(), 3 * YEAR)
    assert run(batch=3) == {"passport.never_used": 7}
    assert run() == {}


def test_h5_a_dry_run_counts_the_same_and_changes_nothing(stage):
    for _ in range(3):
        old(a_passport(), 3 * YEAR)
    counted = {outcome.duty.name: outcome.rows for outcome in runner.due(NOW) if outcome.rows}
    assert counted == {"passport.never_used": 3}
    assert not RetentionRun.objects.exists()
    assert run() == counted


def test_h5_a_desks_session_that_nobody_signed_out_of_goes(stage):
    staff = a_staff()
    for age in (timedelta(hours=23), timedelta(hours=25)):
        at_desk(staff)
        StaffSession.objects.filter(opened_at__gt=NOW - timedelta(hours=1)).update(opened_at=NOW - age)
    assert run() == {"staff.sessions": 1}
    assert StaffSession.objects.count() == 1


def test_h5_f6_each_batch_is_in_the_log_and_each_run_is_kept(stage):
    for _ in range(3):
        old(a_passport(), 3 * YEAR)
    run(batch=2)
    rows = AuditRow.objects.filter(action="retention.deleted").order_by("xact", "id")
    assert sorted(row.detail["rows"] for row in rows) == [1, 2]
    assert RetentionRun.objects.count() == len(runner.duties())
    assert watch.retention_age(NOW + timedelta(hours=1)) == 3600


def test_h5_the_worker_s_role_may_do_every_duty(stage):
    with psycopg.connect(address("worker")) as raw:
        for duty in runner.duties():
            deed = f"UPDATE {duty.table} SET {duty.blank}" if duty.blank else f"DELETE FROM {duty.table}"
            raw.execute(f"{deed} WHERE {duty.key} IN (SELECT t.{duty.key} FROM {duty.table} t WHERE {duty.due})",
                        duty.parameters(NOW))  # fmt: skip
        raw.rollback()


def test_h5_the_page_names_every_duty_with_its_time():
    page = place.BASE / "docs" / "retention.md"
    told = dict(re.findall(r"^\| `([a-z_.]+)` \| (\d+) days \|", page.read_text(), re.M))
    assert told == {duty.name: str(duty.kept.days) for duty in runner.duties()}


def test_h5_a_cutoff_is_what_lies_the_kept_time_back():
    duty = Duty(name="x", kept=timedelta(days=2), table="x", due="true")
    assert duty.before(NOW) == NOW - timedelta(days=2)


def test_h5_reviews_and_their_evidence_go_after_a_year_and_what_they_gave_stays(stage):
    from baokao.review import services
    from baokao.review.evidence import Page
    from baokao.review.models import Application, Decision, Evidence
    from baokao.review.rules import Certificate
    from tests.review.doing import AFTER, TEACHER, a_score, submit, work

    passport = agreed(a_passport())
    record, helped = a_record(stage, subjects="1"), a_record(stage, subjects="1")
    a_score(record.id_number)
    submit(passport, record)
    services.apply_on_behalf(TEACHER, helped.id, Certificate("1", "2004-06", None), "", [Page(b"x", 1, 1)], NOW)
    work(AFTER)
    over(YEAR)
    gone = {"review.evidence": 1, "review.decisions": 1, "review.applications": 2, "roster.not_registered": 2}
    assert run() == gone
    assert not any(model.objects.exists() for model in (Application, Decision, Evidence))


def test_h5_what_a_review_gave_stays_with_who_registered(stage):
    from tests.review.doing import a_score, submit

    a_candidate(stage, number="993010WW4711", subjects="1")
    a_score("993010WW4711")
    submit(agreed(a_passport()), StudentRecord.objects.get())
    over(YEAR)
    run()
    assert StudentRecord.objects.get().subjects_by_review == "2S"
