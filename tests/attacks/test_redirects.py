"""No parameter leads a person to another site, and none makes a link of ours lead there (d7)."""

import re
from importlib import import_module
from urllib.parse import urljoin, urlsplit

import pytest
from django.http import HttpResponse

from tests.attacks.answers import text
from tests.attacks.filling import fill
from tests.attacks.forms import Form
from tests.attacks.people import House
from tests.attacks.samples import addresses
from tests.attacks.tables import undone

pytestmark = pytest.mark.django_db

EVIL = "evil.example"
WANTED = (
    f"https://{EVIL}/", f"//{EVIL}/", f"///{EVIL}", f"////{EVIL}", f"/\\{EVIL}", f"\\\\{EVIL}", f"/\\/{EVIL}",
    f"/\t/{EVIL}", f"/\n/{EVIL}", f"\t//{EVIL}", f" //{EVIL}", f"/%09/{EVIL}", f"/%5c{EVIL}", f"/%2f{EVIL}",
    f"https:{EVIL}", f"https:/{EVIL}", f"http:///{EVIL}", f"//{EVIL}@testserver/", f"https://testserver@{EVIL}/",
    f"//testserver.{EVIL}/", f"javascript:alert('{EVIL}')", f"java\nscript:alert('{EVIL}')", f"data:text/html,{EVIL}",
    f"/。{EVIL}", f"//{EVIL}。/", f"/\u2028/{EVIL}", f"/\0/{EVIL}", f"/\r\nLocation: https://{EVIL}/", f"./\\{EVIL}",
    f"/my/../\\{EVIL}", f"/my/{'a' * 4000}//{EVIL}", f"//[{EVIL}", f"https://{EVIL}\\@testserver/",
)  # fmt: skip
# Names under which a page could take an address; those that ours have are among them.
NAMES = (
    "next", "to", "url", "return", "return_to", "return_url", "redirect", "redirect_to", "redirect_uri", "continue",
    "goto", "target", "dest", "callback", "back", "from", "ref", "r", "u",
)  # fmt: skip
_LEADS = re.compile(r'\b(?:href|action|formaction|src|hx-get|hx-post|http-equiv="refresh" content)="([^"]*)"')
# The pages that read one of them when they are looked at.
READ_IT = {"/login/", "/passport/privacy/"}


def leads_away(answer: HttpResponse, base: str = "http://testserver/") -> bool:
    """Whether a browser would go to another site, at once or by a link of the page, as browsers read addresses."""
    found = [answer.headers[name] for name in ("Location", "Refresh", "HX-Redirect") if name in answer.headers]
    found += _LEADS.findall(text(answer))
    return any(_leads(address, base) for address in found)


def _leads(address: str, base: str) -> bool:
    # A browser drops tabs and line ends wherever they stand, blanks before, and takes a backslash for a slash.
    read = re.sub(r"[\t\r\n]", "", address).lstrip("\x00 ").replace("\\", "/")
    # ... and any number of slashes before a host for two.
    read = re.sub(r"^(https?:)?/{2,}", lambda match: (match[1] or "") + "//", read)
    if re.match(r"(javascript|data|vbscript):", read, re.I):
        return True
    try:
        host = urlsplit(urljoin(base, read)).hostname or ""
    except ValueError:
        return False
    return host.endswith(EVIL) or EVIL in host


def faults_of_looks(house: House) -> list[str]:
    """The pages that lead away when they are asked with an address."""
    found = []
    visitors = house.visitors
    for who in ("anonymous", "outdated", "owner"):
        client = visitors[who]
        for address in addresses(house, house.owner if who == "owner" else None):
            if address.kind != "own":
                continue
            for wanted in WANTED if address.path in READ_IT else WANTED[::12]:
                answer = client.get(address.path, dict.fromkeys(NAMES, wanted))
                if answer.status_code >= 500 or leads_away(answer):
                    found.append(f"{address.path} as {who}: {answer.status_code} {wanted!r}")
    return found


def faults_of_forms(house: House, forms: list[Form], wanted: tuple[str, ...] = WANTED) -> list[str]:
    """The forms that lead away when they are handed in with an address, in a field and in the query."""
    found = []
    for form in forms:
        if form.method != "post" or form.button[0] == "fresh":
            continue
        right = fill(form, house)
        free = [name for name in NAMES if name not in right or name == "next"]
        for address in wanted if {"next", "to"} & set(right) else wanted[::11]:
            with undone():
                answer = form.send(right | {name: [address] for name in free})
            if answer.status_code >= 500 or leads_away(answer):
                found.append(f"{form}: {answer.status_code} {address!r}")
    return found


def test_d7_no_look_leads_away(house):
    assert faults_of_looks(house) == []


def test_d7_no_form_leads_away(house, forms):
    assert faults_of_forms(house, forms) == []


def test_d7_control_a_page_that_goes_where_it_is_told(house, forms, monkeypatch):
    """Both places that read `next` are found when they believe it."""
    believe = lambda request: request.POST.get("next") or request.GET.get("next") or ""  # noqa: E731
    for view in ("entering", "privacy"):
        monkeypatch.setattr(import_module(f"baokao.passport.views.{view}"), "going", believe)
    found = "\n".join(faults_of_forms(house, forms, WANTED[:8]))
    assert "/login/" in found
    assert "/passport/privacy/" in found


def test_d7_where_the_person_was_going_is_kept(house, forms):
    """What the bounds above let through: an address of ours, with its query."""
    login = next(form for form in forms if form.pattern == "/login/" and not form.button[0])
    answer = login.send(fill(login, house) | {"next": ["/my/speaking/F/?find=北京"]})
    assert answer.headers["Location"] == "/my/speaking/F/?find=%E5%8C%97%E4%BA%AC"
