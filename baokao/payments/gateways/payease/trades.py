"""Asking about an order (rule D4). There is no call that ends one: an unpaid order can be paid for ever (rule D6)."""

from collections.abc import Mapping, Sequence

from baokao.payments.gateways.contract import Fact, State, Unknown
from baokao.payments.gateways.http import Deadline
from baokao.payments.gateways.payease import digests
from baokao.payments.gateways.payease.account import Account
from baokao.payments.gateways.payease.api import ORDER, Api
from baokao.payments.gateways.payease.requests import YUAN
from baokao.payments.gateways.values import yuan

# Not paid; not known; refused by the bank, where the payer may try again; submitted and not carried out. All of them
# may become paid.
_STATES = {"1": State.PAID, "2": State.WAITING, "3": State.WAITING, "9": State.WAITING}


def query(api: Api, number: str, deadline: Deadline | None = None) -> Fact:
    """How the order stands. `Unknown` also when PayEase refuses to say. Several payers may have come to one order: it
    is paid if one of them paid."""
    order = api.account.order(number)
    answer = api.call(ORDER, {"v_oid": order}, repeat=True, deadline=deadline)
    if answer.head.get("status") != "0":
        raise Unknown(f"The provider refused the question ({answer.trouble}).")
    answer.require(mid=api.account.merchant, oid=order)
    found = [fact(api.account, row) for row in answer.rows]
    if any(one.number != number for one in found):
        raise Unknown("The provider's answer is about another order.")
    paid = [one for one in found if one.state is State.PAID]
    if len({one.amount for one in paid}) > 1:
        raise Unknown("The order was paid twice, in different amounts; a person has to look.")
    return (paid or found or [Fact(number, State.ABSENT)])[0]


def fact(account: Account, row: Mapping[str, str]) -> Fact:
    """What a row of an answer says. `Unknown` for another currency, a malformed amount, a state that we don't know, or
    a wrong signature."""
    order, status, amount, currency = (row.get(name, "") for name in ("oid", "pstatus", "amount", "moneytype"))
    if account.public_key and not digests.signed(
        account.public_key, row.get("sign", ""), order, status, amount, currency
    ):
        raise Unknown("The provider's answer is signed by somebody else.")
    number, sum_, state = account.number(order), yuan(amount), _STATES.get(status)
    if number is None or not sum_ or currency != YUAN or state is None:
        raise Unknown("The provider's answer has an order, an amount or a state that we don't know.")
    return Fact(number, state, sum_, trade=order)


def confirm(api: Api, facts: Sequence[Fact]) -> list[Fact]:
    """The facts of a notification as they may be booked: the order of each that is said to be paid is asked for, all
    within the time of one call. Without asking only what the operator signed."""
    if api.account.public_key is not None and not api.account.confirms_by_query:
        return list(facts)
    deadline = api.deadline()
    return [query(api, told.number, deadline) if told.state is State.PAID else told for told in facts]
