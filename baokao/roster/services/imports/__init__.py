"""A desk's imports: what a person asks for, and what the jobs make of it (rule G3)."""

from baokao.roster.services.imports.applying import apply
from baokao.roster.services.imports.asking import (
    NewImport,
    ask_to_apply,
    ask_to_undo,
    discard,
    send,
    tell_faulty_rows_sent,
)
from baokao.roster.services.imports.checking import check, clear
from baokao.roster.services.imports.undoing import undo

__all__ = [
    "NewImport",
    "apply",
    "ask_to_apply",
    "ask_to_undo",
    "check",
    "clear",
    "discard",
    "send",
    "tell_faulty_rows_sent",
    "undo",
]
