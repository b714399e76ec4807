"""One item of a file against what stands: nothing to do, or how to write it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from typing import Any

from django.db.models import Model

from baokao.core.words import shown


def _nothing() -> None:
    """Written where nothing is to do."""


@dataclass(frozen=True)
class Step:
    """`state` is added, changed or unchanged; `label` says in Chinese what it is about; `write` is called only when the
    whole file is sound, and not on a dry run."""

    label: str
    state: str = "unchanged"
    write: Callable[[], object] = _nothing


def of_row(
    label: str,
    row: Model | None,
    columns: Mapping[str, Any],
    blank: Model | None = None,
    also: Mapping[str, Any] | None = None,
) -> Step:
    """A row that is to bear these columns, made of `blank` where there is none; `also` is written along with a change
    and makes none itself."""
    if row is None:
        assert blank is not None, "a row that nobody said how to make"
        return Step(label, "added", partial(_save, blank, {**columns, **(also or {})}, force_insert=True))
    differing = {name: value for name, value in columns.items() if getattr(row, name) != value}
    if not differing:
        return Step(label)
    told = "，".join(f"{name} {_told(getattr(row, name))} → {_told(value)}" for name, value in differing.items())
    changes = {**differing, **(also or {})}
    return Step(f"{label}：{told}", "changed", partial(_save, row, changes, update_fields=list(changes)))


def _save(row: Model, columns: Mapping[str, Any], **how: Any) -> None:
    for name, value in columns.items():
        setattr(row, name, value)
    row.save(**how)


def _told(value: object) -> str:
    """A value in a sentence; texts only by their length."""
    if value is None:
        return "无"
    if isinstance(value, datetime):
        return shown(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date | time):
        return value.isoformat()[:10]
    text = str(value)
    return text if len(text) <= 30 and "\n" not in text else f"{len(text)} 字"
