"""The site with a protection taken away, for the controls."""

import pytest

from tests.payments.wire import ENVIRONMENT


@pytest.fixture(scope="module")
def _unprotected(start_site):
    """Sites live as long as the file that asks for them: each holds connections, of which a server has few."""
    started = {}

    def site(protection):
        if protection not in started:
            started[protection] = start_site(
                "tests.races.unprotected:application", UNPROTECTED=protection, **ENVIRONMENT
            )
        return started[protection]

    yield site
    for one in started.values():
        one.stop()


@pytest.fixture
def unprotected_site(transactional_db, _unprotected):
    """`unprotected_site("counter")`: a live site without that protection (tests/races/unprotected.py)."""

    def site(protection):
        found = _unprotected(protection)
        found.begin()
        return found

    return site
