"""The applications for one record beside each other: which ticket number each names, what the score record behind it
says, and how often it was submitted (rules E2, E7)."""

from collections.abc import Sequence
from dataclasses import dataclass

from baokao.core.words import masked_address
from baokao.office import access
from baokao.office.desk import Desk
from baokao.review.differences import Compared, compare
from baokao.review.models import Application
from baokao.roster.models import PastScore
from baokao.roster.rules import PASSING_SCORE

# Beside the one that is looked at; a record with more is told how many there are.
OTHERS_AT_MOST = 3


@dataclass(frozen=True)
class Column:
    """One application with its score record held against the student's record; None where it names none."""

    application: Application
    here: bool
    score: PastScore | None
    name: Compared | None
    number: Compared | None

    @property
    def label(self) -> str:
        return "本件" if self.here else "另一通行证" if self.application.passport_id else "代为申请"

    @property
    def account(self) -> str:
        """Whose passport it is, masked; empty for the school's own."""
        return masked_address(self.application.passport.account) if self.application.passport else ""

    @property
    def passes(self) -> bool:
        return self.score is not None and self.score.score >= PASSING_SCORE


def columns(desk: Desk, application: Application, others: Sequence[Application]) -> list[Column]:
    """The application that is looked at, and the others for its record; nothing where it is the only one."""
    if not others:
        return []
    return [_column(desk, one, one.id == application.id) for one in (application, *others[:OTHERS_AT_MOST])]


def _column(desk: Desk, application: Application, here: bool) -> Column:
    score, record = access.named_score(desk, application), application.record
    if score is None:
        return Column(application, here, None, None, None)
    name, number = compare(record.name, score.name), compare(str(record.id_number), str(score.id_number))
    return Column(application, here, score, name, number)
