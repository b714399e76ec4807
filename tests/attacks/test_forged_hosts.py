"""What a request claims about where it came from and where it goes (d8): a forged Host is refused, forwarded headers of
nobody are not believed, and no link of a page or a mail ever follows either."""

import uuid

import pytest
from django.test import Client

from baokao.core.crypto.sealed import unseal
from baokao.core.models import OutboxRow
from baokao.core.outbox import mail, packing
from baokao.core.outbox.write import CONTEXT
from tests.attacks.answers import heard, text
from tests.attacks.filling import fill
from tests.attacks.people import client_of
from tests.attacks.samples import addresses
from tests.attacks.tables import undone

pytestmark = pytest.mark.django_db

EVIL = "evil.example"
FORWARDED = {
    "HTTP_X_FORWARDED_HOST": EVIL,
    "HTTP_X_FORWARDED_SERVER": EVIL,
    "HTTP_X_FORWARDED_PORT": "1",
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_X_FORWARDED_FOR": "6.6.6.6",
    "HTTP_X_FORWARDED_PREFIX": f"//{EVIL}",
    "HTTP_FORWARDED": f"for=6.6.6.6;host={EVIL};proto=https",
    "HTTP_X_ORIGINAL_URL": "/metrics",
    "HTTP_X_REWRITE_URL": "/metrics",
    "HTTP_X_HTTP_METHOD_OVERRIDE": "DELETE",
    "HTTP_X_HOST": EVIL,
    "HTTP_X_REAL_IP": "127.0.0.1",
}
HOSTS = (
    EVIL, f"{EVIL}:80", f"testserver.{EVIL}", f"testserver@{EVIL}", f"testserver:80@{EVIL}", "",
    "testserver\r\nX-Injected: 1", "testserver/../", f"testserver {EVIL}", "[::1", f"testserver:{EVIL}", "x" * 3000,
    f"testserver\\@{EVIL}", "тест",
)  # fmt: skip
# What machines ask by address, and what is the same bytes for everybody.
ANY_HOST = {"/healthz", "/readyz", "/metrics"}


@pytest.fixture(autouse=True)
def named(settings):
    """The site goes by one name, as in production."""
    settings.ALLOWED_HOSTS = ["testserver"]


@pytest.mark.parametrize("host", HOSTS)
def test_d8_no_page_follows_a_forged_host(house, host):
    client = client_of(house.owner)
    for address in addresses(house, house.owner):
        answer = client.get(address.path, HTTP_HOST=host)
        assert answer.status_code < 500, address.path
        assert "X-Injected" not in answer.headers
        assert EVIL not in text(answer) + str(answer.headers), address.path


def test_d8_forwarded_headers_that_no_proxy_of_ours_wrote_change_no_answer(house, settings):
    assert settings.PROXY_COUNT == 0
    client = client_of(house.owner)
    for address in addresses(house, house.owner):
        if address.route.pattern == "/metrics":
            continue
        with undone():
            plain, forged = (heard(client.get(address.path, **more), [address.path]) for more in ({}, FORWARDED))
        assert plain == forged, address.path


def mails(before: set[uuid.UUID]) -> list[str]:
    """Everything that the mails say that were asked for since, as they would be sent."""
    found = []
    for row in OutboxRow.objects.filter(kind="mail").exclude(id__in=before):
        payload = packing.unpack(unseal(bytes(row.payload), CONTEXT, row.id.bytes))
        found.append(str(payload) + "\n".join(mail.render(payload["template"], payload["context"])))
    return found


def known() -> set[uuid.UUID]:
    return set(OutboxRow.objects.values_list("id", flat=True))


@pytest.mark.parametrize("more", [FORWARDED, {"HTTP_HOST": EVIL}, {"HTTP_HOST": EVIL, "HTTP_X_FORWARDED_HOST": EVIL}])
def test_d8_no_mail_follows_a_forged_host(house, forms, more):
    before, written = known(), 0
    for form in forms:
        if form.button[0] == "fresh":
            continue
        with undone():
            answer = form.send(fill(form, house), **more)
            assert answer.status_code < 500, form
            assert EVIL not in text(answer) + str(answer.headers), form
            said = mails(before)
            written += len(said)
            assert not any(EVIL in one or "6.6.6.6" in one for one in said), form
    assert (written > 5) == ("HTTP_HOST" not in more), "with a forged host nothing is done, else mails are asked for"


def test_d8_control_a_mail_that_follows_the_host_would_be_seen(house, forms, settings):
    settings.BASE_URLS = [f"https://{EVIL}"]
    register = next(form for form in forms if form.pattern == "/passport/register/" and not form.button[0])
    before = known()
    register.send(fill(register, house))
    assert any(EVIL in one for one in mails(before))


def test_d8_another_address_in_a_header_makes_no_other_client_of_a_throttle(house, forms):
    """Eleven wrong tries are too many from one client, whatever it says it is."""
    login = next(form for form in forms if form.pattern == "/login/" and not form.button[0])
    right = fill(login, house)
    answers = []
    for number in range(11):
        page = text(Client().get("/login/"))
        token = page.split('name="captcha_token" value="')[1].split('"')[0]
        wrong = right | {"password": ["not this one"], "captcha_token": [token]}
        answers.append(text(login.send(wrong, HTTP_X_FORWARDED_FOR=f"198.51.100.{number}")))
    assert "账号或密码错误" in answers[9]
    assert "尝试登录次数过多" in answers[10]
