"""Which providers there are: each configured one behind the contract, by the name that attempts keep."""

from contextlib import AbstractContextManager
from dataclasses import replace
from functools import cache

from django.conf import settings

from baokao.payments.gateways import calls
from baokao.payments.gateways.contract import BillLine, Gateway
from baokao.payments.gateways.payease.account import own_number
from baokao.payments.gateways.providers import NotConfigured, alipay, payease
from baokao.payments.gateways.unconfigured import Unconfigured

# In the order in which a candidate is offered them (rule D1).
NAMES = {"alipay": "支付宝", "payease": "首信易支付"}
_MADE = {"alipay": alipay, "payease": payease}


@cache
def configured() -> dict[str, Gateway]:
    """The providers whose settings are there, in order."""
    found = {}
    for name in NAMES:
        try:
            found[name] = _MADE[name]()
        except NotConfigured:
            continue
    return found


def gateway(name: str) -> Gateway:
    """The provider of this name. One that isn't configured is there too and answers nothing: its settings may have been
    taken out while payments through it were open, and these wait for them to come back."""
    return configured().get(name) or Unconfigured(name)


def as_booked(name: str, line: BillLine) -> BillLine:
    """A line of a file from this provider's pages, as our books name its payment. PayEase's pages name it by the order,
    which holds our number and is all the trade number that there is; their other numbers are not in our books."""
    if name != "payease":
        return line
    number = own_number(line.number)
    return replace(line, number=number or line.number, trade=line.number if number else "")


def patience() -> AbstractContextManager[None]:
    """For a page that asks providers: all its questions together take no longer than one may (proof b10)."""
    return calls.together(settings.PROVIDER_MILLISECONDS / 1000)
