"""`baokao check` tells everything unsafe or missing, and production does not start with it."""

from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.db import OperationalError, connection

from baokao.core import checks, clock, loops, watch
from baokao.core.checks import database, environment, providers

SOUND: dict[str, Any] = {
    "PRODUCTION": True,
    "ENV": "production",
    "SECRET_KEY": "k" * 64,
    "ENCRYPTION_KEYS": {1: bytes(range(32))},
    "DIGEST_KEYS": {1: bytes(range(1, 33))},
    "AUDIT_KEYS": {1: bytes(range(2, 34))},
    "ALLOWED_HOSTS": ["cet.example.edu.cn", ".example.com"],
    "BASE_URLS": ["https://cet.example.edu.cn", "https://cet.example.com"],
    "PROXY_COUNT": 1,
    "EMAIL_HOST": "smtp.example.com",
    "EMAIL_USE_TLS": True,
    "DEFAULT_FROM_EMAIL": "CET <no-reply@example.com>",
    "CAPTCHA": "picture",
    "FAULT": "",
    "ALIPAY_GATEWAY": "https://openapi.alipay.com/gateway.do",
    "ALIPAY_APP_ID": "2021000100000001",
    "ALIPAY_SELLER_ID": "2088000000000001",
    "ALIPAY_PRIVATE_KEY": rsa.generate_private_key(65537, 2048),
    "ALIPAY_PUBLIC_KEYS": [rsa.generate_private_key(65537, 2048).public_key()],
}


@pytest.fixture
def production(settings, tmp_path, monkeypatch):
    """Settings with which production starts."""
    for name, value in SOUND.items():
        setattr(settings, name, value)
    settings.SEAL_LOG = tmp_path / "elsewhere" / "seals.log"
    monkeypatch.setattr(environment.apps, "is_installed", lambda app: False)
    return settings


def unsafe() -> list[str]:
    found = [*environment.findings(), *providers.findings()]
    return [finding.name for finding in found if finding.level == "unsafe"]


def test_sound_settings_have_nothing_unsafe(production):
    assert unsafe() == []


@pytest.mark.parametrize(
    ("setting", "value", "name"),
    [
        ("SECRET_KEY", "", "secret_key"),
        ("SECRET_KEY", "short", "secret_key"),
        ("ENCRYPTION_KEYS", {}, "keys"),
        ("DIGEST_KEYS", {1: bytes(range(32))}, "keys"),
        ("AUDIT_KEYS", {1: b"a" * 32}, "keys"),
        ("DEBUG", True, "debug"),
        ("ALLOWED_HOSTS", [], "hosts"),
        ("ALLOWED_HOSTS", ["*"], "hosts"),
        ("BASE_URLS", [], "base_urls"),
        ("BASE_URLS", ["http://cet.example.edu.cn", "https://cet.example.com"], "base_urls"),
        ("BASE_URLS", ["https://other.example.org", "https://cet.example.com"], "base_urls"),
        ("EMAIL_HOST", "", "mail"),
        ("DEFAULT_FROM_EMAIL", "", "mail"),
        ("CAPTCHA", "fixed", "captcha"),
        ("FAULT", "registration.after_insert:kill", "fault"),
    ],
)
def test_what_is_unsafe_is_named(production, setting, value, name):
    setattr(production, setting, value)
    assert name in unsafe()


def test_the_demonstration_in_production_is_unsafe(production, monkeypatch):
    monkeypatch.setattr(environment.apps, "is_installed", lambda app: app == "baokao.sandbox")
    assert "sandbox" in unsafe()


@pytest.mark.parametrize(("password", "sound"), [("", True), ("baokao", False), ("k3T-" * 6, True)])
def test_a_database_password_that_is_guessed_is_unsafe(production, monkeypatch, password, sound):
    monkeypatch.setitem(connection.settings_dict, "PASSWORD", password)
    assert ("database.password" not in unsafe()) == sound


@pytest.mark.parametrize(
    ("setting", "value", "name"),
    [
        ("PROXY_COUNT", 0, "proxy_count"),
        ("EMAIL_USE_TLS", False, "mail"),
        ("BASE_URLS", SOUND["BASE_URLS"][:1], "base_urls"),
    ],
)
def test_what_is_doubtful_is_a_warning(production, setting, value, name):
    setattr(production, setting, value)
    assert name in [finding.name for finding in environment.findings() if finding.level == "warning"]


