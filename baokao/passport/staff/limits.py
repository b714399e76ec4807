"""How often staff may try to sign in (docs/throttles.md)."""

from datetime import timedelta

from baokao.core.throttle import Limit

# As for candidates, yet narrower: a desk is used by one person, and a second factor stands behind the password.
HERE = Limit("staff.here", 10, timedelta(minutes=15))
EVERYWHERE = Limit("staff.everywhere", 50, timedelta(hours=1))
