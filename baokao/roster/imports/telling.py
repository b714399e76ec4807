"""Findings of a desk's import, on their way into the database."""

from baokao.core.sheets import Findings
from baokao.core.words import masked_numbers
from baokao.roster.models import ImportFinding, RosterImport

_BATCH = 2_000


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
                        # An ID number in the wrong column is quoted by the fault about it (rule H2).
                        column=masked_numbers(fault.column)[:60],
                        reason=masked_numbers(fault.reason)[:200],
                    )
                    for fault in sorted(found)
                ),
                batch_size=_BATCH,
            )
