"""The cookies of production, which only a production process sets: asked of one that has read such settings."""

import json
import os
import subprocess
import sys

from baokao.config import place

_SET = """
import django, json, uuid
django.setup()
from django.conf import settings
from django.http import HttpResponse
from baokao.passport import session
from baokao.passport.models import Passport
from baokao.registration import access

response, someone = HttpResponse(), uuid.uuid4()
session.open_for(response, Passport(id=someone, password="x", account_folded="x"))
access.remember(response, "20262")
access.remember_record(response, someone, someone)
csrf = (settings.CSRF_COOKIE_SECURE, settings.CSRF_COOKIE_HTTPONLY, settings.CSRF_COOKIE_SAMESITE,
        settings.CSRF_COOKIE_PATH, settings.CSRF_COOKIE_DOMAIN or "")
found = {name: [bool(one[part]) if part in ("secure", "httponly") else one[part]
                for part in ("secure", "httponly", "samesite", "path", "domain")]
         for name, one in response.cookies.items()}
print(json.dumps(found | {settings.CSRF_COOKIE_NAME: csrf}))
"""


def cookies(environment: str) -> dict[str, list]:
    """Name to Secure, HttpOnly, SameSite, path and domain."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BAOKAO_")}
    more = {
        "BAOKAO_ENV": environment,
        "BAOKAO_SECRET_KEY": "s" * 60,
        "DJANGO_SETTINGS_MODULE": "baokao.config.settings",
    }
    ran = subprocess.run(
        [sys.executable, "-c", _SET], env=kept | more, cwd=place.BASE, capture_output=True, text=True, check=True
    )
    return json.loads(ran.stdout)


def test_in_production_every_cookie_has_the_host_prefix_and_is_secure():
    names = {"__Host-baokao", "__Host-sitting", "__Host-looked_up", "__Host-csrf"}
    assert cookies("production") == {name: [True, True, "Lax", "/", ""] for name in names}


def test_control_a_demonstration_without_https_sets_them_without():
    assert all(not secure and not name.startswith("__Host-") for name, (secure, *_) in cookies("demo").items())
