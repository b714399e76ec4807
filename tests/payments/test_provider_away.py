"""The sandbox's provider in trouble, and what a candidate sees meanwhile (proof b10): a state, and a way on."""

from datetime import timedelta

import pytest

from baokao.core import clock
from baokao.payments import providers
from baokao.payments.gateways.alipay.account import Account
from baokao.payments.gateways.alipay.gateway import Alipay
from baokao.payments.gateways.breaker import Breaker
from baokao.payments.gateways.calls import Caller
from baokao.payments.gateways.http import Wire
from baokao.payments.models import Attempt
from baokao.sandbox.provider import demonstration, keys
from tests.journeys.paying import provider
from tests.payments.test_pages import step, text
from tests.signing_in import signed_in_client
from tests.speaking import a_speaker, set_speaking_stage

pytestmark = pytest.mark.django_db

QUERY, CLOSE = "alipay.trade.query", "alipay.trade.close"
TROUBLES = {
    "down": {"name": "down"},
    "silent": {"name": "slow", "seconds": 2.0},
    "500": {"name": "500"},
    "half an answer": {"name": "half"},
    "HTML": {"name": "html"},
    "unsigned": {"name": "unsigned"},
    "busy": {"name": "unavailable"},
}


@pytest.fixture(scope="module")
def provided(tmp_path_factory):
    """The provider over HTTP, and the site's own adapter's account there."""
    folder = tmp_path_factory.mktemp("provider")
    with provider(folder) as (desk, _):
        yield (
            desk,
            Account(
                gateway=f"{desk.config.base_url}/gateway.do",
                app=demonstration.ALIPAY_APP_ID,
                seller=demonstration.ALIPAY_SELLER_ID,
                private_key=keys.private_key(folder / "provider" / "alipay-app.pem"),
                public_keys=(desk.config.gateway_key.public_key(),),
            ),
        )


@pytest.fixture
def desk(provided, monkeypatch, settings):
    """The provider, of which the site has no bad memories, and for which it waits half a second."""
    desk, account = provided
    desk.disarm()
    settings.PROVIDER_MILLISECONDS = 500
    made = Alipay(account, Caller(Wire(), Breaker("Alipay"), 0.5))
    monkeypatch.setattr(providers, "configured", lambda: {"alipay": made})
    return desk


@pytest.fixture
def client(desk):
    """Who is on the way to pay for one subject, and has another to pay for."""
    passport = a_speaker(set_speaking_stage(), written="14")
    client = signed_in_client(passport)
    assert step(client, "go", "1", way="alipay").status_code == 302
    return client


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES.keys())
def test_b10_asking_in_vain_shows_since_when_it_is_being_confirmed(client, desk, trouble):
    desk.arm(QUERY, times=5, **trouble)
    response = client.post("/my/pay/refresh/", {"to": "result"}, follow=True)
    assert response.status_code == 200
    assert "支付结果确认中，请勿重复支付" in text(response)
    assert Attempt.objects.get().state == Attempt.State.OPEN


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES.keys())
def test_b10_who_wants_to_pay_anew_is_led_to_the_payment_in_doubt(client, desk, trouble):
    desk.arm("*", times=9, **trouble)
    response = step(client, "go", "1", way="alipay")
    assert (response.status_code, response["Location"]) == (302, "/my/pay/result/")
    assert Attempt.objects.count() == 1


def test_b10_meanwhile_another_subject_can_be_paid(client, desk):
    desk.arm("*", "down", times=9)
    assert step(client, "go", "4", way="alipay")["Location"].startswith(desk.config.base_url)


def test_b10_when_the_provider_is_back_everything_goes_on(client, desk):
    desk.arm(QUERY, "500", times=5)
    client.post("/my/pay/refresh/")
    desk.disarm()
    with clock.travel(clock.now() + timedelta(minutes=31)):
        client.post("/my/pay/refresh/")
    assert Attempt.objects.get().state == Attempt.State.ENDED
