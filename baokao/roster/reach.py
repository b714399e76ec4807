"""How much of a roster somebody may touch (rule G1): pure, for files, forms and lists alike."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Reach:
    """One school, narrowed to campuses and departments where any are named. No school is every school: the national
    office's."""

    school: str = ""
    campuses: frozenset[str] = frozenset()
    departments: frozenset[str] = frozenset()

    @classmethod
    def of(cls, school: str, campuses: Iterable[str], departments: Iterable[str]) -> "Reach":
        return cls(school, frozenset(campuses), frozenset(departments))

    def has_campus(self, campus: str) -> bool:
        """Whether a campus lies in it."""
        return campus.startswith(self.school) and (not self.campuses or campus in self.campuses)

    def has_department(self, department: str) -> bool:
        """Whether a department, by its name, lies in it."""
        return not self.departments or department in self.departments

    def has(self, campus: str, department: str) -> bool:
        """Whether a student there lies in it."""
        return self.has_campus(campus) and self.has_department(department)


EVERYWHERE = Reach()
