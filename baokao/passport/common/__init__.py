"""Whether a password is one of those that are tried first (rule A1): a list, and patterns of Chinese passwords.

docs/decisions/0007 says where the list comes from. Compared in lower case and one Unicode form.
"""

import gzip
import unicodedata
from functools import lru_cache
from pathlib import Path

from django.core.exceptions import ValidationError

from baokao.passport.common.patterns import is_pattern

_LIST = Path(__file__).with_name("passwords.txt.gz")


def is_common(password: str) -> bool:
    """Whether the password stands in the list or follows a pattern."""
    folded = unicodedata.normalize("NFKC", password).casefold()
    return folded in _listed() or is_pattern(folded)


class CommonPassword:
    """The same for settings.AUTH_PASSWORD_VALIDATORS."""

    def validate(self, password: str, user: object = None) -> None:
        """Raises ValidationError with the code that Django's own validator has."""
        if is_common(password):
            raise ValidationError("common", code="password_too_common")

    def get_help_text(self) -> str:
        """What the form says about it."""
        return "不能使用常见的密码。"


@lru_cache(maxsize=1)
def _listed() -> frozenset[str]:
    """The list, read once in each process: some 2 MB."""
    with gzip.open(_LIST, "rt", encoding="utf-8") as file:
        return frozenset(file.read().split("\n"))
