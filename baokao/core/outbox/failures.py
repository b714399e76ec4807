"""What an error of a mail server means: try again, or never again."""

import re
from smtplib import SMTPDataError, SMTPRecipientsRefused

# `5.7.x` is about us (not signed in, not allowed to relay, our reputation): an operator mends it and the mail goes out.
_ABOUT_US = re.compile(rb"5\.7\.\d")
_SIGN_IN_FIRST = frozenset({530, 534, 535, 538})


class ServerAway(Exception):
    """The mail server can't be reached at all: no other mail would fare better now."""


def is_final(error: Exception) -> bool:
    """Whether the mail server says for good that this mail can't be had by this recipient.

    Answers of 400 to 499 pass by themselves, and so do a broken line, a time-out and whatever is wrong on our side.
    """
    if isinstance(error, SMTPRecipientsRefused):
        return all(_for_good(code, said) for code, said in error.recipients.values())
    return isinstance(error, SMTPDataError) and _for_good(error.smtp_code, error.smtp_error)


def _for_good(code: int, said: bytes | str) -> bool:
    words = said.encode(errors="replace") if isinstance(said, str) else said
    return 500 <= code < 600 and code not in _SIGN_IN_FIRST and not _ABOUT_US.match(words)
