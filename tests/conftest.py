"""What all tests share: the test database with its roles' rights, real servers, a browser, and the invariants.

docs/testing.md tells which test goes where.
"""

import os
import shutil

import pytest
from django.db import connection, connections

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_blocker):
    """Each run has a database of its own, so that two runs at once don't meet."""
    from django.conf import settings

    name = f"test_baokao_{os.getpid()}"
    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = name
    connection.settings_dict["TEST"]["NAME"] = name
    with django_db_blocker.unblock():
        _drop_left_over()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """After migrating: the rights of the web and worker roles, as `baokao migrate` gives them."""
    from baokao.config import collected, grants
    from tests.site import address

    with django_db_blocker.unblock():
        address("owner")
        grants.apply()
        collected.collect()


@pytest.fixture(scope="session")
def start_site(django_db_setup, django_db_blocker):
    """Start further web servers for the session: `start_site(target, workers, threads, NAME=value)`."""
    from tests.site import Site

    started = []

    def start(*arguments, **settings):
        with django_db_blocker.unblock():
            site = Site(*arguments, **settings)
        started.append(site)
        return site

    yield start
    for site in started:
        site.stop()


@pytest.fixture(scope="session")
def _live_site(start_site):
    return start_site()


@pytest.fixture
def live_site(transactional_db, _live_site):
    """The site over real HTTP: `live_site.url`; three processes as the web role on the test database."""
    from tests import pictures

    pictures.hang()
    _live_site.begin()
    return _live_site


@pytest.fixture
def worker_process(transactional_db):
    """A real worker on the test database, from before the test until after it."""
    from tests.site import Worker

    worker = Worker()
    yield worker
    worker.stop()


@pytest.fixture(scope="session")
def browser():
    """A Chromium; a test opens contexts of its own in it."""
    from playwright.sync_api import expect, sync_playwright

    path = os.environ.get("BAOKAO_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    assert path, "the browser tests need a Chromium (bin/chromium says how to get one)"
    expect.set_options(timeout=10_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def page(browser, live_site):
    """A fresh visitor's page, in Chinese, at the live site; `page.goto("/")` works."""
    with browser.new_context(base_url=live_site.url, locale="zh-CN") as context:
        context.set_default_timeout(10_000)
        yield context.new_page()


@pytest.fixture(autouse=True)
def invariants(request):
    """After each test that commits the invariants hold, unless it is marked breaks_invariants."""
    mark = request.node.get_closest_marker("django_db")
    commits = bool(mark and mark.kwargs.get("transaction")) or "transactional_db" in request.fixturenames
    if not commits or request.node.get_closest_marker("breaks_invariants"):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    from baokao.core.invariants import runner

    found = runner.run(patience=0)
    if "worker_process" not in request.fixturenames:
        # Nobody seals and nobody delivers while no worker runs, so a row that waits is no fault.
        found = [violation for violation in found if violation.name not in ("I11", "I14")]
    assert found == [], "\n".join(map(str, found))


def _drop_left_over():
    """Drop the databases of runs that were killed."""
    from django.db.backends.postgresql.psycopg_any import sql

    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname ~ '^test_baokao_[0-9]+$'")
        for (name,) in cursor.fetchall():
            try:
                os.kill(int(name.rpartition("_")[2]), 0)
            except ProcessLookupError:
                cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            except PermissionError:
                continue
    connections.close_all()
