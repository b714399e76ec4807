"""What a rule answers: accepted, or refused with a reason that is shown to the person."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Accepted:
    """Nothing stands in the way."""

    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True)
class Refused:
    """A refusal: `code` for programs and tests, `message` in Chinese for the person, `remedy` the next step (rule H3).

    `about` names the field or subject that the refusal stands beside, empty when it is about the whole; `beside` is a
    shorter text for that place, where the message alone would be repeated.
    """

    code: str
    message: str
    remedy: str = ""
    about: str = ""
    beside: str = ""

    def __bool__(self) -> bool:
        return False


Verdict = Accepted | Refused
ACCEPTED = Accepted()


class RefusedError(Exception):
    """A service refused and wrote nothing. It carries one refusal or several, in the order of the page."""

    def __init__(self, *refusals: Refused) -> None:
        super().__init__("；".join(refusal.code for refusal in refusals))
        self.refusals = refusals

    @property
    def first(self) -> Refused:
        """The refusal to show when there is room for one."""
        return self.refusals[0]
