"""§2: a browser's form, checked field by field; a number comes again with the same fields only."""

from datetime import timedelta

import pytest

from baokao.sandbox.provider.payease.wire import Unpayable
from tests.sandbox.provider.client import TEN
from tests.sandbox.provider.payease.client import KEY, OID, mac, order

CHECKIT, DIRECT = "user_payment.checkit", ["pay_bank.jsp", "pay_bank_utf8.jsp"]


def refused(desk, fields, page=CHECKIT, now=TEN):
    """Which field was refused."""
    pairs = fields if isinstance(fields, tuple) else tuple(fields.items())
    with pytest.raises(Unpayable) as found:
        desk.arrive(page, pairs, now)
    return found.value.field


@pytest.mark.parametrize("page", [CHECKIT, *DIRECT, "pay_mobile.jsp"])
def test_every_page_takes_a_sound_order(desk, merchant, page):
    token = merchant.send(order(v_pmode="85"), TEN, page)
    visit = desk.visit(token, TEN)
    assert visit.row["amount"] == 12000
    assert visit.bank == ("" if page == CHECKIT else "85")


@pytest.mark.parametrize("page", DIRECT)
@pytest.mark.parametrize("bank", [None, "", "205", "9 ", "招商银行"])
def test_a_direct_page_needs_a_known_bank(desk, page, bank):
    assert refused(desk, order(v_pmode=bank), page) == "v_pmode"


def test_a_phone_may_leave_the_choice_to_the_payer_but_names_no_unknown_bank(desk, merchant):
    assert desk.visit(merchant.send(order(), TEN, "pay_mobile.jsp"), TEN).bank == ""
    assert refused(desk, order(v_pmode="205"), "pay_mobile.jsp") == "v_pmode"


MUST = [name for name in order() if name != "v_md5info"]


@pytest.mark.parametrize("name", [*MUST, "v_md5info"])
@pytest.mark.parametrize("value", [None, ""])
def test_every_field_must_be_there(desk, name, value):
    fields = order() | {name: value}
    assert refused(desk, {key: told for key, told in fields.items() if told is not None}) == name


WRONG = [
    {"v_mid": "889"}, {"v_mid": "444"}, {"v_ymd": "20261122"}, {"v_ymd": "2026-1-1"}, {"v_ymd": "20261131"},
    {"v_orderstatus": "2"}, {"v_moneytype": "1"}, {"v_moneytype": "00"}, {"v_rcvname": "x" * 21},
    {"v_rcvaddr": "x" * 101}, {"v_rcvtel": "1" * 21}, {"v_rcvpost": "1" * 11}, {"v_ordername": "x" * 21},
    {"v_url": "/pay"}, {"v_url": "javascript:alert(1)"}, {"v_url": "http://exam.example/r?x=1"},
    {"v_url": "http://exam.example/r#x"}, {"v_url": "http://exam.example/r\r\nX: 1"}, {"v_md5info": "0" * 32},
    {"v_url": "http://exam.example/" + "x" * 250},
]  # fmt: skip


@pytest.mark.parametrize("more", WRONG, ids=str)
def test_a_field_of_another_form_is_refused(desk, more):
    (name,) = more
    # Of a day that is not the number's, the number is to blame.
    assert refused(desk, order(**more)) == ("v_oid" if more == {"v_ymd": "20261122"} else name)


@pytest.mark.parametrize("amount", ["120", "120.0", "120.000", "0.00", "-1.00", "1e2", "01.00", "1,000.00", " 1.00",
                                    "1234567890.00", "１.00"])  # fmt: skip
def test_an_amount_of_another_form_is_refused(desk, amount):
    assert refused(desk, order(amount=amount)) == "v_amount"


@pytest.mark.parametrize("amount", ["0.01", "999999999.99"])
def test_the_least_and_the_largest_amounts_are_taken(merchant, amount):
    merchant.send(order(amount=amount), TEN)


@pytest.mark.parametrize("number", [
    "20261123-889-REG0001", "20261123-888-", "20261123-888-REG-1", "20261123-888", "20261123-888-REG_1",
    f"20261123-888-{'1' * 21}", "20261123-888-报名", "20261123-888-REG0001\n", "20261122-888-REG0001",
])  # fmt: skip
def test_a_number_of_another_form_is_refused(desk, number):
    assert refused(desk, order(number, v_ymd="20261123")) == "v_oid"


@pytest.mark.parametrize(("hours", "taken"), [(-35, False), (-33, True), (37, True), (39, False)])
def test_the_day_is_todays_or_its_neighbours(desk, merchant, hours, taken):
    now = TEN + timedelta(hours=hours)
    if taken:
        merchant.send(order(), now)
    else:
        assert refused(desk, order(), now=now) == "v_ymd"


@pytest.mark.parametrize("name", ["v_moneytype", "v_ymd", "v_amount", "v_rcvname", "v_oid", "v_mid", "v_url"])
def test_no_field_of_the_digest_can_be_changed(desk, name):
    other = {
        "v_moneytype": "1", "v_ymd": "20261124", "v_amount": "0.01", "v_rcvname": "889", "v_mid": "889",
        "v_oid": "20261123-888-REG0002", "v_url": "http://evil.example/",
    }[name]  # fmt: skip
    assert refused(desk, order() | {name: other}) in (name, "v_md5info", "v_oid")


def test_letters_of_the_digest_may_be_large(merchant):
    fields = order()
    merchant.send(fields | {"v_md5info": fields["v_md5info"].upper()}, TEN)


def test_a_field_given_twice_is_refused(desk):
    assert refused(desk, (*order().items(), ("v_amount", "120.00"))) == "v_amount"


def test_what_the_protocol_has_besides_is_no_matter(merchant):
    merchant.send(order(v_idname="x", v_userref="x", v_merdata5="x"), TEN)


@pytest.mark.parametrize(("page", "charset"), [("pay_bank.jsp", "gb18030"), ("pay_bank_utf8.jsp", "utf-8")])
def test_the_digest_is_of_the_bytes_in_the_pages_charset(desk, merchant, page, charset):
    other = "utf-8" if charset == "gb18030" else "gb18030"
    digests = [
        mac("0", "20261123", "120.00", "张三".encode(name), OID, "888", order()["v_url"]) for name in (charset, other)
    ]
    fields = order(v_pmode="9") | {"v_rcvname": "张三"}
    assert refused(desk, fields | {"v_md5info": digests[1]}, page) == "v_md5info"
    merchant.send(fields | {"v_md5info": digests[0]}, TEN, page)


def test_the_same_order_again_is_shown_again(desk, merchant):
    first, second = merchant.send(order(), TEN), merchant.send(order(), TEN)
    assert first != second
    desk.pay(second, TEN)
    assert desk.visit(first, TEN).refused.reason == "订单已支付"
    assert len(desk.trades()) == 1


@pytest.mark.parametrize("more", [{"amount": "120.01"}, {"v_rcvtel": "1"}, {"v_ordername": "x"}])
def test_the_same_number_with_other_fields_is_refused(desk, merchant, more):
    merchant.send(order(), TEN)
    assert refused(desk, order(**more)) == "v_oid"


def test_a_paid_number_is_refused(desk, merchant):
    merchant.pay(OID, TEN)
    assert refused(desk, order()) == "v_oid"


def test_the_key_of_the_vectors_is_used_and_no_other(desk):
    assert KEY.isalnum()
    fields = order()
    assert refused(desk, fields | {"v_md5info": fields["v_md5info"][::-1]}) == "v_md5info"
