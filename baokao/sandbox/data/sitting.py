"""The demonstration's sitting, written and imported as an operator would (docs/imports.md, `sitting`)."""

import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from baokao.core.zone import local
from baokao.exams.models import Sitting
from baokao.exams.services import import_sitting
from baokao.sandbox.data import words
from baokao.sandbox.data.calendar import Calendar

_MORNING, _AFTERNOON = "09:00", "15:00"
_ENDS = {"1": "11:20", "2": "17:25", **dict.fromkeys("3579", "11:10"), **dict.fromkeys("468", "17:10")}


def load(calendar: Calendar) -> Sitting:
    """Import the file. The schools that it names are there already."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sitting.yaml"
        path.write_text(yaml.safe_dump(_document(calendar), allow_unicode=True, sort_keys=False), encoding="utf-8")
        outcome = import_sitting(path, actor="national", dry_run=False, progress=lambda *_: None, now=calendar.now)
    if not outcome.findings.sound:
        raise ValueError("\n".join(map(str, outcome.findings.sorted_faults())))
    return Sitting.objects.get(code=calendar.code)


def _document(calendar: Calendar) -> dict[str, Any]:
    half_name = f"{calendar.code[:4]}年{'上' if calendar.code[4] == '1' else '下'}半年"
    name = f"{half_name}CET考试"
    return {
        "sitting": {
            "code": calendar.code,
            "name": name,
            "state": "open",
            "registration_opens_at": _moment(calendar.opens_at),
            "registration_closes_at": _moment(calendar.closes_at),
            "written_tickets_at": _moment(calendar.written_tickets_at),
            "speaking_tickets_at": _moment(calendar.speaking_tickets_at),
        },
        "exams": {
            "written": _exam(calendar.written_on, *map(_written, _ENDS)),
            "speaking_4": _exam(calendar.speaking4_on, {"code": "F"}),
            "speaking_6": _exam(calendar.speaking6_on, {"code": "S"}),
            "undated": ["J"],
        },
        **words.sections(name, half_name, calendar.now),
        "windows": [
            _window("national", "written", calendar.opens_at, calendar),
            _window("national", "speaking", calendar.opens_at, calendar),
            _window("991031", "speaking", calendar.later, calendar),
        ],
        "campuses": {"991040": {"speaking_inbound": "own"}},
    }


def _exam(on: date, *subjects: dict[str, str]) -> dict[str, Any]:
    return {"day": on.isoformat(), "subjects": list(subjects)}


def _written(code: str) -> dict[str, str]:
    return {"code": code, "starts": _AFTERNOON if code in "2468" else _MORNING, "ends": _ENDS[code]}


def _window(by: str, kind: str, opens_at: datetime, calendar: Calendar) -> dict[str, Any]:
    piece = {
        "opens_at": _moment(opens_at),
        "closes_at": _moment(calendar.closes_at),
        "pay_until": _moment(calendar.pay_until),
    }
    return {"by": by, "kind": kind, "pieces": [piece]}


def _moment(moment: datetime) -> str:
    return f"{local(moment):%Y-%m-%d %H:%M:%S}"
