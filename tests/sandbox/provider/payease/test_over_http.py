"""首信易支付 over real HTTP: browsers' forms, calls sent in three ways, notifications really sent, books and keys."""

import http.client
import json
import sqlite3
import threading
import time
import urllib.error
from datetime import UTC, datetime, timedelta
from urllib.parse import quote_plus, urlencode

import pytest

from tests.sandbox.provider.client import BEIJING
from tests.sandbox.provider.conftest import serving_with_its_sender
from tests.sandbox.provider.over_http import a_shop, ask, press, until
from tests.sandbox.provider.payease.client import (
    GOOD,
    MID,
    OPERATOR,
    RETURN,
    VECTORS,
    PayEaseMerchant,
    a_desk,
    fields_of,
    is_message,
    is_signed,
    mac,
    order,
    read_xml,
    told,
)

# Once for all, so that a midnight in between changes no number.
TODAY = f"{datetime.now(BEIJING):%Y%m%d}"
REFUND, QUERY = "/merchant/refund/ref_ack_submit.jsp", "/merchant/order/order_ack_oid_list.jsp"


def now() -> datetime:
    return datetime.now(UTC)


def number(serial="P1") -> str:
    return f"{TODAY}-{MID}-{serial}"


def cashier(provider, serial="P1", page="/prs/user_payment.checkit", **more):
    """Arrive as a browser does; the cashier's path."""
    status, headers, _ = ask(provider, page, urlencode(order(number(serial), **more)).encode())
    assert status == 302
    return headers["Location"]


def states(provider, serial="P1") -> list[str]:
    asked = urlencode({"v_mid": MID, "v_oid": number(serial), "v_mac": mac(MID, number(serial))})
    return [row.find("pstatus").text for row in read_xml(ask(provider, f"{QUERY}?{asked}")[2]).find("messagebody")]


@pytest.mark.parametrize(("page", "more"), [
    ("/prs/user_payment.checkit", {}), ("/customer/gb/pay_bank.jsp", {"v_pmode": "85"}),
    ("/customer/gb/pay_bank_utf8.jsp", {"v_pmode": "85"}), ("/customer/gb/pay_mobile.jsp", {}),
])  # fmt: skip
def test_s1_every_payment_page_leads_to_the_cashier_by_post_and_by_get(provider, page, more):
    assert cashier(provider, page=page, **more).startswith("/payease/cashier/")
    status, headers, _ = ask(provider, f"{page}?{urlencode(order(number('P2'), **more))}")
    assert (status, headers["Location"].startswith("/payease/cashier/")) == (302, True)


def test_a_changed_order_is_a_page_for_the_payer(provider):
    status, headers, body = ask(
        provider, "/prs/user_payment.checkit", urlencode(order(number()) | {"v_amount": "0.01"}).encode()
    )
    assert (status, "Location" in headers) == (200, False)
    assert "v_md5info：数字指纹不符" in body.decode()


@pytest.mark.parametrize("by", ["GET", "POST"])
def test_a_whole_payment_with_its_way_back_notification_and_books(port, by):
    with a_shop((200, b"sent")) as shop:
        desk = a_desk(base_url=f"http://127.0.0.1:{port}", notify_url=shop.url, notify_by=by)
        with serving_with_its_sender(desk, port) as provider:
            _, headers, _ = press(provider, cashier(provider), deed="pay", bank="85", fault="")
            place, _, query = headers["Location"].partition("?")
            assert place == RETURN
            assert is_message(query, notification=False) == GOOD
            assert fields_of(query)["v_pmode"] == "中国银行"
            until(lambda: shop.got and desk.notices()[0]["outcome"] == "delivered")
            assert (shop.methods, len(shop.got)) == ([by], 1)
            assert is_message(shop.got[0], notification=True) == GOOD
            assert states(provider) == ["1"]
            (day,) = json.loads(ask(provider, "/payease/books.json")[2]).values()
            assert day == {"payments": 1, "paid": 12000, "refunds": 0, "refunded": 0}
        desk.close()


def test_two_orders_really_sent_in_one_message(port):
    with a_shop((200, b"sent")) as shop:
        desk = a_desk(base_url=f"http://127.0.0.1:{port}", notify_url=shop.url, join_pause=timedelta(seconds=0.5))
        with serving_with_its_sender(desk, port) as provider:
            paths = [cashier(provider, serial) for serial in ("P1", "P2")]
            press(provider, paths[0], deed="pay", fault="joined")
            press(provider, paths[1], deed="refuse", fault="joined")
            until(lambda: shop.got)
        desk.close()
    assert fields_of(shop.got[0])["v_pstatus"] == "1|_|3"


@pytest.mark.parametrize("how", ["form", "query", "post with a query"])
def test_s7_1_a_refund_asked_in_three_ways(provider, desk, merchant, how):
    oid = number()
    merchant.pay(oid, now())
    asked = {"v_mid": MID, "v_oid": oid, "v_refamount": "1.00", "v_refoprt": OPERATOR}
    text = urlencode(asked | {"v_mac": mac(*asked.values())}) + "&v_refreason=" + quote_plus("取消".encode("gb2312"))
    path, body = (REFUND, text.encode()) if how == "form" else (f"{REFUND}?{text}", None)
    _, headers, answer = ask(provider, path, b"" if how.startswith("post") else body)
    assert headers["Content-Type"] == "text/xml; charset=GB2312"
    fields = told(read_xml(answer))
    assert fields["status"] == "0"
    assert is_signed(
        fields["sign"], *(fields[name] for name in ("status", "mid", "oid", "refamount", "refoprt", "refid"))
    )
    assert merchant.refunds(oid, now())[1][0]["refreason"] == "取消"


