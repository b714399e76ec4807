"""What a provider is told when it is made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property

from cryptography.hazmat.primitives.asymmetric import rsa

PAGE, WAP = "page", "wap"
PAYMENT, REFUND, CLOSE, FINISH = "payment", "refund", "close", "finish"
# Which events are told, for a trade paid on a computer and for one on a phone.
USUAL_EVENTS: Mapping[str, frozenset[str]] = {
    PAGE: frozenset({PAYMENT, REFUND}),
    WAP: frozenset({PAYMENT, REFUND, CLOSE, FINISH}),
}
# The one payer of the sandbox.
BUYER_ID = "2088000000000011"
BUYER_LOGON_ID = "can***@sandbox.example"


@dataclass(frozen=True)
class Application:
    """A merchant's application: we verify with its public key."""

    app_id: str
    seller_id: str
    public_key: rsa.RSAPublicKey


@dataclass(frozen=True)
class Config:
    """`base_url` has no slash at its end. `factor` stretches or shortens the retry schedule."""

    base_url: str
    gateway_key: rsa.RSAPrivateKey
    applications: Mapping[str, Application]
    factor: float = 1.0
    events: Mapping[str, frozenset[str]] = field(default_factory=lambda: USUAL_EVENTS)
    refund_window: timedelta = timedelta(days=365)
    # How late "延迟通知" is; stretched by the factor like the schedule.
    delay: timedelta = timedelta(minutes=1)
    timestamp_slack: timedelta = timedelta(hours=24)
    bill_ready_hour: int = 9

    @cached_property
    def other_key(self) -> rsa.RSAPrivateKey:
        """A key that is nobody's, for the fault of that name."""
        return rsa.generate_private_key(65537, 2048)
