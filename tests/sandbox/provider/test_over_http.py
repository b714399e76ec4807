"""The whole provider over real HTTP: query and body united, broken lines, notifications really sent, bills fetched."""

import http.client
import json
import socket
import threading
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlencode

import pytest

from tests.sandbox.provider.client import order, query_of, read_answer, read_message, signed
from tests.sandbox.provider.over_http import a_shop, ask, press, until

QUERY = {"out_trade_no": "P1"}


def now() -> datetime:
    return datetime.now(UTC)


def call(provider, method, **biz):
    pairs = signed(method, biz, now())
    return read_answer(ask(provider, "/gateway.do", urlencode(pairs).encode())[2])


def cashier(provider, number, notify_url=None, amount="120.00"):
    """Arrive as a browser does; the cashier's path."""
    more = {"return_url": "http://exam.example/return", "notify_url": notify_url}
    pairs = signed("alipay.trade.page.pay", order(number, amount), now(), **more)
    status, headers, _ = ask(provider, f"/gateway.do?{query_of(pairs)}")
    assert status == 302
    return headers["Location"]


@pytest.mark.parametrize("in_the_query", [0, 3, 99])
def test_a_call_may_be_split_between_query_and_body(provider, in_the_query):
    pairs = signed("alipay.trade.query", QUERY, now())
    query, body = pairs[:in_the_query], pairs[in_the_query:]
    form = urlencode(body).encode() if body else None
    status, headers, answer = ask(provider, f"/gateway.do?{query_of(query)}", form)
    assert status == 200
    assert headers["Content-Type"].startswith("text/html")
    assert read_answer(answer)[0]["sub_code"] == "ACQ.TRADE_NOT_EXIST"


def test_a_name_in_query_and_body_is_refused(provider):
    pairs = signed("alipay.trade.query", QUERY, now())
    answer = ask(provider, f"/gateway.do?{query_of(pairs)}", urlencode(pairs[:1]).encode())[2]
    assert read_answer(answer)[0]["code"] == "40002"


def test_a_whole_payment_with_its_way_back_notification_and_books(provider):
    with a_shop((200, b"success")) as shop:
        path = cashier(provider, "P1", shop.url)
        status, headers, _ = press(provider, path, deed="pay", fault="")
        assert status == 302
        assert read_message(headers["Location"].partition("?")[2])[1]
        until(lambda: shop.got)
    assert read_message(shop.got[0])[0]["trade_status"] == "TRADE_SUCCESS"
    assert call(provider, "alipay.trade.query", **QUERY)[0]["trade_status"] == "TRADE_SUCCESS"
    (day,) = json.loads(ask(provider, "/alipay/books.json")[2]).values()
    assert day == {"payments": 1, "paid": 12000, "refunds": 0, "refunded": 0}


def test_pressed_twice_the_payer_goes_back_again_and_pays_once(provider, desk):
    path = cashier(provider, "P1")
    places = [press(provider, path, deed="pay")[1]["Location"].partition("?")[0] for _ in range(2)]
    assert places == ["http://exam.example/return"] * 2
    assert sum(day.payments for day in desk.totals().values()) == 1


def test_a_redirect_is_no_success_and_not_followed(provider, desk):
    with a_shop((302, b"success")) as shop:
        press(provider, cashier(provider, "P1", shop.url), deed="pay")
        until(lambda: desk.notices()[0]["tries"] == 1)
        assert len(shop.got) == 1
    assert desk.notices()[0]["outcome"] is None
    assert desk.next_due() - now() > timedelta(minutes=3)


def test_send_now_tries_again_at_once(provider, desk):
    with a_shop((500, b""), (200, b"success")) as shop:
        press(provider, cashier(provider, "P1", shop.url), deed="pay")
        until(lambda: desk.notices()[0]["tries"] == 1)
        assert press(provider, f"/alipay/notices/{desk.notices()[0]['id']}/send/")[0] == 302
        until(lambda: desk.notices()[0]["outcome"] == "delivered")
    ids = {read_message(body)[0]["notify_id"] for body in shop.got}
    assert len(ids) == 1


def test_nobody_at_home_is_tried_again(provider, desk):
    press(provider, cashier(provider, "P1", "http://127.0.0.1:9/notify"), deed="pay")
    until(lambda: desk.notices()[0]["tries"] == 1)
    assert desk.notices()[0]["outcome"] is None


def test_a_bill_is_fetched_from_its_address(provider, desk, merchant):
    paid = now() - timedelta(days=3)
    merchant.pay("P1", paid)
    fields, _ = call(
        provider, "alipay.data.dataservice.bill.downloadurl.query", bill_type="trade",
        bill_date=f"{paid + timedelta(hours=8):%Y-%m-%d}",
    )  # fmt: skip
    assert fields["bill_download_url"].startswith(provider.url)
    status, headers, content = ask(provider, fields["bill_download_url"].removeprefix(provider.url))
    assert (status, headers["Content-Type"], content[:2]) == (200, "application/zip", b"PK")


