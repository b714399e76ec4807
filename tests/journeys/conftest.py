"""A demonstration to walk through, and visitors who walk."""

import pytest

from baokao.core import clock
from baokao.sandbox import data


@pytest.fixture
def demonstration(live_site):
    """The demonstration's data, as `make demo` loads it but for most of the crowd, whom nobody meets on the way."""
    from tests.cast import ensure_reference_data

    ensure_reference_data()
    data.load(clock.now(), schools=3)
    return live_site


@pytest.fixture
def visitor(browser, demonstration):
    """`visitor(javascript=…, width=…)`: a new browser's page. A request that leaves the site fails the test."""
    contexts = []

    def open_page(*, javascript: bool, width: int):
        context = browser.new_context(
            viewport={"width": width, "height": 844}, java_script_enabled=javascript, locale="zh-CN"
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.faults = []
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on("console", lambda said: page.faults.append(said.text) if said.type == "error" else None)
        page.on(
            "request",
            lambda asked: None if asked.url.startswith(demonstration.url) else page.faults.append(asked.url),
        )
        return page

    yield open_page
    for context in contexts:
        context.close()
