"""What is wrong with a file: faults, which stop it, and warnings, which do not (rule G3)."""

from dataclasses import dataclass, field

# A file in which everything is wrong needs no longer list than a person can read; the rest is counted.
KEPT = 20_000


class UnreadableFile(Exception):
    """The file as a whole can't be taken. Its message is Chinese, for the person who sent it."""


@dataclass(frozen=True, order=True)
class Fault:
    """One fault or warning: the file's own row (its header is row 1; 0 is the whole file), column, reason."""

    row: int
    column: str
    reason: str

    def __str__(self) -> str:
        place = "，".join(part for part in (f"第 {self.row} 行" if self.row else "", self.column) if part)
        return f"{place}：{self.reason}" if place else self.reason


@dataclass
class Findings:
    """Everything found in one file. Past `KEPT` of a kind only the number grows, so that memory does not."""

    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    fault_count: int = 0
    warning_count: int = 0

    def fault(self, row: int, column: str, reason: str) -> None:
        """Note what stops the file."""
        self.fault_count += 1
        if len(self.faults) < KEPT:
            self.faults.append(Fault(row, column, reason))

    def warn(self, row: int, column: str, reason: str) -> None:
        """Note what a person should look at, and no more."""
        self.warning_count += 1
        if len(self.warnings) < KEPT:
            self.warnings.append(Fault(row, column, reason))

    @property
    def sound(self) -> bool:
        """Whether nothing stops the file."""
        return not self.fault_count

    def sorted_faults(self) -> list[Fault]:
        """The faults kept, in the order of the file."""
        return sorted(self.faults)
