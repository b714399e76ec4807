"""Warnings two hours before a clock runs out, and ending an empty registration oneself (rules B9, C5)."""

from datetime import timedelta

import pytest

from baokao.core.models import AuditRow
from baokao.core.outbox.mail import render
from baokao.core.verdict import RefusedError
from baokao.registration import services
from baokao.registration.models import Entry, Registration
from baokao.registration.services import end_registration, warn_of_empty, warn_of_entries
from tests.cast import NOW, SITTING, a_candidate, a_passport, set_stage
from tests.registration.doing import enter, mails, refused

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def stage():
    return set_stage()


# Warnings


def test_c5_a_mail_warns_two_hours_before_once(stage):
    enter(a_candidate(stage), "14")
    assert warn_of_entries(NOW + 22 * HOUR - SECOND) == 0
    assert warn_of_entries(NOW + 22 * HOUR) == 2
    assert warn_of_entries(NOW + 23 * HOUR) == 0
    template, context = mails()[-1]
    assert template == "registration/expiring"
    assert [one["label"] for one in context["ending"]] == ["(1) 英语四级笔试", "(4) 日语六级笔试"]
    subject, body = render(template, context)
    assert subject == "请尽快支付，科目即将被删除"
    assert "(1) 英语四级笔试，请在" in body


def test_c5_nobody_is_warned_of_what_is_paid_given_up_or_over(stage):
    paid, gone, late = (a_candidate(stage) for _ in range(3))
    for passport in (paid, gone, late):
        enter(passport, "1")
    Entry.objects.filter(registration__passport=paid).update(state="paid")
    enter(gone, "", NOW + HOUR)
    assert warn_of_entries(NOW + 24 * HOUR) == 0
    assert warn_of_entries(NOW + 24 * HOUR - SECOND) == 1


def test_b9_a_mail_warns_two_hours_before_an_empty_registration_ends(stage):
    a_candidate(stage)
    assert warn_of_empty(NOW + 10 * HOUR - SECOND) == 0
    assert warn_of_empty(NOW + 10 * HOUR) == 1
    assert warn_of_empty(NOW + 11 * HOUR) == 0
    template, context = mails()[-1]
    assert (template, context["ends_at"]) == ("registration/empty_ending", NOW + 12 * HOUR)
    assert render(template, context)[0] == "报名信息即将被删除，请尽快报考科目"


def test_b9_who_becomes_empty_again_is_warned_again(stage):
    passport = a_candidate(stage)
    warn_of_empty(NOW + 10 * HOUR)
    enter(passport, "1", NOW + 11 * HOUR)
    enter(passport, "", NOW + 20 * HOUR)
    assert warn_of_empty(NOW + 30 * HOUR) == 1


# 取消报名信息


def test_b9_the_candidate_may_end_an_empty_registration_at_once(stage):
    passport = a_candidate(stage)
    record = Registration.objects.get(passport=passport).record_id
    end_registration(passport.id, SITTING, NOW + HOUR)
    assert Registration.objects.get(passport=passport).state == "cancelled"
    assert AuditRow.objects.filter(action="registration.cancelled").count() == 1
    assert services.save_registration(passport.id, record, NOW + 2 * HOUR)


def test_b9_not_one_that_has_an_entry(stage):
    passport = a_candidate(stage)
    enter(passport, "1")
    assert refused(end_registration, passport.id, SITTING, NOW) == ["报名信息下还有报考科目，不能取消。"]
    assert Registration.objects.get(passport=passport).state == "live"


def test_b9_without_a_registration_there_is_nothing_to_end(stage):
    with pytest.raises(RefusedError):
        end_registration(a_passport().id, SITTING, NOW)


def test_b9_the_page_asks_first_and_tells_afterwards(stage, signed_in):
    passport = a_candidate(stage)
    client = signed_in(passport)
    assert "/my/cancel/" in client.get("/my/registration/").content.decode()
    asking = client.get("/my/cancel/").content.decode()
    assert "此操作立即生效，不能撤回。" in asking
    assert Registration.objects.get(passport=passport).state == "live"
    answer = client.post("/my/cancel/", follow=True).content.decode()
    assert "报名信息已取消。" in answer
    assert "未报名或当前通行证账号非报名时账号" in answer


def test_b9_the_page_of_one_with_entries_offers_no_button(stage, signed_in):
    passport = a_candidate(stage)
    enter(passport, "1")
    page = signed_in(passport).get("/my/cancel/").content.decode()
    assert "报名信息下还有报考科目，不能取消。" in page
    assert "btn danger" not in page
