"""What the provider is told when it is made; with PayEase that includes what a merchant agrees with it by letter."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Literal

from cryptography.hazmat.primitives.asymmetric import rsa


@dataclass(frozen=True)
class Merchant:
    """The one merchant: number, key of the digests, who may refund, and where it is notified."""

    mid: str
    key: str
    operator: str
    notify_url: str


@dataclass(frozen=True)
class Config:
    """`base_url` has no slash at its end. `factor` stretches or shortens every pause."""

    base_url: str
    sign_key: rsa.RSAPrivateKey
    merchant: Merchant
    factor: float = 1.0
    # Of which bytes of Chinese text the digests are made, and how notifications are sent; the sources disagree.
    variant: Literal["A", "B"] = "A"
    notify_by: Literal["GET", "POST"] = "GET"
    # Whether every notification waits for others, up to four in one message; `joined` does it for one trade.
    joins: bool = False
    join_pause: timedelta = timedelta(seconds=10)
    # How late "延迟通知" is, and when a bank makes up its mind about what was submitted.
    delay: timedelta = timedelta(minutes=1)
    result_pause: timedelta = timedelta(minutes=1)
    # How long money takes on its way back.
    refund_takes: timedelta = timedelta(days=2)

    def milliseconds(self, pause: timedelta) -> int:
        """A pause as the books count, stretched."""
        return round(pause.total_seconds() * 1000 * self.factor)

    @cached_property
    def other_key(self) -> rsa.RSAPrivateKey:
        """A key that is nobody's, for the fault of that name."""
        return rsa.generate_private_key(65537, 1024)  # noqa: S505 (the protocol's size)
