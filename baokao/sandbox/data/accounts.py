"""What a visitor of the demonstration signs in with."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Account:
    """A line for the visitor: desk, account, password, TOTP secret (empty where there is no second factor)."""

    desk: str
    account: str
    password: str
    totp: str = ""
