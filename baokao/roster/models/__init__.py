"""学籍库: who may register, with what, as the schools say; past scores; photos; and how the roster came to be so."""

from baokao.roster.models.changes import RecordChange, RecordConflict
from baokao.roster.models.imports import ImportCells, ImportFinding, ImportLine, RosterImport
from baokao.roster.models.records import PastScore, Photo, StudentRecord

__all__ = [
    "ImportCells",
    "ImportFinding",
    "ImportLine",
    "PastScore",
    "Photo",
    "RecordChange",
    "RecordConflict",
    "RosterImport",
    "StudentRecord",
]
