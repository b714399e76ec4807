"""The providers as the settings have them; one of each in a process, since the circuit breaker is its memory."""

from functools import cache

from django.conf import settings

from baokao.payments.gateways.alipay.account import Account
from baokao.payments.gateways.alipay.gateway import Alipay
from baokao.payments.gateways.breaker import Breaker
from baokao.payments.gateways.calls import Caller
from baokao.payments.gateways.contract import Gateway
from baokao.payments.gateways.http import Wire
from baokao.payments.gateways.payease import account as payeases
from baokao.payments.gateways.payease.gateway import PayEase


class NotConfigured(Exception):
    """The settings don't hold what this provider needs; `baokao check` says what."""


@cache
def alipay() -> Gateway:
    """Alipay. `NotConfigured` while its keys are missing."""
    if settings.ALIPAY_PRIVATE_KEY is None or not settings.ALIPAY_PUBLIC_KEYS:
        raise NotConfigured("alipay")
    account = Account(
        gateway=settings.ALIPAY_GATEWAY,
        app=settings.ALIPAY_APP_ID,
        seller=settings.ALIPAY_SELLER_ID,
        private_key=settings.ALIPAY_PRIVATE_KEY,
        public_keys=tuple(settings.ALIPAY_PUBLIC_KEYS),
        bill_hosts=tuple(settings.ALIPAY_BILL_HOSTS),
    )
    return Alipay(account, Caller(Wire(), Breaker("Alipay"), settings.PROVIDER_MILLISECONDS / 1000))


@cache
def payease() -> Gateway:
    """PayEase. `NotConfigured` without its merchant number and key."""
    if not settings.PAYEASE_MERCHANT or not settings.PAYEASE_KEYS:
        raise NotConfigured("payease")
    account = payeases.Account(
        gateway=settings.PAYEASE_GATEWAY.rstrip("/"),
        api=settings.PAYEASE_API.rstrip("/"),
        merchant=settings.PAYEASE_MERCHANT,
        keys=tuple(settings.PAYEASE_KEYS),
        public_key=settings.PAYEASE_PUBLIC_KEY,
        refund_operator=settings.PAYEASE_REFUND_OPERATOR,
        refund_method=settings.PAYEASE_REFUND_METHOD,
        confirms_by_query=settings.PAYEASE_CONFIRM_BY_QUERY,
        day_lists=settings.PAYEASE_DAY_LISTS,
    )
    return PayEase(
        account, Caller(Wire(), Breaker("PayEase"), settings.PROVIDER_MILLISECONDS / 1000), settings.PAYEASE_BANKS
    )
