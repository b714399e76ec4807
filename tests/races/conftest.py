"""The site with a protection taken away, for the controls."""

import pytest

from tests.payments.wire import ENVIRONMENT


@pytest.fixture(scope="session")
def _unprotected(start_site):
    started = {}

    def site(protection):
        if protection not in started:
            started[protection] = start_site(
                "tests.races.unprotected:application", UNPROTECTED=protection, **ENVIRONMENT
            )
        return started[protection]

    return site


@pytest.fixture
def unprotected_site(transactional_db, _unprotected):
    """`unprotected_site("counter")`: a live site without that protection (tests/races/unprotected.py)."""

    def site(protection):
        found = _unprotected(protection)
        found.begin()
        return found

    return site
