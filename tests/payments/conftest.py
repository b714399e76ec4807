"""A stage with people who have entries, and banks in memory as the providers there are."""

import pytest

from baokao.payments import providers
from tests.payments.bank import AnotherBank, Bank

BANKS = {"alipay": Bank, "payease": AnotherBank}


@pytest.fixture
def bank(request, monkeypatch):
    """The one provider that the services speak to: like Alipay, unless a test names `payease` by its parameters."""
    name = getattr(request, "param", "alipay")
    made = BANKS[name]()
    monkeypatch.setattr(providers, "configured", lambda: {name: made})
    return made


@pytest.fixture
def banks(monkeypatch):
    """Both providers, by their names."""
    made = {name: bank() for name, bank in BANKS.items()}
    monkeypatch.setattr(providers, "configured", lambda: made)
    return made
