"""How a passport stands in a sitting, read in one statement: what it accepted, what it is bound to, what it entered."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar

from baokao.core.crypto.sealed import unseal
from baokao.core.raw import rows
from baokao.exams.rules import Person
from baokao.passport.idtypes import IdType
from baokao.registration.speaking import Home
from baokao.roster.rules import eligible_subjects

Place = tuple[str, str]


@dataclass(frozen=True)
class HeldEntry:
    """A live entry as its owner's pages show it."""

    id: str
    subject: str
    level: int
    language: str
    kind: str
    state: str
    way: str
    fee: Decimal
    made_at: datetime
    held_until: datetime
    lock: str
    campus: Place
    school: Place

    def ends_at(self, entries: Sequence["HeldEntry"]) -> datetime:
        """When it goes if nothing is paid: its own time, or earlier with the unpaid written entry that would take it
        along (rule C7); one that is locked goes nowhere."""
        unpaid = [
            one.held_until
            for one in entries
            if (self.kind, one.kind, one.state, one.lock) == ("speaking", "written", "unpaid", "")
            and (one.level, one.language) == (self.level, self.language)
        ]
        return min([self.held_until, *unpaid])


@dataclass(frozen=True)
class Bound:
    """A live registration: the snapshot of rule B8 with what a passed review added since (decision 51), its places by
    (code, name), and today's restrictions."""

    id: uuid.UUID
    record: uuid.UUID
    sitting: str
    passport: uuid.UUID
    account: str
    name: str
    gender: str
    id_type: str
    id_number_sealed: bytes | None
    id_number_digest: bytes | None
    subjects: str
    details: dict[str, Any]
    saved_at: datetime
    empty_since: datetime | None
    campus: Place
    school: Place
    written_campus: Place
    written_school: Place
    province: str
    outbound: str
    allows_both_levels: bool
    restricted: str
    restriction_reason: str

    SEALED_CONTEXT: ClassVar[str] = "registration_registration.id_number"

    @cached_property
    def id_number(self) -> str:
        """The ID number of the snapshot, opened; empty once it was blanked for its age (rule H5)."""
        if self.id_number_sealed is None or self.id_number_digest is None:
            return ""
        return unseal(self.id_number_sealed, self.SEALED_CONTEXT, self.id_number_digest)

    @property
    def id_type_name(self) -> str:
        return str(IdType(self.id_type).label)

    @property
    def eligible(self) -> str:
        """Codes of the eligible subjects: the snapshot's, less what is restricted today (rules B8, B11)."""
        return eligible_subjects(self.subjects, "", "", self.restricted, None)

    @property
    def home(self) -> Home:
        """Where the candidate comes from, as speaking campuses ask (rule C8)."""
        return Home(self.school[0], self.province, self.outbound)

    @property
    def person(self) -> Person:
        """What of the candidate decides which pieces of a window are for them."""
        return Person(self.school[0], self.details.get("grade", ""), self.details.get("degree", ""))


@dataclass(frozen=True)
class Standing:
    """What every `/my/` page starts from."""

    accepted_version: int
    bound: Bound | None
    entries: tuple[HeldEntry, ...] = ()

    @property
    def states(self) -> list[str]:
        return [entry.state for entry in self.entries]


