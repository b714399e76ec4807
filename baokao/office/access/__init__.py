"""The only way to an object at a desk (rule G1): each function takes the desk first and answers within its scope.

No right and not there look the same: `Http404`. A page's queries start from the query sets given here; a guard forbids
`.objects` everywhere else in the office.
"""

from baokao.office.access.groups import group, group_attempts, groups, picks
from baokao.office.access.places import campuses, offerings, schools
from baokao.office.access.students import entries, record, records, registration, registrations

__all__ = [
    "campuses",
    "entries",
    "group",
    "group_attempts",
    "groups",
    "offerings",
    "picks",
    "record",
    "records",
    "registration",
    "registrations",
    "schools",
]
