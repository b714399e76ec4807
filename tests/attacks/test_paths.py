"""Paths that climb, hide, break or never end, in every part of every address and among the files (d9)."""

import pytest
from django.conf import settings
from django.urls import resolve
from django.urls.exceptions import Resolver404

from baokao.config import collected
from tests.attacks.answers import text
from tests.attacks.people import House, client_of
from tests.attacks.samples import SAMPLES, filled
from tests.attacks.tables import digests, tables
from tests.guards.urls import routes

pytestmark = pytest.mark.django_db

# As they stand in the address, so percent-encoded where a client would; the last are bytes that are no text.
SEGMENTS = (
    "..", "../..", "../../../../../../etc/passwd", "%2e%2e", "%2e%2e%2fetc%2fpasswd", "..%2f..%2f..%2fetc%2fpasswd",
    "%252e%252e%252f", "..%5c..%5cwindows%5cwin.ini", "....//....//etc/passwd", "%c0%ae%c0%ae%c0%af", "..;/", ".",
    "%2f", "%00", "x%00.png", "%0d%0aX-Injected:%201", "%0aX-Injected:1", "%ff%fe", "%ed%a0%80", "%f0%9f%92%a9",
    "%e2%80%ae", "%ef%bb%bf", "{{7*7}}", "%7b%7b1337*1337%7d%7d", "%27%20OR%20%271%27=%271", "1;DROP%20TABLE",
    "%3cscript%3e", "-1", "0", "1e9", "9" * 400, "a" * 8000, "%E4%B8%AD" * 500, "file:%2f%2f%2fetc%2fpasswd",
    "http:%2f%2fevil.example",
    "con", "nul", ".git%2fconfig", ".env", "~root", "*", "%", "%zz", "%u002e", "+", "%20", "?", "%3f", "%23",
)  # fmt: skip
ANSWERS = {200, 204, 302, 400, 404, 405, 410}


def attacked() -> list[str]:
    """Every address with parts, with each of its parts replaced by each segment, the others being right."""
    found = []
    for route in routes():
        sample = SAMPLES.get(route.pattern)
        if sample is None:
            continue
        for place in range(len(sample.missing)):
            for segment in SEGMENTS:
                parts = [*sample.missing[:place], segment, *sample.missing[place + 1 :]]
                found.append(filled(route.pattern, tuple(parts)))
    return found


def test_d9_no_part_of_an_address_climbs_or_breaks_anything(house):
    client, names = client_of(house.owner), tables()
    before, found = digests(names), []
    for path in attacked():
        answer = client.get(path)
        said = text(answer)
        if answer.status_code not in ANSWERS or "X-Injected" in answer.headers or "root:" in said or "1787569" in said:
            found.append(f"{path[:80]}: {answer.status_code}")
        if answer.status_code == 302 and not answer.headers["Location"].startswith("/"):
            found.append(f"{path[:80]} leads to {answer.headers['Location'][:80]}")
    assert found == []
    # A provider's GET is kept as received (rule D4); none of these names a provider.
    assert digests(names) == before


FILES = (
    "../config/settings.py", "%2e%2e/config/settings.py", "..%2fconfig%2fsettings.py", "../../../etc/passwd",
    "%2e%2e%2f%2e%2e%2f%2e%2e%2fetc%2fpasswd", "/etc/passwd", "//etc/passwd", "%2fetc%2fpasswd", "..\\settings.py", ".",
    "./site.css/../../x", "staticfiles.json/..", "site.css%00", "%00", "a" * 8000, "x/" * 500, "%ff", ".hidden", "",
)  # fmt: skip


@pytest.mark.parametrize("prefix", ["/static/", "/my/photo/", "/", "//", "/./", "/static//", "/%2e%2e/static/"])
def test_d9_no_file_is_had_that_is_not_shown(house, prefix):
    collected.collect()
    secrets = [settings.SECRET_KEY, "root:x:", "INSTALLED_APPS", "MIDDLEWARE ="]
    client = client_of(house.owner)
    for name in FILES:
        answer = client.get(prefix + name)
        assert answer.status_code < 500, prefix + name
        assert not any(secret in text(answer) for secret in secrets), prefix + name


def test_d9_control_the_files_that_are_shown_are_shown(house):
    """The refusals above would prove nothing if no file were served."""
    collected.collect()
    served = next(settings.STATIC_ROOT.glob("site.*.css"))
    assert "color" in text(client_of(house.owner).get(f"/static/{served.name}"))


def test_d9_no_address_takes_a_part_with_a_slash():
    """A converter that takes slashes (`path`) would take whole paths; none of ours does."""
    for route in routes():
        assert "<path:" not in route.pattern, route.pattern


def test_d9_only_the_addresses_that_are_stated_are_found(house: House):
    """Another letter case, a second slash or a missing one leads to no page under another name."""
    for path in (
        "/MY/",
        "/My/registration/",
        "//my/",
        "/my//registration/",
        "/my/registration/.",
        "/my/registration;x/",
    ):
        with pytest.raises(Resolver404):
            resolve(path)
