"""The providers as the settings have them; one of each in a process, since the circuit breaker is its memory."""

from functools import cache

from django.conf import settings

from baokao.payments.gateways.alipay.account import Account
from baokao.payments.gateways.alipay.gateway import Alipay
from baokao.payments.gateways.breaker import Breaker
from baokao.payments.gateways.calls import Caller
from baokao.payments.gateways.contract import Gateway
from baokao.payments.gateways.http import Wire


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
