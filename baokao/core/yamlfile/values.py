"""What the text of a value may have to be. Each converter takes the text and raises `Unsuitable` with the reason."""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime, time
from typing import TypeVar

from baokao.core.zone import SHANGHAI

T = TypeVar("T")
Convert = Callable[[str], T]
# Whoever types 2062 for 2026 should hear of it.
_FIRST_YEAR, _LAST_YEAR = 2000, 2099
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}(:[0-9]{2})?")
_TIME = re.compile(r"[0-9]{2}:[0-9]{2}(:[0-9]{2})?")


class Unsuitable(ValueError):
    """The value isn't what its key needs. Its message is Chinese, for the person who wrote the file."""


def quoted(text: str) -> str:
    """A value as a fault shows it: one line, not the whole of it, `…` where it goes on."""
    plain = " ".join(text.split())
    return f"“{plain[:20]}…”" if len(plain) > 20 else f"“{plain}”"


def moment(text: str) -> datetime:
    """`YYYY-MM-DD HH:MM:SS` in Asia/Shanghai; seconds may be left out."""
    try:
        if _MOMENT.fullmatch(text):
            return _in_bounds(datetime.fromisoformat(text)).replace(tzinfo=SHANGHAI)
    except ValueError:
        pass
    raise Unsuitable(f"应为 2026-09-20 14:00:00 的形式，不是{quoted(text)}")


def day(text: str) -> date:
    """`YYYY-MM-DD`."""
    try:
        if _DAY.fullmatch(text):
            return _in_bounds(date.fromisoformat(text))
    except ValueError:
        pass
    raise Unsuitable(f"应为 2026-12-12 的形式，不是{quoted(text)}")


D = TypeVar("D", bound=date)


def _in_bounds(found: D) -> D:
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise ValueError
    return found


def time_of_day(text: str) -> time:
    """`HH:MM`."""
    try:
        if _TIME.fullmatch(text):
            return time.fromisoformat(text)
    except ValueError:
        pass
    raise Unsuitable(f"应为 09:00 的形式，不是{quoted(text)}")


def flag(text: str) -> bool:
    """`true` or `false` and nothing else: YAML's yes, no, on and off are what different readers differ about."""
    if text in ("true", "false"):
        return text == "true"
    raise Unsuitable(f"应为 true 或 false，不是{quoted(text)}")


def line(most: int) -> Convert[str]:
    """One line of at most so many characters, runs of spaces made one."""

    def convert(text: str) -> str:
        found = " ".join(text.split())
        if not found:
            raise Unsuitable("未填写")
        if len(found) > most or not found.isprintable():
            raise Unsuitable(f"过长（多于 {most} 个字符）或含有无法识别的字符")
        return found

    return convert


def lines(most: int) -> Convert[str]:
    """Several lines, blank ones left out, of at most so many characters together."""

    def convert(text: str) -> str:
        return prose(most)("\n".join(one.strip() for one in text.splitlines() if one.strip()))

    return convert


def prose(most: int) -> Convert[str]:
    """A text whose blank lines mean something."""

    def convert(text: str) -> str:
        found = text.strip()
        if not found:
            raise Unsuitable("未填写")
        if len(found) > most:
            raise Unsuitable(f"过长（多于 {most} 个字符）")
        return found

    return convert


def one_of(choices: Mapping[str, str]) -> Convert[str]:
    """One of the words; each stands with what it means."""

    def convert(text: str) -> str:
        if text in choices:
            return text
        *most, last = (f"{word}（{meaning}）" for word, meaning in choices.items())
        listed = f"{'、'.join(most)}或 {last}"
        raise Unsuitable(f"应为 {listed}，不是{quoted(text)}")

    return convert


def code_of(what: str, shape: str, known: Collection[str]) -> Convert[str]:
    """A code of that shape (a regular expression) that is known; `what` names it in faults, `6 位校区代码`."""

    def convert(text: str) -> str:
        if not re.fullmatch(shape, text):
            raise Unsuitable(f"应为 {what}，不是{quoted(text)}")
        if text not in known:
            raise Unsuitable(f"未知的{what.split()[-1].removeprefix('位')}“{text}”")
        return text

    return convert
