"""Shapes of what a coordinator fills in about offerings and windows; the rules are asked by the services."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict

from baokao.core.zone import local
from baokao.exams.models import WindowPiece
from baokao.exams.piecing import MOST_PIECES
from baokao.exams.rules import CAPACITY_AT_MOST, PAYABLE_AFTER_CLOSING, Piece
from baokao.exams.services.school import Wish
from baokao.office.saving import VersionedForm

_MOMENT = {"type": "datetime-local"}
_BLANK_ROWS = 2


class OfferingsForm(VersionedForm):
    """A box and a number for each subject of the sitting: 开考, 容量."""

    def __init__(self, data: QueryDict | None, subjects: Mapping[str, str], standing: Mapping[str, Any]) -> None:
        super().__init__(data)
        self.codes = list(subjects)
        for code, name in subjects.items():
            row = standing.get(code)
            offered = row is not None and row.offered
            self.fields[f"offered_{code}"] = forms.BooleanField(label=f"{name}开考", required=False, initial=offered)
            self.fields[f"target_{code}"] = forms.IntegerField(
                label=f"{name}容量",
                required=False,
                min_value=0,
                max_value=CAPACITY_AT_MOST,
                initial=row.target if offered and row is not None else None,
                error_messages=dict.fromkeys(
                    ("invalid", "min_value", "max_value"), f"{name}容量应为 0–{CAPACITY_AT_MOST} 的整数。"
                ),
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": "0"}),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for code in self.codes:
            name = f"target_{code}"
            if cleaned.get(f"offered_{code}") and cleaned.get(name) is None and name not in self.errors:
                self.add_error(name, f"请填写{self.fields[name].label}。")
        return cleaned

    @property
    def wishes(self) -> dict[str, Wish]:
        """What was filled in, of every subject."""
        return {
            code: Wish(True, self.cleaned_data[f"target_{code}"])
            if self.cleaned_data[f"offered_{code}"]
            else Wish(False)
            for code in self.codes
        }


class WindowForm(VersionedForm):
    """The pieces of one window, a row each; rows left empty are none."""

    def __init__(self, data: QueryDict | None, standing: Sequence[Piece], setter: str) -> None:
        super().__init__(data)
        self._setter = setter
        given = sum(f"opens_{n}" in data for n in range(MOST_PIECES)) if data is not None else 0
        self.count = min(MOST_PIECES, max(given, len(standing) + _BLANK_ROWS))
        for n in range(self.count):
            piece = standing[n] if n < len(standing) else None
            self._add_row(n, piece)

    def _add_row(self, n: int, piece: Piece | None) -> None:
        moments = {"opens": "开放时间", "closes": "截止时间", "pay_until": "缴费截止"}
        for name, label in moments.items():
            moment = getattr(piece, _ATTRIBUTES[name]) if piece else None
            self.fields[f"{name}_{n}"] = forms.DateTimeField(
                label=f"第 {n + 1} 段{label}",
                required=False,
                initial=_written(moment),
                error_messages={"invalid": f"第 {n + 1} 段{label}：应为 2026-09-20 14:00 的形式。"},
                widget=forms.DateTimeInput(attrs=_MOMENT),
            )
        self.fields[f"group_{n}"] = forms.ChoiceField(
            label=f"第 {n + 1} 段开放对象",
            choices=WindowPiece.Group.choices,
            initial=piece.group if piece else "everyone",
            required=False,
        )
        self.fields[f"value_{n}"] = forms.CharField(
            label=f"第 {n + 1} 段年级或学历", max_length=20, required=False, initial=piece.group_value if piece else ""
        )

    def rows(self) -> Iterator[dict[str, Any]]:
        """The bound fields, row by row."""
        for n in range(self.count):
            yield {"n": n + 1, **{name: self[f"{name}_{n}"] for name in (*_ATTRIBUTES, "group", "value")}}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for n in self._filled:
            for name, label in (("opens", "开放时间"), ("closes", "截止时间")):
                if cleaned.get(f"{name}_{n}") is None and f"{name}_{n}" not in self.errors:
                    self.add_error(f"{name}_{n}", f"请填写第 {n + 1} 段{label}。")
        return cleaned

    @property
    def _filled(self) -> list[int]:
        """The rows in which any moment is filled in."""
        return [n for n in range(self.count) if any(self.data.get(f"{name}_{n}", "").strip() for name in _ATTRIBUTES)]

    @property
    def pieces(self) -> list[Piece]:
        """The pieces of the rows that are filled in. Without a 缴费截止 it is a day after the closing (rule C12)."""
        found = []
        for n in self._filled:
            opens, closes, pay_until = (self.cleaned_data[f"{name}_{n}"] for name in _ATTRIBUTES)
            group = self.cleaned_data[f"group_{n}"] or "everyone"
            value = " ".join(self.cleaned_data[f"value_{n}"].split()) if group in ("grade", "degree") else ""
            payable = pay_until or closes + PAYABLE_AFTER_CLOSING
            found.append(Piece(self._setter, opens, closes, payable, group, value))
        return found

    def row_of(self, about: str) -> str:
        """The field of a refusal that counts the pieces, among rows of which some are empty."""
        name, _, number = about.rpartition("_")
        return f"{name}_{self._filled[int(number)]}" if number.isdigit() else about


_ATTRIBUTES = {"opens": "opens_at", "closes": "closes_at", "pay_until": "pay_until"}


def _written(moment: datetime | None) -> str:
    """As a control for date and time takes it; seconds only where there are some."""
    if moment is None:
        return ""
    here = local(moment)
    return here.strftime("%Y-%m-%dT%H:%M:%S" if here.second else "%Y-%m-%dT%H:%M")
