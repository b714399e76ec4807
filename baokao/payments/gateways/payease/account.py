"""Who we are at PayEase, and whose word we believe."""

import re
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from baokao.payments.gateways.contract import NUMBER

_ORDER = re.compile(r"([0-9]{8})-([^-]+)-([A-Za-z0-9]{1,20})")


def own_number(order: str) -> str | None:
    """Our number of an order as PayEase writes it, whoever the merchant is; None for anything else."""
    found = _ORDER.fullmatch(order)
    return found and found[1] + found[3]


@dataclass(frozen=True)
class Account:
    """`gateway` is the host where browsers pay and `api` the one that our server asks, both without a path. Of the
    shared `keys` the first makes our digests and each is believed, so that one can be changed for another. Without a
    `public_key` the operator's signatures can't be checked, and everything is asked for before it is believed.
    `day_lists`: whether the operator lists the payments of a day."""

    gateway: str
    api: str
    merchant: str
    keys: tuple[bytes, ...] = field(repr=False)
    public_key: RSAPublicKey | None = None
    refund_operator: str = ""
    refund_method: str = "POST"
    confirms_by_query: bool = True
    day_lists: bool = False

    def order(self, number: str) -> str:
        """PayEase's number of a payment: day, merchant and the rest of our own number."""
        if not NUMBER.fullmatch(number):
            raise ValueError("no number of a payment")
        return f"{number[:8]}-{self.merchant}-{number[8:]}"

    def number(self, order: str) -> str | None:
        """Our number of an order of ours; None for anything else."""
        found = _ORDER.fullmatch(order)
        return found[1] + found[3] if found and found[2] == self.merchant else None
