"""The windows that a school and its campuses set, in pieces (rules C12, C13)."""

from collections.abc import Sequence

from baokao.core import versions
from baokao.core.verdict import RefusedError
from baokao.core.words import shown
from baokao.exams import piecing
from baokao.exams.audit import ExamsAction
from baokao.exams.models import WindowPiece
from baokao.exams.rules import Piece
from baokao.exams.services.school.turn import Setter, refuse_changed, turn


def window_version(pieces: Sequence[Piece]) -> str:
    """The version of one setter's pieces for a kind or a subject."""
    return versions.version(_values(pieces))


def set_window(setter: Setter, place: str, kind: str, subject: str | None, pieces: Sequence[Piece], seen: str) -> bool:
    """Replace what the school or campus of this code set for a kind (`subject` None) or one subject; whether anything
    changed. No pieces: it sets nothing, and what stands above holds alone.

    Pieces may reach outside what stands above: nobody opens there, the page says so, and what is above may yet change
    (rule C13). Raises RefusedError for pieces that are no window, and when somebody else changed them meanwhile.
    """
    with turn(setter, ExamsAction.WINDOW_SET, f"window:{place}:{subject or kind}") as record:
        if found := piecing.faults(pieces):
            raise RefusedError(*found)
        own = WindowPiece.objects.filter(sitting_id=setter.sitting, kind=kind, subject_id=subject, **_whose(place))
        standing = [piece_of(row) for row in own]
        told = f"开放时间，现为 {_told(standing)}"
        refuse_changed(seen, _values(standing), {"pieces": told})
        if sorted(map(_key, pieces)) == sorted(map(_key, standing)):
            return False
        record([[_told(standing)], [_told(pieces)]])
        own.delete()
        WindowPiece.objects.bulk_create(
            WindowPiece(
                sitting_id=setter.sitting, kind=kind, subject_id=subject, **_whose(place), opens_at=piece.opens_at,
                closes_at=piece.closes_at, pay_until=piece.pay_until, group=piece.group,
                group_value=piece.group_value,
            )
            for piece in pieces
        )  # fmt: skip
        return True


def piece_of(row: WindowPiece) -> Piece:
    """The row as the rules read it."""
    return Piece(row.setter, row.opens_at, row.closes_at, row.pay_until, row.group, row.group_value)


def _whose(place: str) -> dict[str, str]:
    """A school's code has five digits and a campus's six."""
    if len(place) == 5:
        return {"setter": WindowPiece.Setter.SCHOOL, "school_id": place}
    return {"setter": WindowPiece.Setter.CAMPUS, "campus_id": place}


def _values(pieces: Sequence[Piece]) -> dict[str, object]:
    return {"pieces": sorted(map(_key, pieces))}


def _key(piece: Piece) -> list[str]:
    # Moments in one zone, so that a piece is the same however it was written.
    moments = [f"{moment.timestamp():.0f}" for moment in (piece.opens_at, piece.closes_at, piece.pay_until)]
    return [*moments, piece.group, piece.group_value]


def _told(pieces: Sequence[Piece]) -> str:
    words = [
        f"{shown(piece.opens_at)} 至 {shown(piece.closes_at)}"
        f"（{piece.group_value or WindowPiece.Group(piece.group).label}）"
        for piece in sorted(pieces, key=_key)
    ]
    return "；".join(words) or "未设置"
