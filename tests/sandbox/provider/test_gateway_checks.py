"""What the gateway checks before any method is asked, in its order and in the vendor's words."""

from datetime import timedelta

import pytest

from tests.sandbox.provider.client import APP_KEY, GATEWAY_KEY, NOTIFY, TEN, order, read_answer, signed

QUERY = {"out_trade_no": "REG202611230001"}


def asked(desk, pairs, now=TEN):
    return read_answer(desk.gateway(pairs, now).body)


def words(answer):
    return answer["code"], answer["sub_code"]


def test_a_sound_request_comes_as_far_as_the_books(desk):
    answer, good = asked(desk, signed("alipay.trade.query", QUERY, TEN))
    assert words(answer) == ("40004", "ACQ.TRADE_NOT_EXIST")
    assert answer["msg"] == "Business Failed"
    assert good


WRONG = {
    "no method": ({"method": None}, "40001", "isv.missing-method"),
    "unknown method": ({"method": "alipay.trade.steal"}, "40002", "isv.invalid-method"),
    "a pay method from a server": ({"method": "alipay.trade.page.pay"}, "40002", "isv.invalid-method"),
    "no sign type": ({"sign_type": None}, "40001", "isv.missing-signature-type"),
    "SHA-1": ({"sign_type": "RSA"}, "40002", "isv.invalid-signature-type"),
    "other charset": ({"charset": "gbk"}, "40002", "isv.invalid-charset"),
    "other format": ({"format": "XML"}, "40002", "isv.invalid-format"),
    "no version": ({"version": None}, "40001", "isv.missing-version"),
    "other version": ({"version": "2.0"}, "40002", "isv.invalid-parameter"),
    "no timestamp": ({"timestamp": None}, "40001", "isv.missing-timestamp"),
    "timestamp of another form": ({"timestamp": "2026-11-23T10:00:00"}, "40002", "isv.invalid-timestamp"),
    "no signature": ({"sign": ""}, "40001", "isv.missing-signature"),
    "no base64": ({"sign": "abc"}, "40002", "isv.invalid-signature"),
    "too long": ({"charset": "utf-8      "}, "40002", "isv.invalid-parameter"),
    "no content": ({"biz_content": None}, "40001", "isv.missing-parameter"),
    "content that is no JSON": ({"biz_content": "{"}, "40002", "isv.invalid-parameter"),
    "content that is no object": ({"biz_content": "[]"}, "40002", "isv.invalid-parameter"),
    "content with a name twice": ({"biz_content": '{"a":"1","a":"2"}'}, "40002", "isv.invalid-parameter"),
    "an address that is none": ({"notify_url": "javascript:alert(1)"}, "40002", "isv.invalid-parameter"),
    "an address with a line's end": (
        {"notify_url": "http://exam.example/x\r\nSet-Cookie: x"},
        "40002",
        "isv.invalid-parameter",
    ),
    "an address without a host": ({"return_url": "http:///x"}, "40002", "isv.invalid-parameter"),
    "an address that is no address": ({"return_url": "http://[x/"}, "40002", "isv.invalid-parameter"),
    "half a character": ({"biz_content": '{"out_trade_no":"\\ud800"}'}, "40002", "isv.invalid-parameter"),
    "an address with a reserved name": ({"notify_url": f"{NOTIFY}?method=x"}, "40002", "isv.suspected-attack"),
}


@pytest.mark.parametrize("case", WRONG, ids=str)
def test_refused_and_signed_because_the_application_is_known(desk, case):
    more, code, sub_code = WRONG[case]
    answer, good = asked(desk, signed("alipay.trade.query", QUERY, TEN, **more))
    assert words(answer) == (code, sub_code)
    assert good


def test_an_unknown_application_is_refused_without_a_signature(desk):
    pairs = signed("alipay.trade.query", QUERY, TEN, app_id="9021000100000002")
    answer, good = asked(desk, pairs)
    assert words(answer) == ("40002", "isv.invalid-app-id")
    assert not good
    assert b'"sign"' not in desk.gateway(pairs, TEN).body


def test_no_application_is_refused_without_a_signature(desk):
    answer, good = asked(desk, signed("alipay.trade.query", QUERY, TEN, app_id=None))
    assert words(answer) == ("40001", "isv.missing-app-id")
    assert not good


def test_a_name_given_twice_is_refused(desk):
    answer, _ = asked(desk, (*signed("alipay.trade.query", QUERY, TEN), ("charset", "utf-8")))
    assert answer["code"] == "40002"


@pytest.mark.parametrize(("hours", "taken"), [(-25, False), (-23, True), (23, True), (25, False)])
def test_a_moment_more_than_a_day_away_is_refused(desk, hours, taken):
    answer, _ = asked(desk, signed("alipay.trade.query", QUERY, TEN + timedelta(hours=hours)))
    assert (answer["sub_code"] != "isv.invalid-timestamp") is taken


def test_a_signature_by_another_key_shows_what_was_verified(desk):
    answer, good = asked(desk, signed("alipay.trade.query", QUERY, TEN, key=GATEWAY_KEY))
    assert words(answer) == ("40002", "isv.invalid-signature")
    assert 'biz_content={"out_trade_no": "REG202611230001"}&charset=utf-8' in answer["sub_msg"]
    assert good


@pytest.mark.parametrize("name", [name for name, _ in signed("alipay.trade.query", QUERY, TEN) if name != "sign"])
def test_no_parameter_can_be_changed_after_signing(desk, name):
    changed = tuple(
        (key, value if key != name else {"timestamp": "2026-11-23 10:00:01"}.get(name, f"{value} "))
        for key, value in signed("alipay.trade.query", QUERY, TEN, key=APP_KEY)
    )
    answer, _ = asked(desk, changed)
    assert answer["code"] == "40002"


def test_an_empty_parameter_counts_for_nothing(desk):
    answer, _ = asked(desk, signed("alipay.trade.query", QUERY, TEN, app_auth_token=""))
    assert answer["sub_code"] == "ACQ.TRADE_NOT_EXIST"


def test_braces_quotes_and_letters_of_every_kind_stay_well_signed(desk, merchant):
    desk.pay(merchant.send(order(subject='}{"\\"}】𠮷"'), TEN), TEN)
    assert merchant.query("REG202611230001", TEN)["trade_status"] == "TRADE_SUCCESS"
