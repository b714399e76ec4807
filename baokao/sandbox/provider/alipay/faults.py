"""Everything that can be made to go wrong, by name: with a trade's notifications, a method's answer, or a bill."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from baokao.sandbox.provider.alipay import rsa2, wire
from baokao.sandbox.provider.alipay.config import Config
from baokao.sandbox.provider.alipay.forms import yuan
from baokao.sandbox.provider.http import Mishap
from baokao.sandbox.provider.store import Books

# A trade's notifications. The cashier offers the first five and `no-return`.
DUPLICATE, DELAYED, WRONG_AMOUNT, BAD_SIGNATURE, WITHHELD = (
    "duplicate", "delayed", "wrong-amount", "bad-signature", "withheld",
)  # fmt: skip
NO_RETURN, AFTER_REFUND = "no-return", "after-refund"
OTHER_KEY, SHA1, UNSIGNED = "other-key", "sha1", "unsigned"
OTHER_SELLER, OTHER_APPLICATION, OTHER_ORDER = "other-seller", "other-application", "other-order"
EVENT_FAULTS = frozenset(
    {
        DUPLICATE, DELAYED, WRONG_AMOUNT, BAD_SIGNATURE, WITHHELD, NO_RETURN, AFTER_REFUND, OTHER_KEY, SHA1, UNSIGNED,
        OTHER_SELLER, OTHER_APPLICATION, OTHER_ORDER,
    }
)  # fmt: skip

# A method's answer: those that replace it (with `after`, once the deed is done), and those that spoil it.
DOWN, ERROR_500, HTML_PAGE, UNAVAILABLE, REFUSE = "down", "500", "html", "unavailable", "refuse"
SLOW, HALF, NO_FUND_CHANGE = "slow", "half", "no-fund-change"
REPLACING = frozenset({DOWN, ERROR_500, HTML_PAGE, UNAVAILABLE, REFUSE})
ANSWER_FAULTS = REPLACING | {
    SLOW, HALF, NO_FUND_CHANGE, WRONG_AMOUNT, OTHER_ORDER, BAD_SIGNATURE, OTHER_KEY, SHA1, UNSIGNED,
}  # fmt: skip
# The bill that the next address leads to.
TRUNCATED, ROW_MISSING, ROW_EXTRA, ROW_OTHER_AMOUNT = "truncated", "row-missing", "row-extra", "row-other-amount"
BILL_FAULTS = frozenset({TRUNCATED, ROW_MISSING, ROW_EXTRA, ROW_OTHER_AMOUNT})

EVENTS, ANY = "notify", "*"


@dataclass(frozen=True)
class Fault:
    """One thing to go wrong. `after`: the deed is done first; `seconds`: how late, or how long before the line drops;
    `sub_code`: the word of a refusal."""

    name: str
    after: bool = False
    seconds: float = 0.0
    sub_code: str = "ACQ.SYSTEM_ERROR"

    @property
    def mishap(self) -> Mishap | None:
        """What befalls the answer on its way."""
        if self.name == DOWN:
            return Mishap("drop", self.seconds)
        if self.name == HALF:
            return Mishap("half")
        return Mishap("late", self.seconds) if self.name == SLOW else None


def arm(books: Books, on_what: str, fault: Fault, times: int, out_trade_no: str) -> None:
    """Let the next `times` calls of a method (`*`: of any; `notify`: events) go wrong, of one order or of any.

    Raises `ValueError` for a name that means nothing there.
    """
    known = EVENT_FAULTS if on_what == EVENTS else ANSWER_FAULTS | BILL_FAULTS
    if fault.name not in known or times < 1:
        raise ValueError(f"{fault.name} is no fault of {on_what}; there are: {', '.join(sorted(known))}")
    books.execute(
        "INSERT INTO fault (on_what, name, times, out_trade_no, after, seconds, sub_code) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (on_what, fault.name, times, out_trade_no, fault.after, fault.seconds, fault.sub_code),
    )


def disarm(books: Books) -> None:
    """Nothing goes wrong any more."""
    books.execute("DELETE FROM fault")


def take(books: Books, method: str, out_trade_no: str) -> Fault | None:
    """The oldest fault that is armed for this call; it counts as used."""
    found = books.execute(
        "SELECT * FROM fault WHERE on_what IN (?, ?) AND out_trade_no IN ('', ?) ORDER BY id LIMIT 1",
        (method, EVENTS if method == EVENTS else ANY, out_trade_no),
    ).fetchone()
    if found is None:
        return None
    books.execute("UPDATE fault SET times = times - 1 WHERE id = ?", (found["id"],))
    books.execute("DELETE FROM fault WHERE times = 0")
    return Fault(found["name"], bool(found["after"]), found["seconds"], found["sub_code"])


def take_for_event(books: Books, out_trade_no: str) -> tuple[str, ...]:
    """The name of the fault that is armed for this event, if any."""
    found = take(books, EVENTS, out_trade_no)
    return (found.name,) if found else ()


def signed_notification(fields: Mapping[str, str], faults: Iterable[str], config: Config) -> dict[str, str]:
    """A notification's fields, made wrong first where that is the fault, then signed, rightly or not."""
    wanted = frozenset(faults)
    told = dict(fields)
    if WRONG_AMOUNT in wanted:
        told["total_amount"] = _a_fen_more(told["total_amount"])
    if OTHER_SELLER in wanted:
        told["seller_id"] = "2088000000000999"
    if OTHER_APPLICATION in wanted:
        told["app_id"] = told["auth_app_id"] = "9021000199999999"
    if OTHER_ORDER in wanted:
        told["out_trade_no"] += "X"
    signed = wire.signed_pairs(told, config.other_key if OTHER_KEY in wanted else config.gateway_key)
    return {name: value for name, value in signed.items() if UNSIGNED not in wanted or name != "sign"} | (
        _wrongly_signed(rsa2.text_of_message(signed), wanted, config)
    )


def _wrongly_signed(text: str, wanted: frozenset[str], config: Config) -> dict[str, str]:
    if BAD_SIGNATURE in wanted:
        return {"sign": rsa2.sign(text + " ", config.gateway_key)}
    return {"sign": rsa2.sign(text, config.gateway_key, sha1=True)} if SHA1 in wanted else {}


def signed_answer(text: str, fault: str, config: Config) -> str | None:
    """The signature of an answer's object, rightly or not."""
    if fault == UNSIGNED:
        return None
    key = config.other_key if fault == OTHER_KEY else config.gateway_key
    return rsa2.sign(text + " " if fault == BAD_SIGNATURE else text, key, sha1=fault == SHA1)


def spoiled(fields: Mapping[str, object], fault: str) -> dict[str, object]:
    """An answer's object made wrong, to be signed well."""
    told = dict(fields)
    if fault == WRONG_AMOUNT:
        told |= {name: _a_fen_more(str(told[name])) for name in _AMOUNTS if name in told}
    if fault == OTHER_ORDER and "out_trade_no" in told:
        told["out_trade_no"] = f"{told['out_trade_no']}X"
    if fault == NO_FUND_CHANGE:
        told.pop("fund_change", None)
    return told


_AMOUNTS = ("total_amount", "refund_fee", "refund_amount")


def _a_fen_more(amount: str) -> str:
    whole, _, part = amount.partition(".")
    return yuan(int(whole) * 100 + int(part) + 1)
