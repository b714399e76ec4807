"""How often reviews may be submitted and past scores searched (docs/throttles.md)."""

from datetime import timedelta

from baokao.core.throttle import Limit

_HOUR, _TEN_MINUTES = timedelta(hours=1), timedelta(minutes=10)

# 保存并提交复核 (rules E2, E5): each tells whether a ticket number belongs to the name or the ID number.
SUBMIT_PASSPORT = Limit("review.passport", 10, _HOUR)
SUBMIT_RECORD = Limit("review.record", 10, _HOUR)
SUBMIT_CLIENT = Limit("review.client", 600, _TEN_MINUTES)

# A coordinator's search for past scores by ID number or name (rule E6).
SEARCH_STAFF = Limit("review.search", 120, _HOUR)
