"""验证邮箱 and consent, against a real database (rules A3, H5)."""

from datetime import timedelta

import pytest

from baokao.core.models import AuditRow
from baokao.passport import rules, services
from baokao.passport.models import Passport
from tests.cast import NOW, a_passport
from tests.passport.doing import actions, again, mails, refused, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def passport():
    return a_passport("Yan@example.com")


def test_a3_registering_asks_for_the_first_mail_with_both_links(passport):
    [told] = mails()
    assert (told["template"], told["to"]) == ("passport/verify", "Yan@example.com")
    said = text(told)
    assert said.startswith("请验证您的电子邮箱\n")
    assert "您已用本邮箱注册" in said
    assert said.index("验证邮箱：\n教育网用户：http") < said.index("这不是我注册的账号：\n教育网用户：http")
    # A link for each base address, as with a new password (rule A5).
    assert said.count("/passport/verify/") == said.count("/passport/disown/") == 2


def test_a3_an_address_is_verified_once(passport):
    services.verify(passport, NOW)
    assert again(passport).verified_at == NOW
    assert refused(services.verify, passport, NOW + timedelta(hours=1)) == ["该电子邮箱已验证，无需再次验证。"]
    assert again(passport).verified_at == NOW
    assert actions(passport) == ["passport.verified", "passport.verification_refused"]


def test_a3_exactly_the_address_that_the_link_was_sent_to(passport):
    Passport.objects.filter(id=passport.id).update(account="other@example.com")
    assert refused(services.verify, passport, NOW)
    assert again(passport).verified_at is None


def test_a3_verifying_takes_back_a_mistaken_disowning(passport):
    Passport.objects.filter(id=passport.id).update(recoverable=False)
    services.verify(passport, NOW)
    assert again(passport).recoverable


def test_a3_the_mail_can_be_asked_for_again_within_a_bound(passport):
    for _ in range(5):
        services.ask_to_verify(passport, NOW)
    assert refused(services.ask_to_verify, passport, NOW) == ["验证邮件发送过于频繁，请一小时后再试。"]
    assert len(mails("passport/verify")) == 6
    services.ask_to_verify(passport, NOW + timedelta(hours=1))
    asked = "passport.verification_asked"
    assert actions(passport) == [asked] * 5 + ["passport.verification_ask_refused", asked]


def test_a3_a_verified_address_needs_no_mail(passport):
    services.verify(passport, NOW)
    assert refused(services.ask_to_verify, again(passport), NOW) == ["该电子邮箱已验证，无需再次验证。"]


# Consent


def test_h5_registering_keeps_which_notice_was_consented_to_and_when(passport):
    kept = again(passport)
    assert (kept.privacy_version, kept.privacy_consented_at) == (rules.PRIVACY_VERSION, NOW)
    [row] = AuditRow.objects.filter(action="passport.registered", subject=f"passport:{passport.id.hex}")
    assert row.detail == {"privacy": rules.PRIVACY_VERSION}


def test_h5_consent_to_a_new_notice_keeps_version_and_moment_once(passport, monkeypatch):
    monkeypatch.setattr(rules, "PRIVACY_VERSION", "2030-1")
    later = NOW + timedelta(days=1)
    services.consent(passport, "2030-1", later)
    services.consent(passport, "2030-1", later + timedelta(days=1))
    kept = again(passport)
    assert (kept.privacy_version, kept.privacy_consented_at) == ("2030-1", later)
    assert actions(passport) == ["passport.privacy_consented"]


def test_h5_consent_to_a_notice_that_is_no_longer_the_newest_is_refused(passport):
    assert refused(services.consent, passport, "2020-1", NOW) == ["隐私说明刚刚更新，请阅读新版本后再同意。"]
