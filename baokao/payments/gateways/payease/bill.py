"""The payments and refunds of a day (rule D7), where the operator lists them."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal

from baokao.core.zone import SHANGHAI
from baokao.payments.gateways.contract import NUMBER, BillLine, LineKind, State, TooLong, Unknown
from baokao.payments.gateways.payease import trades
from baokao.payments.gateways.payease.answers import Answer
from baokao.payments.gateways.payease.api import ORDERS_OF_A_DAY, REFUNDS_OF_A_DAY, VERSION, Api
from baokao.payments.gateways.values import yuan

_KINDS = {"0": LineKind.REFUND, "1": LineKind.REFUND}
_REJECTED = "3"


def lines(api: Api, day: date) -> Iterator[BillLine]:
    """The lines of a day: the orders of that day that are paid, and the refunds asked for on it.

    PayEase tells no time of a payment, so each line is of its day's midnight, and it tells no fees. `Unknown` where the
    operator has no such list, or one too long for an answer, as of some two thousand orders, which can't be asked for
    in parts: then the finance staff upload the file of the operator's own pages.
    """
    if not api.account.day_lists:
        raise Unknown("PayEase hands out no bill; upload the file of its merchant pages.")
    at = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
    for row in _listed(api, ORDERS_OF_A_DAY, day, {}).rows:
        fact = trades.fact(api.account, row)
        if fact.state is State.PAID:
            amount = fact.amount or Decimal(0)
            yield BillLine(LineKind.PAYMENT, fact.number, fact.trade, "", amount, Decimal(0), at, "支付")
    for row in _listed(api, REFUNDS_OF_A_DAY, day, {"v_version": VERSION}).rows:
        if row.get("refstatus") != _REJECTED:
            yield _refund(api, row, at)


def _listed(api: Api, path: str, day: date, more: Mapping[str, str]) -> Answer:
    try:
        answer = api.call(path, {"v_ymd": f"{day:%Y%m%d}"}, repeat=True, unsigned=more)
    except TooLong as long:
        raise Unknown(f"{str(long).rstrip('.')}; upload the file of PayEase's merchant pages for this day.") from long
    if answer.head.get("status") != "0":
        raise Unknown(f"The provider refused the question ({answer.trouble}).")
    answer.require(mid=api.account.merchant)
    return answer


def _refund(api: Api, row: Mapping[str, str], at: datetime) -> BillLine:
    order, amount, trade = row.get("oid", ""), yuan(row.get("refamount")), row.get("refid", "")
    number = api.account.number(order)
    if number is None or not amount or not trade:
        raise Unknown("The provider's list has a refund that can't be read.")
    kind = _KINDS.get(row.get("refstatus", ""), LineKind.OTHER)
    # Our number of it went along as the reason; a refund that somebody made there has the operator's number only.
    reason = row.get("refreason", "")
    name = reason if NUMBER.fullmatch(reason) else trade
    return BillLine(kind, number, order, name, amount, Decimal(0), at, "退款")
