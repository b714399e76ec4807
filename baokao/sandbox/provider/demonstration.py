"""The providers of a demonstration: where their books and keys lie, and what the site has to know of them."""

from pathlib import Path

from baokao.sandbox.provider import keys
from baokao.sandbox.provider.alipay.config import Application, Config
from baokao.sandbox.provider.payease.config import Config as PayEaseConfig
from baokao.sandbox.provider.payease.config import Merchant
from baokao.sandbox.provider.payease.digests import key_file

ALIPAY_APP_ID = "9021000100000001"
ALIPAY_SELLER_ID = "2088000000000099"
PAYEASE_MERCHANT = "888"
PAYEASE_OPERATOR = "1001"
# Where the site hears from PayEase. The merchant agrees that with the operator; no order carries it.
PAYEASE_NOTIFIES = "/pay/notify/payease/"


def alipay_file(data: Path) -> Path:
    """The books of 支付宝."""
    return _folder(data) / "alipay.sqlite"


def payease_file(data: Path) -> Path:
    """The books of 首信易支付."""
    return _folder(data) / "payease.sqlite"


def alipay(data: Path, base_url: str, factor: float = 1.0) -> Config:
    """Its configuration, with the keys of this data folder."""
    application = keys.private_key(_folder(data) / "alipay-app.pem")
    known = Application(ALIPAY_APP_ID, ALIPAY_SELLER_ID, application.public_key())
    return Config(base_url, keys.private_key(_folder(data) / "alipay-gateway.pem"), {known.app_id: known}, factor)


def payease(data: Path, base_url: str, site: str, factor: float = 1.0) -> PayEaseConfig:
    """Its configuration, with the keys of this data folder; it notifies the `site`, an address without a path."""
    merchant = Merchant(PAYEASE_MERCHANT, _payease_key(data), PAYEASE_OPERATOR, f"{site}{PAYEASE_NOTIFIES}")
    return PayEaseConfig(base_url, keys.private_key(_folder(data) / "payease-sign.pem", 1024), merchant, factor)


def settings_of_the_site(data: Path, base_url: str) -> dict[str, str]:
    """The environment by which web server and worker find the sandbox instead of real providers."""
    application = keys.private_key(_folder(data) / "alipay-app.pem")
    gateway = keys.private_key(_folder(data) / "alipay-gateway.pem")
    signs = keys.private_key(_folder(data) / "payease-sign.pem", 1024)
    return {
        "BAOKAO_ALIPAY_GATEWAY": f"{base_url}/gateway.do",
        "BAOKAO_ALIPAY_APP_ID": ALIPAY_APP_ID,
        "BAOKAO_ALIPAY_SELLER_ID": ALIPAY_SELLER_ID,
        "BAOKAO_ALIPAY_PRIVATE_KEY": keys.bare(application),
        "BAOKAO_ALIPAY_PUBLIC_KEYS": keys.bare_public(gateway.public_key()),
        "BAOKAO_PAYEASE_GATEWAY": base_url,
        "BAOKAO_PAYEASE_API": base_url,
        "BAOKAO_PAYEASE_MERCHANT": PAYEASE_MERCHANT,
        "BAOKAO_PAYEASE_KEYS": _payease_key(data),
        "BAOKAO_PAYEASE_PUBLIC_KEY": key_file(signs.public_key()),
        "BAOKAO_PAYEASE_REFUND_OPERATOR": PAYEASE_OPERATOR,
    }


def _payease_key(data: Path) -> str:
    return keys.secret(_folder(data) / "payease-key.txt")


def _folder(data: Path) -> Path:
    return data / "provider"