def test_pressed_twice_the_payer_goes_back_again_and_pays_once(provider, desk):
    path = cashier(provider)
    places = [press(provider, path, deed="pay")[1]["Location"].partition("?")[0] for _ in range(2)]
    assert places == [RETURN] * 2
    assert sum(day.payments for day in desk.totals().values()) == 1


def test_leaving_leads_back_without_a_word_about_payment(provider, desk):
    assert press(provider, cashier(provider), deed="leave")[1]["Location"] == RETURN
    assert states(provider) == ["2"]


def test_paid_and_the_browser_closed(provider, desk):
    status, headers, body = press(provider, cashier(provider), deed="pay", fault="no-return")
    assert (status, "Location" in headers) == (200, False)
    assert "浏览器不返回商户" in body.decode()
    assert states(provider) == ["1"]
    assert len(desk.notices()) == 1


def test_submitted_the_browser_returns_with_one(provider):
    _, headers, _ = press(provider, cashier(provider), deed="submit")
    assert "&v_pstatus=1&" in headers["Location"]
    assert states(provider) == ["9"]


def test_a_page_left_open_while_the_bank_decides_says_so(provider):
    path = cashier(provider)
    press(provider, path, deed="submit")
    assert "等待结果" in ask(provider, path)[2].decode()


def test_s3_2_the_key_file_is_there_to_fetch(provider):
    _, headers, body = ask(provider, "/payease/Public1024.key")
    assert headers["Content-Type"].startswith("text/plain")
    assert body.decode() == VECTORS["rsa_key_for_v_sign"]["public_key_file_text"]


# ---- What may go wrong, armed over HTTP


def arm(provider, **more):
    status, _, answer = ask(provider, "/payease/faults", json.dumps({"on": "query", **more}).encode())
    return status, json.loads(answer)


def test_down_half_slow_500_and_a_page(provider):
    for more in (
        {"name": "down"},
        {"name": "half"},
        {"name": "slow", "seconds": 0.3},
        {"name": "500"},
        {"name": "html"},
    ):
        assert arm(provider, **more) == (200, {})
    path = f"{QUERY}?{urlencode({'v_mid': MID, 'v_oid': number(), 'v_mac': mac(MID, number())})}"
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError, urllib.error.URLError)):
        ask(provider, path)
    with pytest.raises(http.client.IncompleteRead):
        ask(provider, path)
    began = time.monotonic()
    assert ask(provider, path)[0] == 200
    assert time.monotonic() - began >= 0.3
    assert ask(provider, path)[0] == 500
    assert ask(provider, path)[2][:9] == b"<!doctype"
    assert ask(provider, path)[2][:5] == b"<?xml"


@pytest.mark.parametrize(
    "wished", [{"name": "nonsense"}, {}, {"name": "500", "nonsense": 1}, {"name": "refuse", "word": "x"}]
)
def test_a_fault_that_means_nothing_is_a_sentence(provider, wished):
    status, answer = arm(provider, **wished)
    assert status == 400
    assert answer["error"]


def test_disarmed_nothing_goes_wrong(provider):
    arm(provider, name="500", times=5)
    assert ask(provider, "/payease/faults", method="DELETE")[0] == 200
    assert states(provider) == []


# ---- Doors, and many at once


@pytest.mark.parametrize(("path", "status"), [
    ("/", 302), ("/payease/books/", 200), ("/payease/notices/", 200), (f"/payease/cashier/{'x' * 32}/", 404),
    ("/payease/faults", 405), ("/payease/statement/20261131.csv", 404), ("/gateway.do", 404),
    ("/customer/gb/pay_member.jsp", 404), ("/merchant/order/order_ack_oid_list_jsp", 404),
])  # fmt: skip
def test_addresses(provider, path, status):
    assert ask(provider, path)[0] == status


def test_many_at_once_each_paid_once(provider, desk):
    paths = [cashier(provider, f"P{count}") for count in range(20)]
    threads = [
        threading.Thread(target=press, args=(provider, path), kwargs={"deed": "pay"})
        for path in paths
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(day.paid for day in desk.totals().values()) == 20 * 12000


def test_the_books_are_read_by_others_while_somebody_writes(tmp_path):
    """A reader of the file waits for no lock and sees what was committed, whole."""
    desk = a_desk(tmp_path / "books.sqlite")
    PayEaseMerchant(desk).pay(number(), now())
    with desk._store.deal() as books:
        books.execute("UPDATE trade SET amount = 1")
        with sqlite3.connect(f"file:{tmp_path / 'books.sqlite'}?mode=ro", uri=True, timeout=0) as reader:
            assert reader.execute("SELECT sum(amount) FROM trade").fetchone() == (12000,)
        reader.close()
    desk.close()