# ---- What may go wrong, armed over HTTP


def arm(provider, on="alipay.trade.query", **more):
    status, _, answer = ask(provider, "/alipay/faults", json.dumps({"on": on, **more}).encode())
    return status, json.loads(answer)


def query(provider):
    return ask(provider, "/gateway.do", urlencode(signed("alipay.trade.query", QUERY, now())).encode())


def test_down_ends_the_line_without_a_byte(provider):
    assert arm(provider, name="down") == (200, {})
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError, urllib.error.URLError)):
        query(provider)
    assert query(provider)[0] == 200


def test_half_an_answer_ends_in_the_middle(provider):
    arm(provider, name="half")
    with pytest.raises(http.client.IncompleteRead):
        query(provider)


def test_slow_answers_late(provider):
    arm(provider, name="slow", seconds=0.5)
    began = time.monotonic()
    assert query(provider)[0] == 200
    assert time.monotonic() - began >= 0.5


def test_a_500_and_a_page(provider):
    arm(provider, name="500")
    arm(provider, name="html")
    assert query(provider)[0] == 500
    status, _, body = query(provider)
    assert (status, body[:9]) == (200, b"<!doctype")


def test_cleared_nothing_goes_wrong(provider):
    arm(provider, on="*", name="500", times=5)
    assert ask(provider, "/alipay/faults", method="DELETE")[0] == 200
    assert query(provider)[0] == 200


WRONG = [{"name": "nonsense"}, {}, {"name": "500", "nonsense": 1}, {"name": "500", "times": "x"}]


@pytest.mark.parametrize("wished", WRONG)
def test_a_fault_that_means_nothing_is_a_sentence(provider, wished):
    status, answer = arm(provider, **wished)
    assert status == 400
    assert answer["error"]


# ---- Doors


@pytest.mark.parametrize(("path", "status"), [
    ("/healthz", 200), ("/static/site.css", 200), ("/nowhere", 404), ("/static/../secret", 404),
    (f"/alipay/cashier/{'x' * 32}/", 404), (f"/alipay/bill/{'x' * 32}", 404), ("/alipay/faults", 405), ("/", 302),
])  # fmt: skip
def test_addresses(provider, path, status):
    assert ask(provider, path)[0] == status


def test_too_many_fields_are_refused(provider):
    assert ask(provider, "/gateway.do", "&".join(f"a{count}=1" for count in range(300)).encode())[0] == 400


def test_a_slow_merchant_delays_nobody_else(provider, desk):
    with socket.socket() as deaf, a_shop((200, b"success")) as shop:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        press(provider, cashier(provider, "P1", f"http://127.0.0.1:{deaf.getsockname()[1]}/"), deed="pay")
        until(lambda: desk.notices()[0]["in_hand"])
        press(provider, cashier(provider, "P2", shop.url), deed="pay")
        until(lambda: shop.got)
        # The deaf one still has the first in hand.
        assert [notice["in_hand"] for notice in desk.notices() if notice["out_trade_no"] == "P1"] == [1]


def test_a_body_too_large_is_refused(provider):
    request = http.client.HTTPConnection(provider.url.removeprefix("http://"), timeout=5)
    request.putrequest("POST", "/gateway.do")
    request.putheader("Content-Length", str(10**9))
    request.endheaders()
    assert request.getresponse().status == 413
    request.close()


def test_many_at_once(provider, desk):
    """Each call is one transaction of one file; none is lost, none is answered with another's."""
    paths = [cashier(provider, f"P{count}") for count in range(40)]
    threads = [threading.Thread(target=press, args=(provider, path), kwargs={"deed": "pay"}) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(day.paid for day in desk.totals().values()) == 40 * 12000
    assert len({trade["trade_no"] for trade in desk.trades()}) == 40


def test_refusals_of_an_order_are_a_page_for_the_payer(provider):
    pairs = signed("alipay.trade.page.pay", order(amount="0.00"), now())
    status, headers, body = ask(provider, f"/gateway.do?{query_of(pairs)}")
    assert status == 200
    assert "ACQ.INVALID_PARAMETER" in body.decode()
    assert "Location" not in headers


def test_a_changed_order_is_not_shown(provider):
    pairs = dict(signed("alipay.trade.page.pay", order(), now()))
    pairs["biz_content"] = pairs["biz_content"].replace("120.00", "0.01")
    assert "isv.invalid-signature" in ask(provider, f"/gateway.do?{urlencode(pairs)}")[2].decode()


def test_leaving_leads_back_without_a_word_about_payment(provider):
    _, headers, _ = press(provider, cashier(provider, "P1"), deed="leave")
    assert headers["Location"] == "http://exam.example/return"
    assert dict(parse_qsl(headers["Location"].partition("?")[2])) == {}
