"""One thing that an operator should know."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["unsafe", "warning"]


@dataclass(frozen=True)
class Finding:
    """`unsafe` keeps production from starting and `baokao check` from succeeding; `warning` does not."""

    level: Level
    name: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.level:8} {self.name}: {self.sentence}"
