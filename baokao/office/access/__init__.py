"""The only way to an object at a desk (rule G1): each function takes the desk first and answers within its scope.

No right and not there look the same: `Http404`. A page's queries start from the query sets given here; a guard forbids
`.objects` everywhere else in the office.
"""

from baokao.office.access.groups import group, group_attempts, groups, picks
from baokao.office.access.places import campuses, offerings, schools
from baokao.office.access.reviews import (
    application,
    applications,
    decisions,
    evidence,
    evidence_page,
    named_score,
    staff_names,
)
from baokao.office.access.roster import (
    cells,
    changes,
    conflict,
    conflicted_records,
    conflicts,
    findings,
    history,
    imports,
    lines,
    party,
    photo,
    photographed,
    reach,
    roster_import,
)
from baokao.office.access.setting import (
    campus_to_set,
    contacts,
    may_set_campuses,
    may_set_school,
    notice,
    own_school,
    pieces,
    school_to_set,
    sitting_subjects,
)
from baokao.office.access.students import entries, record, records, registration, registrations

__all__ = [
    "application",
    "applications",
    "campus_to_set",
    "campuses",
    "cells",
    "changes",
    "conflict",
    "conflicted_records",
    "conflicts",
    "contacts",
    "decisions",
    "entries",
    "evidence",
    "evidence_page",
    "findings",
    "group",
    "group_attempts",
    "groups",
    "history",
    "imports",
    "lines",
    "may_set_campuses",
    "may_set_school",
    "named_score",
    "notice",
    "offerings",
    "own_school",
    "party",
    "photo",
    "photographed",
    "picks",
    "pieces",
    "reach",
    "record",
    "records",
    "registration",
    "registrations",
    "roster_import",
    "school_to_set",
    "schools",
    "sitting_subjects",
    "staff_names",
]
