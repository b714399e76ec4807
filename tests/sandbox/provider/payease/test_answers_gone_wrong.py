"""Every fault of an answer: what is done, what is said, and how the line ends."""

import pytest

from baokao.sandbox.provider.payease.wire import TEXTS
from tests.sandbox.provider.client import TEN
from tests.sandbox.provider.payease.client import MID, OID, OPERATOR, is_signed, mac, read_xml, told

FIELDS = (
    ("v_mid", MID), ("v_oid", OID), ("v_refamount", "120.00"), ("v_refoprt", OPERATOR),
    ("v_mac", mac(MID, OID, "120.00", OPERATOR)),
)  # fmt: skip
QUERY = (("v_mid", MID), ("v_oid", OID), ("v_mac", mac(MID, OID)))
SIGNED = ("status", "mid", "oid", "refamount", "refoprt", "refid")


@pytest.fixture
def refunding(desk, merchant):
    """Arm a fault for the next refund and ask for it; the answer, and whether money moved."""
    merchant.pay(OID, TEN)

    def refund(name, **more):
        desk.arm("refund", name, **more)
        answer = desk.call("refund", FIELDS, TEN)
        return answer, desk.totals()["2026-11-23"].refunded == 12000

    return refund


def read(answer):
    fields = told(read_xml(answer.body))
    return fields, is_signed(fields.get("sign", ""), *(fields[name] for name in SIGNED))


def test_control_without_a_fault_the_answer_is_good(desk, merchant):
    merchant.pay(OID, TEN)
    assert merchant.refund(OID, "120.00", TEN)["status"] == "0"


@pytest.mark.parametrize("after", [False, True])
def test_down_before_the_deed_or_with_its_answer_lost(refunding, after):
    answer, moved = refunding("down", after=after, seconds=2)
    assert (answer.mishap.kind, answer.mishap.seconds) == ("drop", 2)
    assert moved is after


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(("name", "status"), [("500", 500), ("html", 200)])
def test_a_page_instead_of_an_answer(refunding, name, status, after):
    answer, moved = refunding(name, after=after)
    assert (answer.status, answer.body[:1]) == (status, b"<")
    assert b"refmessage" not in answer.body
    assert moved is after


@pytest.mark.parametrize("after", [False, True])
def test_s7_1_system_error_before_or_after_doing(refunding, after):
    answer, moved = refunding("refuse", after=after)
    fields, good = read(answer)
    assert (fields["status"], fields["statusdesc"], fields["refid"], good) == ("10", "(10)System error", "", True)
    assert moved is after


@pytest.mark.parametrize(("number", "word"), list(enumerate(TEXTS, 1)))
def test_s7_1_refused_in_any_of_the_operators_words(refunding, number, word):
    answer, moved = refunding("refuse", word=word)
    fields, good = read(answer)
    assert (fields["status"], fields["statusdesc"], good) == (str(number), f"({number}){word}", True)
    assert not moved


@pytest.mark.parametrize(("name", "kind"), [("slow", "late"), ("half", "half")])
def test_late_and_half_answers_after_the_deed(refunding, name, kind):
    answer, moved = refunding(name, seconds=1)
    assert answer.mishap.kind == kind
    assert read(answer)[1]
    assert moved


@pytest.mark.parametrize("name", ["bad-signature", "other-key", "unsigned"])
def test_signed_wrongly(refunding, name):
    answer, moved = refunding(name)
    fields, good = read(answer)
    assert (fields["status"], good) == ("0", False)
    assert ("sign" in fields) is (name != "unsigned")
    assert moved


@pytest.mark.parametrize(("name", "field", "value"), [
    ("wrong-amount", "refamount", "120.01"), ("other-order", "oid", "20261123-888-NOBODYS00001"),
])  # fmt: skip
def test_signed_well_but_wrong(refunding, name, field, value):
    fields, good = read(refunding(name)[0])
    assert (fields[field], good) == (value, True)


def test_s7_3_after_a_lost_answer_the_refund_query_knows_what_happened(merchant, refunding):
    refunding("down", after=True)
    _, (row,) = merchant.refunds(OID, TEN)
    assert (row["refamount"], row["refstatus"]) == ("120.00", "0")


def test_s8_a_paid_order_of_which_nothing_is_known_for_a_while(desk, merchant):
    merchant.pay(OID, TEN)
    desk.arm("query", "not-known", times=2)
    assert [merchant.states(OID, TEN) for _ in range(3)] == [["2"], ["2"], ["1"]]


@pytest.mark.parametrize(("name", "field", "value"), [
    ("wrong-amount", "amount", "120.01"), ("other-order", "oid", "20261123-888-NOBODYS00001"),
])  # fmt: skip
def test_a_query_signed_well_but_wrong(desk, merchant, name, field, value):
    merchant.pay(OID, TEN)
    desk.arm("query", name)
    assert merchant.query(OID, TEN)[1][0][field] == value


def test_faults_are_used_up_in_their_order_and_only_by_their_call_and_order(desk, merchant):
    merchant.pay(OID, TEN)
    desk.arm("query", "500", times=2, v_oid=OID)
    assert merchant.query("20261123-888-REG0002", TEN)[0]["status"] == "0"
    assert [desk.call("query", QUERY, TEN).status for _ in range(3)] == [500, 500, 200]


def test_any_call_means_any_and_disarmed_nothing_goes_wrong(desk, merchant):
    merchant.pay(OID, TEN)
    desk.arm("*", "500", times=9)
    assert [desk.call(kind, fields, TEN).status for kind, fields in (("query", QUERY), ("refund", FIELDS))] == [500] * 2
    desk.disarm()
    assert merchant.states(OID, TEN) == ["1"]


def test_a_call_that_is_none_uses_no_fault_up(desk, merchant):
    merchant.pay(OID, TEN)
    desk.arm("query", "500")
    assert merchant.query(OID, TEN, v_mac="0" * 32)[0]["status"] == "4"
    assert desk.call("query", QUERY, TEN).status == 500


@pytest.mark.parametrize("more", [
    {"name": "nonsense"}, {"name": "duplicate"}, {"name": "500", "times": 0}, {"name": "refuse", "word": "No"},
])  # fmt: skip
def test_a_fault_that_means_nothing_is_refused(desk, more):
    with pytest.raises(ValueError, match="there are"):
        desk.arm("refund", **more)
