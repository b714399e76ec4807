"""Group payment (rule D8): picking, locking, paying and releasing; one file a verb.

Each service locks the group's row first and then registrations in order of their ids (docs/locking.md). A long list is
worked through some registrations at a time, each time in a transaction of its own, so that no candidate waits for a
whole school.
"""

from baokao.payments.services.groups.lock import Locked, lock_group
from baokao.payments.services.groups.pay import start_group
from baokao.payments.services.groups.pick import add_picks, make_group
from baokao.payments.services.groups.release import release_due, release_group

__all__ = ["Locked", "add_picks", "lock_group", "make_group", "release_due", "release_group", "start_group"]
