"""A stage with people who have entries, and the bank in memory as the one provider there is."""

import pytest

from baokao.payments import providers
from tests.payments.bank import Bank


@pytest.fixture
def bank(monkeypatch):
    """The provider that the services speak to."""
    made = Bank()
    monkeypatch.setattr(providers, "configured", lambda: {"alipay": made})
    return made
