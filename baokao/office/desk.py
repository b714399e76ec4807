"""Who sits at the desk, within which scope and sitting: what every office view starts from (rule G1)."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.http import Http404, HttpRequest

from baokao.exams import queries as exams
from baokao.exams.models import Sitting
from baokao.passport.models import Role, StaffAccount
from baokao.passport.staff.audit import actor

SITTING_COOKIE = "office_sitting"


@dataclass(frozen=True)
class Scope:
    """What a desk reaches. `everything` is the national office's and, to read, customer service's; else a province's
    schools or one school, narrowed to campuses and departments where any are named."""

    everything: bool = False
    provinces: frozenset[str] = frozenset()
    schools: frozenset[str] = frozenset()
    campuses: frozenset[str] = frozenset()
    departments: frozenset[str] = frozenset()

    @property
    def school(self) -> str:
        """The one school of a coordinator; empty for the others."""
        return next(iter(self.schools), "")

    @property
    def whole(self) -> bool:
        """Whether nothing within the school is left out, as what concerns the school as a whole needs."""
        return not self.campuses and not self.departments


@dataclass(frozen=True)
class Desk:
    """A staff member at work. Objects are reached through `office.access` alone, which takes the desk first."""

    staff: StaffAccount
    scope: Scope
    chosen_sitting: str
    now: datetime

    @property
    def staff_id(self) -> uuid.UUID:
        return self.staff.id

    @property
    def name(self) -> str:
        return self.staff.name

    @property
    def role(self) -> Role:
        return Role(self.staff.role)

    @property
    def actor(self) -> str:
        """The desk as services and the audit log name it."""
        return actor(self.staff.id)

    @cached_property
    def sittings(self) -> tuple[Sitting, ...]:
        """Those that the desk may work in, latest first."""
        return exams.all_sittings()

    @cached_property
    def sitting(self) -> Sitting:
        """The chosen one, else the latest that is open, else the latest. Raises Http404 before there is any."""
        chosen = next((one for one in self.sittings if one.code == self.chosen_sitting), None)
        opened = next((one for one in self.sittings if one.state == Sitting.State.OPEN), None)
        found = chosen or opened or next(iter(self.sittings), None)
        if found is None:
            raise Http404
        return found

    @cached_property
    def place(self) -> str:
        """Where the desk stands, for the page's head."""
        if self.scope.schools:
            return exams.school_name(self.scope.school)
        return exams.province_name(next(iter(self.scope.provinces), ""))


class OfficeRequest(HttpRequest):
    """A request at a view of the office: it has a desk."""

    desk: Desk


def scope_of(staff: StaffAccount) -> Scope:
    """The scope of an account. A coordinator or a province without its place reaches nothing."""
    role = Role(staff.role)
    if role in (Role.NATIONAL, Role.AGENT, Role.SUPERVISOR):
        return Scope(everything=True)
    found: dict[str, set[str]] = {}
    for kind, value in staff.scopes.values_list("kind", "value"):
        found.setdefault(kind, set()).add(value)
    if role == Role.PROVINCE:
        return Scope(provinces=frozenset(found.get("province", ())))
    return Scope(
        schools=frozenset(found.get("school", ())),
        campuses=frozenset(found.get("campus", ())),
        departments=frozenset(found.get("department", ())),
    )
