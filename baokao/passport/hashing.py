"""Passwords by Argon2id with the parameters of the OWASP cheat sheet: 19 MiB, two passes, one lane."""

import threading
from functools import cache

from django.contrib.auth.hashers import Argon2PasswordHasher, check_password, make_password


class Argon2id(Argon2PasswordHasher):
    """Django's hasher, costing some 26 ms instead of 292: ten times the sign-ins on an opening day."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1


# One hash at a time in each process, of which there is one a core: hashes that take turns keep their 19 MiB in cache
# and the pages beside them their core (docs/performance.md has the figures).
_turn = threading.Lock()


@cache
def nobodys_password() -> str:
    """The hash that a try at an unknown account is checked against, so that it takes the same time (rule A4)."""
    return make_password("nobody has this password")


def hashed(password: str) -> str:
    """The password's hash, to be kept."""
    with _turn:
        return make_password(password)


def matches(password: str, encoded: str | None) -> bool:
    """Whether the password is the one hashed; with nothing to compare, False in the same time."""
    with _turn:
        right = check_password(password, encoded or nobodys_password())
    return right and encoded is not None
