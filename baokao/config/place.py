"""Where files lie; known before the settings are read, since the embedded database has to run by then."""

from pathlib import Path

from baokao.config import env

BASE = Path(__file__).resolve().parents[2]
ENVIRONMENTS = ("demo", "test", "production")


def environment() -> str:
    """`demo`, `test` or `production`; production unless something else is said."""
    return env.choice("BAOKAO_ENV", ENVIRONMENTS, "production")


def data() -> Path:
    """The folder of the embedded database and of the demonstration's files."""
    return env.path("BAOKAO_DATA", BASE / "var" / environment())


def port() -> int:
    """Where `demo` serves; database, mail catcher and payment provider listen on the next three."""
    return env.integer("BAOKAO_PORT", 8000, 1, 65000)


def provider_port() -> int:
    """Where the sandbox's payment provider listens."""
    return port() + 3
