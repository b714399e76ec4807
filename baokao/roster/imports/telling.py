"""Findings of a desk's import, on their way into the database."""

import re

from baokao.core.sheets import Findings
from baokao.core.words import masked_number
from baokao.roster.models import ImportFinding, RosterImport

_BATCH = 2_000
# An ID number in the wrong column is quoted by the fault about it (rule H2).
_LONG_RUN = re.compile(r"[0-9A-Za-zＡ-Ｚａ-ｚ０-９]{7,}")


class FindingsByRow(Findings):
    """Findings that also know which rows are at fault, past the number of faults that are listed, too."""

    def __init__(self) -> None:
        super().__init__()
        self.faulty: set[int] = set()

    def fault(self, row: int, column: str, reason: str) -> None:
        """Note what stops the row; row 0 and 1, the file and its header, stop the file."""
        self.faulty.add(row)
        super().fault(row, column, reason)

    def keep(self, one: RosterImport) -> None:
        """Write down the faults and warnings that are listed."""
        for severity, found in (("fault", self.faults), ("warning", self.warnings)):
            ImportFinding.objects.bulk_create(
                (
                    ImportFinding(
                        roster_import=one,
                        severity=severity,
                        row=fault.row,
                        column=masked(fault.column)[:60],
                        reason=masked(fault.reason)[:200],
                    )
                    for fault in sorted(found)
                ),
                batch_size=_BATCH,
            )


def masked(text: str) -> str:
    """Text with every run of letters and digits that could be an ID number shown by its ends."""
    return _LONG_RUN.sub(lambda found: masked_number(found[0]), text)
