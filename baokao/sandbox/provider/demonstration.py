"""The provider of a demonstration: where its books and keys lie, and what the site has to know of it."""

from pathlib import Path

from baokao.sandbox.provider import keys
from baokao.sandbox.provider.alipay.config import Application, Config

ALIPAY_APP_ID = "9021000100000001"
ALIPAY_SELLER_ID = "2088000000000099"


def alipay_file(data: Path) -> Path:
    """The books of 支付宝."""
    return _folder(data) / "alipay.sqlite"


def alipay(data: Path, base_url: str, factor: float = 1.0) -> Config:
    """Its configuration, with the keys of this data folder."""
    application = keys.private_key(_folder(data) / "alipay-app.pem")
    known = Application(ALIPAY_APP_ID, ALIPAY_SELLER_ID, application.public_key())
    return Config(base_url, keys.private_key(_folder(data) / "alipay-gateway.pem"), {known.app_id: known}, factor)


def settings_of_the_site(data: Path, base_url: str) -> dict[str, str]:
    """The environment by which web server and worker find the sandbox instead of a real provider."""
    application = keys.private_key(_folder(data) / "alipay-app.pem")
    gateway = keys.private_key(_folder(data) / "alipay-gateway.pem")
    return {
        "BAOKAO_ALIPAY_GATEWAY": f"{base_url}/gateway.do",
        "BAOKAO_ALIPAY_APP_ID": ALIPAY_APP_ID,
        "BAOKAO_ALIPAY_SELLER_ID": ALIPAY_SELLER_ID,
        "BAOKAO_ALIPAY_PRIVATE_KEY": keys.bare(application),
        "BAOKAO_ALIPAY_PUBLIC_KEYS": keys.bare_public(gateway.public_key()),
    }


def _folder(data: Path) -> Path:
    return data / "provider"
