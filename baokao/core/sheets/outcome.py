"""What an import came to."""

from dataclasses import dataclass, field

from baokao.core.sheets.findings import Findings


@dataclass
class Outcome:
    """Rows of the file, and what they did or, on a dry run, would do. `applied` only when something was to be written
    and was. `unit` is what is counted: rows, or the items of a file that has none."""

    findings: Findings = field(default_factory=Findings)
    unit: str = "行"
    rows: int = 0
    added: int = 0
    changed: int = 0
    applied: bool = False
    # Further sentences in Chinese for the person who imports.
    notes: list[str] = field(default_factory=list)

    @property
    def unchanged(self) -> int:
        """Rows that stood there already, exactly so."""
        return self.rows - self.added - self.changed

    @property
    def nothing_to_do(self) -> bool:
        """Whether the file says nothing new."""
        return not (self.added or self.changed)
