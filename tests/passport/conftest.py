"""A signed-in client for these tests."""

from tests.signing_in import signed_in

__all__ = ["signed_in"]
