"""What is to go wrong: armed for the next calls or events by a person or a test, used up oldest first, one a call."""

from collections.abc import Set
from dataclasses import dataclass

from baokao.sandbox.provider.http import Answer, Mishap
from baokao.sandbox.provider.store import Books

# Instead of an answer (with `after`, once the deed is done), whatever the protocol.
DOWN, ERROR_500, HTML_PAGE, REFUSE = "down", "500", "html", "refuse"
REPLACING = frozenset({DOWN, ERROR_500, HTML_PAGE, REFUSE})
# On an answer's way, when it is right.
SLOW, HALF = "slow", "half"

EVENTS, ANY = "notify", "*"


@dataclass(frozen=True)
class Fault:
    """One thing to go wrong. `after`: the deed is done first; `seconds`: how late, or how long before the line drops;
    `word`: what a refusal says."""

    name: str
    after: bool = False
    seconds: float = 0.0
    word: str = ""

    @property
    def mishap(self) -> Mishap | None:
        """What befalls the answer on its way."""
        if self.name == DOWN:
            return Mishap("drop", self.seconds)
        if self.name == HALF:
            return Mishap("half")
        return Mishap("late", self.seconds) if self.name == SLOW else None

    @property
    def page(self) -> Answer | None:
        """What comes in the answer's place, if that is the fault."""
        if self.name == ERROR_500:
            return Answer(500, b"<h1>500 Internal Server Error</h1>")
        if self.name == HTML_PAGE:
            return Answer(200, "<!doctype html><title>系统繁忙</title><h1>系统繁忙，请稍后再试</h1>".encode())
        return None


def arm(books: Books, on_what: str, fault: Fault, times: int, order_no: str, known: Set[str]) -> None:
    """Let the next `times` calls (`*`: of any kind; `notify`: events) go wrong, of one order or of any.

    Raises `ValueError` for a name that is not `known` there.
    """
    if fault.name not in known or times < 1:
        raise ValueError(f"{fault.name} is no fault of {on_what}; there are: {', '.join(sorted(known))}")
    books.execute(
        "INSERT INTO armed (on_what, name, times, order_no, after, seconds, word) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (on_what, fault.name, times, order_no, fault.after, fault.seconds, fault.word),
    )


def disarm(books: Books) -> None:
    """Nothing goes wrong any more."""
    books.execute("DELETE FROM armed")


def take(books: Books, on_what: str, order_no: str) -> Fault | None:
    """The oldest fault that is armed for this call; it counts as used."""
    found = books.execute(
        "SELECT * FROM armed WHERE on_what IN (?, ?) AND order_no IN ('', ?) ORDER BY id LIMIT 1",
        (on_what, EVENTS if on_what == EVENTS else ANY, order_no),
    ).fetchone()
    if found is None:
        return None
    books.execute("UPDATE armed SET times = times - 1 WHERE id = ?", (found["id"],))
    books.execute("DELETE FROM armed WHERE times = 0")
    return Fault(found["name"], bool(found["after"]), found["seconds"], found["word"])


def take_for_event(books: Books, order_no: str) -> tuple[str, ...]:
    """The name of the fault that is armed for this event, if any."""
    found = take(books, EVENTS, order_no)
    return (found.name,) if found else ()
