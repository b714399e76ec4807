"""Which database, as which of the three roles; and the keys that demonstration and tests make for themselves."""

import base64
import contextlib
import hashlib
import json
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from baokao.config import env

ROLES = ("owner", "web", "worker")


def default(environment: str, role: str, data: Path) -> dict[str, Any]:
    """Django's description of the database for one role.

    `BAOKAO_DATABASE_URL` wins; else demonstration and tests use the embedded database, whose addresses its supervisor
    keeps in `roles.json` under the data folder. The web role keeps a pool, since opening a connection costs ten
    times a page's query.
    """
    url = env.text("BAOKAO_DATABASE_URL") or ("" if environment == "production" else _embedded(data, role))
    settings: dict[str, Any] = parse(url) if url else {"ENGINE": "django.db.backends.postgresql", "NAME": "baokao"}
    options = settings.setdefault("OPTIONS", {})
    options.setdefault("application_name", f"baokao-{role}")
    # Statements of the hot paths are prepared on the server; Django itself keeps binding on its own side.
    options["server_side_binding"] = False
    options["prepare_threshold"] = 5
    if role == "web":
        size = env.integer("BAOKAO_POOL", 8, 1, 200)
        options["pool"] = {"min_size": 1, "max_size": size, "timeout": 3, "max_lifetime": 3600}
    else:
        settings["CONN_MAX_AGE"] = 600 if role == "worker" else 0
        settings["CONN_HEALTH_CHECKS"] = role == "worker"
    settings["ATOMIC_REQUESTS"] = False
    settings["DISABLE_SERVER_SIDE_CURSORS"] = True
    return settings


def parse(url: str) -> dict[str, Any]:
    """`postgresql://user:password@host:port/name?sslmode=…` as Django's settings; a socket folder goes in `?host=`."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise env.BadSetting("BAOKAO_DATABASE_URL", "it does not start with postgresql://")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "baokao",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(options.pop("port", parts.port or "")),
        "OPTIONS": options,
    }


def _embedded(data: Path, role: str) -> str:
    file = data / "roles.json"
    return json.loads(file.read_text())[role] if file.exists() else ""


def local_secret(data: Path) -> str:
    """The demonstration's or the tests' secret, made once and kept in the data folder."""
    file = data / "secret"
    if not file.exists():
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = data / f"secret.{secrets.token_hex(4)}"
        made.write_text(secrets.token_urlsafe(48))
        made.chmod(0o600)
        # Linking, unlike renaming, keeps the first of two processes that start at once.
        with contextlib.suppress(FileExistsError):
            file.hardlink_to(made)
        made.unlink()
    return file.read_text()


def local_ring(secret: str, purpose: str) -> dict[int, bytes]:
    """A key ring of one key derived from the local secret; never used in production."""
    return {1: hashlib.sha256(f"{purpose}:{secret}".encode()).digest()}


def show_key() -> str:
    """A fresh key in the form that the key settings read, for an operator to paste."""
    return f"1:{base64.b64encode(secrets.token_bytes(32)).decode()}"
