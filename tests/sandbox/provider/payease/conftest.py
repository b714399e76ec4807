"""A desk of 首信易支付 with books in memory, its merchant, and the whole provider over HTTP."""

import pytest

from tests.sandbox.provider.conftest import serving_with_its_sender
from tests.sandbox.provider.payease.client import PayEaseMerchant, a_desk


@pytest.fixture
def desk(port):
    made = a_desk(base_url=f"http://127.0.0.1:{port}")
    yield made
    made.close()


@pytest.fixture
def merchant(desk):
    return PayEaseMerchant(desk)


@pytest.fixture
def provider(desk, port):
    """The provider over real HTTP with its sender, at the real time: `provider.url`."""
    with serving_with_its_sender(desk, port) as server:
        yield server
