"""The address of the embedded database for each role, with passwords made at random for this data folder."""

import json
import os
import secrets
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from baokao.sandbox.database.layout import SOCKET_NUMBER, Layout

USERS = {"owner": "baokao_owner", "web": "baokao_web", "worker": "baokao_worker", "superuser": "postgres"}
DATABASE = "baokao"


def urls(data: Path) -> dict[str, str]:
    """Role (owner, web, worker, superuser) to URL; empty if the database was never started there."""
    try:
        return dict(json.loads(Layout(data).roles.read_text()))
    except (FileNotFoundError, ValueError):
        return {}


def write(layout: Layout, number: int = SOCKET_NUMBER) -> bool:
    """Write the file for a server whose socket bears `number`; passwords that exist are kept. True if they were new."""
    found = urls(layout.data)
    known = found.keys() == USERS.keys()
    words = {role: password(found[role]) if known else secrets.token_hex(16) for role in USERS}
    made = {role: _url(layout, role, word, number) for role, word in words.items()}
    if made != found:
        new = layout.roles.with_name(f"roles.{os.getpid()}")
        new.touch(mode=0o600)
        new.write_text(json.dumps(made, indent=1) + "\n")
        new.replace(layout.roles)
    return not known


def password(url: str) -> str:
    """The password in one of these URLs."""
    return unquote(urlsplit(url).password or "")


def _url(layout: Layout, role: str, word: str, number: int) -> str:
    name = "postgres" if role == "superuser" else DATABASE
    sockets = quote(str(layout.sockets), safe="")
    return f"postgresql://{USERS[role]}:{word}@/{name}?host={sockets}&port={number}"