@pytest.mark.django_db
def test_production_does_not_start_with_something_unsafe(production, monkeypatch):
    monkeypatch.setattr(database, "findings", list)
    checks.refuse_if_unsafe()
    production.CAPTCHA = "fixed"
    with pytest.raises(SystemExit, match="8888"):
        checks.refuse_if_unsafe()


def test_a_demonstration_starts_with_anything(settings):
    settings.CAPTCHA = "fixed"
    checks.refuse_if_unsafe()


def test_a_database_that_is_down_is_told_and_waited_for(production, monkeypatch):
    def gone():
        raise OperationalError("connection refused")

    monkeypatch.setattr(database, "findings", gone)
    assert "database.unreachable" in [finding.name for finding in checks.findings()]
    checks.refuse_if_unsafe()


@pytest.mark.django_db
def test_clocks_that_differ_are_unsafe():
    with clock.travel(clock.now().replace(year=2017)):
        assert "clock" in [finding.name for finding in database.findings()]
    assert "clock" not in [finding.name for finding in database.findings()]


@pytest.mark.django_db
def test_a_missing_migration_is_unsafe(run_sql):
    run_sql("DELETE FROM django_migrations WHERE app = 'core'")
    assert "database.migrations" in [finding.name for finding in database.findings()]


@pytest.fixture
def as_role(run_sql, settings):
    """Become a role with nothing but what is granted to it, until the test's transaction ends."""

    def become(role: str, *grants: str) -> list[str]:
        settings.ROLE = role
        run_sql(f"CREATE ROLE check_{role} NOLOGIN")
        run_sql(f"GRANT check_{role} TO current_user")
        run_sql(f"GRANT SELECT ON django_migrations TO check_{role}")
        for grant in grants:
            run_sql(grant)
        run_sql(f"SET LOCAL ROLE check_{role}")
        try:
            return [finding.sentence for finding in database.findings()]
        finally:
            run_sql("RESET ROLE")

    return become


@pytest.mark.django_db
def test_a_web_role_that_may_only_insert_into_the_audit_log_is_sound(as_role):
    told = as_role("web", "GRANT INSERT ON core_audit TO check_web")
    assert not any("core_audit" in sentence or "role is" in sentence or "owns" in sentence for sentence in told)
    assert any("statement_timeout is not set" in sentence for sentence in told)


@pytest.mark.django_db
@pytest.mark.parametrize("right", ["SELECT", "UPDATE", "DELETE", "TRUNCATE"])
def test_a_web_role_that_may_change_the_audit_log_is_unsafe(as_role, right):
    told = as_role("web", f"GRANT INSERT, {right} ON core_audit TO check_web")
    assert "The web role may do more with core_audit than insert." in told


@pytest.mark.django_db
def test_a_web_role_that_owns_tables_is_unsafe(as_role):
    told = as_role("web", "GRANT CREATE ON SCHEMA public TO check_web", "ALTER TABLE core_switch OWNER TO check_web")
    assert "The web role owns tables; only baokao_owner may." in told


@pytest.mark.django_db
def test_a_silent_worker_is_told():
    def told() -> list[str]:
        return [finding.sentence for finding in checks.findings() if finding.name == "worker"]

    every = loops.all_loops()
    assert len(told()) == len(every)
    for loop in every:
        watch.beat(loop.name, 0, clock.now())
    assert told() == []
    watch.beat("sealer", 100, clock.now())
    assert told() == ["The worker's sealer is 100 s behind."]


@pytest.mark.django_db
def test_a_loop_is_told_of_when_it_is_late_for_what_it_does():
    """The payments' own loops too; a bill takes its time, and an attempt at paying doesn't."""
    for loop in loops.all_loops():
        watch.beat(loop.name, 0, clock.now())
    watch.beat("bills", 3600, clock.now())
    watch.beat("payments", 0, clock.now() - timedelta(seconds=40))
    watch.beat("refunds", 90, clock.now())
    assert [finding.sentence for finding in checks.findings() if finding.name == "worker"] == [
        "The worker's payments has not been heard of for 30 s.",
        "The worker's refunds is 90 s behind.",
    ]


@pytest.mark.django_db
def test_a_violated_invariant_is_unsafe(run_sql):
    run_sql("INSERT INTO core_invariantrun VALUES ('I2', now(), 3)")
    assert [finding.sentence for finding in checks.findings() if finding.level == "unsafe"] == [
        "I2 was violated by 3 rows; `baokao audit` lists them."
    ]
