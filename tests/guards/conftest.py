"""A signed-in client for these tests, and a process that remembers nothing of the test before."""

from collections.abc import Iterator

import pytest

from baokao.core.brief import forget_all
from tests.signing_in import signed_in

__all__ = ["signed_in"]


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    """Pages that are kept for a second would tell of a stage that has been taken down."""
    forget_all()
    yield
    forget_all()
