"""Mails of the demonstration, kept as files in the data folder: one file a mail, as it came in."""

import email
import email.policy
import os
import re
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from itertools import islice
from pathlib import Path

# The oldest go when there are more, so that a demonstration left running does not fill the disk.
KEPT = 1000
_ID = re.compile(r"\d{14}-\d{6}-[0-9a-f]{8}")
_LINK = re.compile(r"https?://[^\s<>\"'，。）】]+")


@dataclass(frozen=True)
class Mail:
    """One mail; `body`, `html` and `links` are filled when it is read alone."""

    id: str
    to: str
    subject: str
    at: datetime
    body: str = ""
    html: str = ""
    links: tuple[str, ...] = field(default=())


def keep(folder: Path, raw: bytes, recipients: list[str], at: datetime) -> Path:
    """Store a mail as it came; whom the envelope named is written above it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{at.astimezone(UTC):%Y%m%d%H%M%S-%f}-{secrets.token_hex(4)}"
    new = folder / f"{name}.new"
    new.write_bytes(f"X-Envelope-To: {', '.join(recipients)}\r\n".encode() + raw)
    # Renamed when whole, so that a page never shows half a mail.
    stored = new.rename(folder / f"{name}.eml")
    for old in sorted(folder.glob("*.eml"))[:-KEPT]:
        old.unlink(missing_ok=True)
    return stored


def newest(folder: Path, count: int = 200, to: str = "") -> list[Mail]:
    """The newest mails first, without their bodies; with `to`, those whose recipient holds it, whatever its case."""
    names = sorted((entry.name for entry in os.scandir(folder) if entry.name.endswith(".eml")), reverse=True)
    found = (_read(folder / name, whole=False) for name in names)
    wanted = (mail for mail in found if mail and to.casefold() in mail.to.casefold())
    return list(islice(wanted, count))


def one(folder: Path, mail_id: str) -> Mail | None:
    """A mail with its text and the links in it; None if there is no such mail."""
    return _read(folder / f"{mail_id}.eml", whole=True) if _ID.fullmatch(mail_id) else None


def _read(path: Path, *, whole: bool) -> Mail | None:
    try:
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    except FileNotFoundError:
        return None
    at = datetime.strptime(path.stem.rsplit("-", 1)[0], "%Y%m%d%H%M%S-%f").replace(tzinfo=UTC)
    body = _part(message, "plain") if whole else ""
    return Mail(
        path.stem,
        str(message["X-Envelope-To"] or message["To"]),
        str(message["Subject"] or ""),
        at,
        body,
        _part(message, "html") if whole else "",
        tuple(dict.fromkeys(_LINK.findall(body))),
    )


def pieces(line: str) -> list[tuple[str, bool]]:
    """A line cut into words and links, each with whether it is a link."""
    found, at = [], 0
    for link in _LINK.finditer(line):
        found += [(line[at : link.start()], False), (link.group(), True)]
        at = link.end()
    return [piece for piece in [*found, (line[at:], False)] if piece[0]]


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part else ""
