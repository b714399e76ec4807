"""Looking changes nothing (e14): no GET and no HEAD of any address writes anything but audit, throttle and captcha
rows."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from baokao.core.http.audience import Audience, audience
from baokao.passport.models import Passport
from tests.attacks.people import House
from tests.attacks.samples import addresses
from tests.attacks.tables import Writes, tables, undone

pytestmark = pytest.mark.django_db

# A query that could be taken for an order.
QUERY = (
    "?saved=1&sent=1&confirm=1&action=delete&answer=yes&step=go&subject=1&way=alipay&to=result&sure=on&sitting=20262"
)
# A provider tells of money by GET too; what it says is kept as received, and believed by its signature alone (D3, D4).
TOLD_BY_GET = {"/pay/notify/<str:provider>/"}


def changed_by(house: House, clients: dict[str, Client]) -> set[str]:
    """The addresses that write when they are only looked at."""
    names, found = tables(), set()
    for who, client in clients.items():
        for address in addresses(house, house.owner if who == "owner" else None):
            with undone():
                writes = Writes(names)
                client.get(address.path)
                client.head(address.path + QUERY)
                if writes.touched():
                    found.add(address.route.pattern)
    return found


def test_e14_no_look_changes_anything(house):
    assert changed_by(house, house.visitors) <= TOLD_BY_GET


# The control: a view that writes when it is looked at


@audience(Audience.PUBLIC)
def counting(request: HttpRequest) -> HttpResponse:
    """Ends everybody's sessions whenever somebody looks."""
    Passport.objects.update(epoch=99)
    return HttpResponse("")


urlpatterns = [
    path("", include("baokao.config.urls")),
    path("counting/", counting),
]


def test_e14_control_a_view_that_writes_on_a_look_is_found(house, settings):
    settings.ROOT_URLCONF = __name__
    assert "/counting/" in changed_by(house, {"anonymous": Client()})
