"""The site with a protection taken away, for the controls."""

import pytest


@pytest.fixture(scope="session")
def _unprotected(start_site):
    started = {}

    def site(protection):
        if protection not in started:
            started[protection] = start_site("tests.races.unprotected:application", UNPROTECTED=protection)
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
