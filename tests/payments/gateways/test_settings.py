"""Keys and addresses of the providers: every form in which they are handed out is read, nonsense stops the start, and
production refuses what is only for trying."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from baokao.config import env
from baokao.config.rsa import private_key, public_keys
from baokao.core.checks import providers as checked
from baokao.payments.gateways import providers
from tests.keys import public_text_of, text_of
from tests.payments.gateways.alipay import OURS, THEIRS

KEY, OTHER, THIRD = (rsa.generate_private_key(65537, 2048) for _ in range(3))
SHORT = rsa.generate_private_key(65537, 1024)
FORMS = [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL]
PUBLIC_FORMS = [PublicFormat.SubjectPublicKeyInfo, PublicFormat.PKCS1]


def pem(form: PrivateFormat) -> str:
    return KEY.private_bytes(Encoding.PEM, form, NoEncryption()).decode()


@pytest.mark.parametrize("form", FORMS)
def test_a_private_key_is_read_in_each_form(form):
    for text in (text_of(KEY, form), pem(form), pem(form).replace("\n", "\\n")):
        found = private_key("K", {"K": text})
        assert found is not None
        assert found.private_numbers() == KEY.private_numbers()


@pytest.mark.parametrize("form", PUBLIC_FORMS)
def test_two_public_keys_are_read_in_each_form(form):
    found = public_keys("K", {"K": f"{public_text_of(KEY, form)}, {public_text_of(OTHER, form)}"})
    assert [key.public_numbers() for key in found] == [key.public_key().public_numbers() for key in (KEY, OTHER)]


def test_an_unset_key_is_none():
    assert private_key("K", {}) is None
    assert public_keys("K", {"K": " "}) == []


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        "签",
        "AAAA",
        text_of(SHORT, PrivateFormat.PKCS8),
        public_text_of(KEY),
        pem(PrivateFormat.PKCS8)[:200],
    ],
)
def test_a_private_key_that_is_none_stops_the_start_and_is_not_shown(text):
    with pytest.raises(env.BadSetting) as stopped:
        private_key("BAOKAO_ALIPAY_PRIVATE_KEY", {"BAOKAO_ALIPAY_PRIVATE_KEY": text})
    assert "BAOKAO_ALIPAY_PRIVATE_KEY" in str(stopped.value)
    assert text not in str(stopped.value)


def test_a_key_of_another_kind_stops_the_start():
    other = ec.generate_private_key(ec.SECP256R1())
    with pytest.raises(env.BadSetting):
        private_key("K", {"K": other.private_bytes(Encoding.PEM, FORMS[0], NoEncryption()).decode()})


@pytest.mark.parametrize(
    "text", ["nonsense", public_text_of(SHORT), ",".join(public_text_of(key) for key in (KEY, OTHER, THIRD))]
)
def test_public_keys_that_are_none_or_too_many_stop_the_start(text):
    with pytest.raises(env.BadSetting, match="BAOKAO_ALIPAY_PUBLIC_KEYS"):
        public_keys("BAOKAO_ALIPAY_PUBLIC_KEYS", {"BAOKAO_ALIPAY_PUBLIC_KEYS": text})


@pytest.mark.parametrize(
    "text", ["openapi.alipay.com", "ftp://a.test/", "https:///gateway", "https://a.test/?method=x"]
)
def test_an_address_that_is_none_stops_the_start(text):
    with pytest.raises(env.BadSetting):
        env.address("A", "", {"A": text})


@pytest.fixture
def production(settings):
    settings.PRODUCTION = True
    settings.ALIPAY_GATEWAY = "https://openapi.alipay.com/gateway.do"
    settings.ALIPAY_APP_ID, settings.ALIPAY_SELLER_ID = "2021000100000001", "2088000000000001"
    settings.ALIPAY_PRIVATE_KEY, settings.ALIPAY_PUBLIC_KEYS = KEY, [OTHER.public_key()]
    return settings


def test_sound_settings_have_nothing_unsafe(production):
    assert checked.findings() == []


@pytest.mark.parametrize(
    ("setting", "value", "told"),
    [
        ("ALIPAY_GATEWAY", "http://openapi.alipay.com/gateway.do", "not https"),
        ("ALIPAY_GATEWAY", "https://openapi-sandbox.dl.alipaydev.com/gateway.do", "sandbox"),
        ("ALIPAY_GATEWAY", "https://openapi.alipaydev.com/gateway.do", "sandbox"),
        ("ALIPAY_GATEWAY", "https://127.0.0.1:8003/gateway.do", "sandbox"),
        ("ALIPAY_GATEWAY", "https://localhost/gateway.do", "sandbox"),
        ("ALIPAY_GATEWAY", "", "not https"),
        ("ALIPAY_APP_ID", "", "ALIPAY_APP_ID is unset"),
        ("ALIPAY_SELLER_ID", "", "ALIPAY_SELLER_ID is unset"),
        ("ALIPAY_PRIVATE_KEY", None, "ALIPAY_PRIVATE_KEY is unset"),
        ("ALIPAY_PRIVATE_KEY", OURS, "ALIPAY_PRIVATE_KEY is the tests' key"),
        ("ALIPAY_PUBLIC_KEYS", [], "ALIPAY_PUBLIC_KEYS is unset"),
        ("ALIPAY_PUBLIC_KEYS", [OTHER.public_key(), THEIRS.public_key()], "ALIPAY_PUBLIC_KEYS holds the tests' key"),
        ("ALIPAY_PUBLIC_KEYS", [KEY.public_key()], "our application's key"),
    ],
)
def test_production_refuses_what_is_missing_or_only_for_trying_and_says_which(production, setting, value, told):
    setattr(production, setting, value)
    found = checked.findings()
    assert [finding.level for finding in found] == ["unsafe"]
    assert told in found[0].sentence


def test_elsewhere_anything_goes(settings):
    settings.ALIPAY_PUBLIC_KEYS = [THEIRS.public_key()]
    assert checked.findings() == []


@pytest.fixture
def forgotten():
    """The process's one adapter is made anew, before and after."""
    providers.alipay.cache_clear()
    yield
    providers.alipay.cache_clear()


@pytest.mark.usefixtures("forgotten")
def test_the_adapter_is_made_of_the_settings_once(production):
    assert providers.alipay() is providers.alipay()
    assert providers.alipay().name == "alipay"


@pytest.mark.usefixtures("forgotten")
@pytest.mark.parametrize(("setting", "value"), [("ALIPAY_PRIVATE_KEY", None), ("ALIPAY_PUBLIC_KEYS", [])])
def test_without_keys_there_is_no_adapter(production, setting, value):
    setattr(production, setting, value)
    with pytest.raises(providers.NotConfigured):
        providers.alipay()
