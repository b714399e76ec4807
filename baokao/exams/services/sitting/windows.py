"""Windows: each setter's pieces for a kind or a subject are replaced together, so that no reader sees half of them."""

from baokao.exams.imports.sitting import SittingFile
from baokao.exams.imports.sitting.windows import PieceSet, Window
from baokao.exams.models import WindowPiece
from baokao.exams.services.sitting.step import Step

_Key = tuple[str, str, str, str | None]


def steps(file: SittingFile) -> list[Step]:
    """A step a window of the file; other setters' pieces, and theirs for other subjects, stay."""
    standing = _standing(file.code) if file.windows else {}
    return [_step(file.code, window, sorted(standing.get(window.key, []))) for window in file.windows]


def _step(sitting: str, window: Window, standing: list[PieceSet]) -> Step:
    label = f"开放时间 {window.label}"
    if standing == list(window.pieces):
        return Step(label)
    detail = f"{label}：{len(standing)} 段 → {len(window.pieces)} 段"
    return Step(detail, "changed" if standing else "added", lambda: _replace(sitting, window, bool(standing)))


def _standing(sitting: str) -> dict[_Key, list[PieceSet]]:
    found: dict[_Key, list[PieceSet]] = {}
    for row in WindowPiece.objects.filter(sitting_id=sitting):
        key = (row.setter, row.province_id or row.school_id or row.campus_id or "", row.kind, row.subject_id)
        piece = PieceSet(row.opens_at, row.closes_at, row.pay_until, row.group, row.group_value)
        found.setdefault(key, []).append(piece)
    return found


def _replace(sitting: str, window: Window, something_stands: bool) -> None:
    whose = {"sitting_id": sitting, "setter": window.setter, "kind": window.kind, "subject_id": window.subject}
    if window.place:
        whose[f"{window.setter}_id"] = window.place
    if something_stands:
        WindowPiece.objects.filter(**whose).delete()
    WindowPiece.objects.bulk_create(
        WindowPiece(
            **whose, opens_at=piece.opens_at, closes_at=piece.closes_at, pay_until=piece.pay_until,
            group=piece.group, group_value=piece.group_value,
        )
        for piece in window.pieces
    )  # fmt: skip
