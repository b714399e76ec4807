"""Every page of the site is clean of what axe finds, light and dark, on a phone and on a wide screen (rule H4).

The pages are found from the URL resolver; one that is reached by no entry in `pages.py` fails the test.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe

from baokao.core import clock
from baokao.sandbox import data
from tests.cast import ensure_reference_data
from tests.guards.pages import NO_PAGE, OTHERS, desk_pages, pages, the_passport, the_teacher
from tests.guards.urls import routes
from tests.office.desks import at_desk
from tests.signing_in import signed_in_client

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Of what is well an example is enough, which spares half the time.
RULES = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}


def cookies_of(client, url):
    # The office's cookie is scoped to its path; a browser that is handed it for the whole site shows the same pages.
    return [{"name": name, "value": morsel.value, "url": url} for name, morsel in client.cookies.items()]


def test_h4_axe_finds_nothing_on_any_page(browser, live_site):
    ensure_reference_data()
    data.load(clock.now())
    passport = the_passport()
    known, desks = pages(), desk_pages()
    assert {route.pattern for route in routes()} - NO_PAGE == (set(known) - {"errors"}) | set(OTHERS) | set(desks)
    client = signed_in_client(passport)
    client.post("/my/eligibility/", {"id_type": "6", "id_number": "99101000001", "name": "李博"})
    visits = [(client, [address for addresses in known.values() for address in addresses])]
    visits += [(signed_in_client(who()), [address]) for address, who in OTHERS.items()]
    visits.append((at_desk(the_teacher()), [address for addresses in desks.values() for address in addresses]))
    found = []
    for scheme, width in (("light", 390), ("dark", 1280)):
        for visitor, addresses in visits:
            context = browser.new_context(
                viewport={"width": width, "height": 844}, color_scheme=scheme, locale="zh-CN", base_url=live_site.url,
                bypass_csp=True,
            )  # fmt: skip
            context.add_cookies(cookies_of(visitor, live_site.url))
            page = context.new_page()
            for address in addresses:
                answer = page.goto(address)
                assert page.title(), address
                if address.startswith(("/my/", "/passport/", "/office/")) and address != "/office/login/":
                    assert "/login/" not in answer.url, f"{address} led to {answer.url}"
                result = Axe().run(page, options=RULES)
                found += [f"{address} ({scheme}, {width}): {line}" for line in told(result)]
            context.close()
    assert found == [], "\n".join(found)


def told(result):
    """A line a violation, with the first elements that have it."""
    for violation in result.response["violations"]:
        where = "; ".join(node["html"][:120] for node in violation["nodes"][:3])
        yield f"{violation['id']}: {violation['help']}: {where}"


def test_h4_axe_does_find_a_field_without_a_label(browser, live_site):
    """The control: the guard above would see a fault."""
    page = browser.new_page()
    page.set_content("<html lang=zh><title>x</title><main><h1>x</h1><input type=text></main></html>")
    assert any(line.startswith("label:") for line in told(Axe().run(page, options=RULES)))
    page.close()
