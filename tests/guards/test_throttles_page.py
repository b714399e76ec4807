"""docs/throttles.md tells the figures that the code has (rules A4, A5, A8, B3, E2)."""

import re
from datetime import timedelta

from baokao.config import place
from baokao.core.throttle import Limit
from baokao.passport import limits as passport
from baokao.passport.staff import limits as staff
from baokao.registration import limits as registration
from baokao.review import limits as review

LINE = re.compile(r"^\| `([a-z.]+)` \|[^|]*\| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", re.M)
HOUR = timedelta(hours=1)


def test_the_page_has_every_limit_with_its_figures():
    page = (place.BASE / "docs" / "throttles.md").read_text()
    told = {scope: tuple(map(int, figures)) for scope, *figures in LINE.findall(page)}
    apps = (passport, staff, registration, review)
    limits = [one for app in apps for one in vars(app).values() if isinstance(one, Limit)]
    assert told == {
        one.scope: (
            one.limit,
            one.period / timedelta(minutes=1),
            one.limit + one.limit * (HOUR / one.period),
            one.limit * (HOUR / one.period),
        )
        for one in limits
    }
