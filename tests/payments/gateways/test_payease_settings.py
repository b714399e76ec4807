"""PayEase's settings: read strictly, made into an adapter or left out, refused in production when only for trying."""

import pytest

from baokao.config import env, payease, rsa
from baokao.core.checks import payease as checked
from baokao.payments.gateways import providers
from tests.payments.gateways.payease import ACCOUNT, KEY, MODULUS, PUBLIC_KEY, VECTORS

TEXT = VECTORS["rsa_key_for_v_sign"]["public_key_file_text"]
OTHER = rsa.numbered_key("K", {"K": f"m={MODULUS - 2:x};e=010001;"})


@pytest.mark.parametrize("text", ["short", "k y", "aaaa1,bbbb2,cccc3", "密钥密钥密钥密钥", "a-b-c-d-e"])
def test_keys_that_are_none_or_too_many_stop_the_start_and_are_not_shown(text):
    text = "aaa" if text == "short" else text
    with pytest.raises(env.BadSetting) as stopped:
        payease.keys("BAOKAO_PAYEASE_KEYS", {"BAOKAO_PAYEASE_KEYS": text})
    assert text not in str(stopped.value)


def test_two_keys_are_read_in_their_order():
    assert payease.keys("K", {"K": f"{KEY}, another1another1"}) == [KEY.encode(), b"another1another1"]
    assert payease.keys("K", {}) == []


@pytest.mark.parametrize(
    "text", ["m=zz;e=010001;", "m=01;e=010001;", TEXT.replace("e=010001", "e=2"), "nonsense", TEXT * 2]
)
def test_a_key_file_that_is_none_stops_the_start(text):
    with pytest.raises(env.BadSetting):
        rsa.numbered_key("K", {"K": text})


@pytest.mark.parametrize("text", ["88-8", "mid", "8" * 13])
def test_a_merchant_number_that_is_none_stops_the_start(text):
    with pytest.raises(env.BadSetting):
        payease.merchant("K", {"K": text})


def test_the_banks_are_data_with_a_default():
    usual = payease.banks("K", {})
    assert (usual["85"], "205" in usual, len(usual)) == ("中国银行", False, 17)
    assert payease.banks("K", {"K": "254:微信扫码,85:中国银行"}) == {"254": "微信扫码", "85": "中国银行"}


@pytest.mark.parametrize("text", ["85", "85=中国银行", "85:", "x:中国银行", "85:<b>"])
def test_banks_of_another_form_stop_the_start(text):
    with pytest.raises(env.BadSetting):
        payease.banks("K", {"K": text})


@pytest.fixture
def production(settings):
    settings.PRODUCTION = True
    settings.PAYEASE_GATEWAY, settings.PAYEASE_API = "https://pay.yizhifubj.com", "https://api.yizhifubj.com"
    settings.PAYEASE_MERCHANT, settings.PAYEASE_KEYS = "20001", [b"k3y0fTheMerchant"]
    settings.PAYEASE_PUBLIC_KEY, settings.PAYEASE_REFUND_OPERATOR = OTHER, "1001"
    return settings


def test_sound_settings_have_nothing_unsafe(production):
    assert list(checked.findings()) == []


def test_payease_may_be_left_out_as_a_whole(settings):
    settings.PRODUCTION, settings.PAYEASE_MERCHANT, settings.PAYEASE_KEYS = True, "", []
    assert list(checked.findings()) == []


@pytest.mark.parametrize(
    ("setting", "value", "told"),
    [
        ("PAYEASE_GATEWAY", "http://pay.yizhifubj.com", "PAYEASE_GATEWAY is not https"),
        ("PAYEASE_API", "http://api.yizhifubj.com", "PAYEASE_API is not https"),
        ("PAYEASE_API", "https://127.0.0.1:8003", "the sandbox"),
        ("PAYEASE_MERCHANT", "", "PAYEASE_MERCHANT is unset"),
        ("PAYEASE_MERCHANT", "888", "for trying"),
        ("PAYEASE_REFUND_OPERATOR", "", "no money can go back"),
        ("PAYEASE_KEYS", [], "PAYEASE_KEYS is unset"),
        ("PAYEASE_KEYS", [b"k3y0fTheMerchant", KEY.encode()], "a test key"),
        ("PAYEASE_KEYS", [b"test"], "a test key"),
        ("PAYEASE_KEYS", [b"tooShort"], "can be guessed"),
        ("PAYEASE_PUBLIC_KEY", PUBLIC_KEY, "the tests' key"),
    ],
)
def test_production_refuses_what_is_missing_or_only_for_trying_and_says_which(production, setting, value, told):
    setattr(production, setting, value)
    [found] = checked.findings()
    assert (found.level, told in found.sentence) == ("unsafe", True)


def test_without_the_key_file_production_starts_and_is_warned(production):
    production.PAYEASE_PUBLIC_KEY = None
    [found] = checked.findings()
    assert (found.level, "Public1024.key" in found.sentence) == ("warning", True)


@pytest.fixture
def forgotten():
    """The process's one adapter is made anew, before and after."""
    providers.payease.cache_clear()
    yield
    providers.payease.cache_clear()


@pytest.mark.usefixtures("forgotten")
def test_the_adapter_is_made_of_the_settings_once(production):
    found = providers.payease()
    assert found is providers.payease()
    assert (found.name, found.origin, found.banks["85"]) == ("payease", "https://pay.yizhifubj.com", "中国银行")


@pytest.mark.usefixtures("forgotten")
@pytest.mark.parametrize(("setting", "value"), [("PAYEASE_MERCHANT", ""), ("PAYEASE_KEYS", [])])
def test_without_merchant_or_key_there_is_no_adapter(production, setting, value):
    setattr(production, setting, value)
    with pytest.raises(providers.NotConfigured):
        providers.payease()


def test_secrets_are_not_shown_where_an_account_is_written_down():
    assert KEY not in repr(ACCOUNT)
