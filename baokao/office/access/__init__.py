"""The only way to an object at a desk (rule G1): each function takes the desk first and answers within its scope.

No right and not there look the same: `Http404`. A page's queries start from the query sets given here; a guard forbids
`.objects` everywhere else in the office.
"""

from baokao.office.access.places import campuses, offerings, schools
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
    "campus_to_set",
    "campuses",
    "contacts",
    "entries",
    "may_set_campuses",
    "may_set_school",
    "notice",
    "offerings",
    "own_school",
    "pieces",
    "record",
    "records",
    "registration",
    "registrations",
    "school_to_set",
    "schools",
    "sitting_subjects",
]