_BOUND = """
       r.id, r.record_id, r.sitting_id, r.passport_id, p.account, r.name, r.gender, r.id_type,
       r.id_number_sealed, r.id_number_digest, r.subjects || rec.subjects_by_review, r.details::json,
       r.saved_at, r.empty_since,
       ARRAY[c.code, c.name], ARRAY[s.code, s.name], ARRAY[wc.code, wc.name], ARRAY[ws.code, ws.name],
       ws.province_id, CASE WHEN 'own' IN (s.speaking_outbound, c.speaking_outbound) THEN 'own' ELSE 'any' END,
       ws.allows_both_levels, rec.subjects_restricted || rec.subjects_barred,
       concat_ws('；', nullif(rec.barred_reason, ''), nullif(rec.restriction_reason, ''))
"""
_PLACES = """
       JOIN roster_studentrecord rec ON rec.id = r.record_id
       JOIN passport_passport p ON p.id = r.passport_id
       JOIN exams_campus c ON c.code = r.campus_id JOIN exams_school s ON s.code = c.school_id
       JOIN exams_campus wc ON wc.code = r.written_campus_id JOIN exams_school ws ON ws.code = wc.school_id
"""
_READ = f"""
SELECT (SELECT max(a.version) FROM registration_agreementacceptance a
         WHERE a.passport_id = %(passport)s AND a.sitting_id = %(sitting)s),
       (SELECT json_agg(json_build_array(e.id, e.subject_id, e.level, sub.language, e.kind, e.state, e.way, e.fee::text,
                        e.made_at, e.held_until, e.lock, ec.code, ec.name, es.code, es.name) ORDER BY sub.position)
          FROM registration_entry e
          JOIN exams_subject sub ON sub.code = e.subject_id
          JOIN exams_offering o ON o.id = e.offering_id
          JOIN exams_campus ec ON ec.code = o.campus_id JOIN exams_school es ON es.code = ec.school_id
         WHERE e.registration_id = r.id AND e.state IN ('unpaid', 'paid')), {_BOUND}
  FROM (SELECT 1) one
  LEFT JOIN (registration_registration r {_PLACES})
    ON r.passport_id = %(passport)s AND r.sitting_id = %(sitting)s AND r.state = 'live'
"""  # noqa: S608 (put together from constants of this file)
LOCK = f"""
SELECT (SELECT max(a.version) FROM registration_agreementacceptance a
         WHERE a.passport_id = r.passport_id AND a.sitting_id = r.sitting_id),
       {_BOUND} FROM registration_registration r {_PLACES}
 WHERE r.passport_id = %s AND r.sitting_id = %s AND r.state = 'live'
   FOR NO KEY UPDATE OF r
"""  # noqa: S608 (likewise)
# The same registration by its own id, for who pays: it may have moved to another passport (rule A7).
LOCK_THIS = f"""
SELECT {_BOUND} FROM registration_registration r {_PLACES}
 WHERE r.id = %s AND r.state = 'live'
   FOR NO KEY UPDATE OF r
"""  # noqa: S608 (likewise)
# Several at once, in order of their ids, so that no two who lock several wait for each other.
LOCK_THESE = f"""
SELECT {_BOUND} FROM registration_registration r {_PLACES}
 WHERE r.id = ANY(%s) AND r.state = 'live' ORDER BY r.id
   FOR NO KEY UPDATE OF r
"""  # noqa: S608 (likewise)

_IS_BOUND = "SELECT FROM registration_registration WHERE passport_id = %s AND state = 'live' LIMIT 1"


def read(passport: uuid.UUID, sitting: str) -> Standing:
    """How the passport stands in the sitting, in one statement and without a lock."""
    [row] = rows(_READ, {"passport": passport, "sitting": sitting})
    version, entries, *rest = row
    bound = bound_from(rest) if rest[0] else None
    return Standing(version or 0, bound, tuple(_entry(values) for values in entries or ()))


def is_bound(passport: uuid.UUID) -> bool:
    """Whether the passport has a live registration, in any sitting."""
    return bool(rows(_IS_BOUND, [passport]))


def bound_from(row: list[Any] | tuple[Any, ...]) -> Bound:
    """A registration from the columns that `LOCK` and `read` select."""
    *head, campus, school, written_campus, written_school, province, outbound, both, restricted, reason = row
    places = [(code, name) for code, name in (campus, school, written_campus, written_school)]
    columns: list[Any] = [*head, *places, province, outbound, both, restricted, reason]
    return Bound(*columns)


def _entry(values: list[Any]) -> HeldEntry:
    *head, fee, made_at, held_until, lock, campus, campus_name, school, school_name = values
    moments = (datetime.fromisoformat(made_at), datetime.fromisoformat(held_until))
    columns: list[Any] = [*head, Decimal(fee), *moments, lock, (campus, campus_name), (school, school_name)]
    return HeldEntry(*columns)
