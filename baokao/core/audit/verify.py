"""Finding what was changed, taken out or put into the audit log after it was sealed, and in which range (proof f5)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from baokao.core.audit import chain
from baokao.core.crypto.keys import UnknownKey

# More than a thousand lines of the file of heads.
RECENT_BYTES = 200_000


@dataclass(frozen=True)
class Fault:
    """What is wrong, and in the range of which seal (transactions `since` included to `until` excluded)."""

    seal: int
    since: int
    until: int
    what: str

    def __str__(self) -> str:
        return f"seal {self.seal}, transactions {self.since} to {self.until - 1}: {self.what}"


def verify(first: int = 1, shipped: Path | None = None) -> Iterator[Fault]:
    """Every fault of the seals from number `first` on, one seal in memory at a time.

    With the file of heads shipped elsewhere it also finds seals that were cut off the end or written anew by somebody
    who holds the key.
    """
    hashes: dict[int, bytes] = {}
    before: chain.Link | None = None
    before_hash = chain.GENESIS
    for link, hash_ in _seals(first):
        if before is None and link.number > 1:
            before_hash = link.previous
        yield from _chain_faults(link, hash_, before, before_hash, first)
        yield from _row_faults(link)
        hashes[link.number] = hash_
        before, before_hash = link, hash_
    if shipped is not None:
        yield from _shipped_faults(hashes, shipped, first)


def _chain_faults(
    link: chain.Link, hash_: bytes, before: chain.Link | None, before_hash: bytes, first: int
) -> Iterator[Fault]:
    number, until = (before.number, before.until) if before else (first - 1, 0 if first == 1 else link.since)
    if link.number != number + 1:
        yield _fault(link, f"seals {number + 1} to {link.number - 1} are missing")
    elif link.since != until:
        yield _fault(link, f"begins at {link.since} where the seal before ends at {until}")
    elif link.previous != before_hash:
        yield _fault(link, "does not follow from the seal before")
    if _unlike(link.hash, hash_):
        yield _fault(link, "the seal itself was changed")


def _row_faults(link: chain.Link) -> Iterator[Fault]:
    rows = _rows(link)
    if len(rows) != link.count:
        change = "were removed" if len(rows) < link.count else "were added"
        yield _fault(link, f"{abs(link.count - len(rows))} rows {change}")
    for row in rows:
        if _unlike(row.sound, True):
            yield _fault(link, f"row {row.id} was changed")
    if len(rows) == link.count and chain.root_of(rows) != link.root:
        yield _fault(link, "the rows are not those that were sealed")


def _shipped_faults(hashes: dict[int, bytes], shipped: Path, first: int) -> Iterator[Fault]:
    if not shipped.exists():
        return
    with shipped.open("rb") as lines:
        if first > 1:
            # Only recent seals are asked for, and the file holds years.
            lines.seek(max(0, shipped.stat().st_size - RECENT_BYTES))
        for line in lines:
            try:
                head = json.loads(line)
                number, until, hash_ = int(head["number"]), int(head["until"]), bytes.fromhex(head["hash"])
            except (ValueError, KeyError, TypeError):
                # Half a line is what a crash while shipping leaves; the head was shipped again after it.
                continue
            if number < first:
                continue
            if number not in hashes:
                yield Fault(number, 0, until, "was shipped and is missing")
            elif hashes[number] != hash_:
                yield Fault(number, 0, until, "is not the one that was shipped")


def _unlike(compute: object, expected: object) -> bool:
    """Whether a computed value differs; a key that the ring no longer holds counts as a difference."""
    try:
        return compute() != expected  # type: ignore[operator]
    except UnknownKey:
        return True


def _fault(link: chain.Link, what: str) -> Fault:
    return Fault(link.number, link.since, link.until, what)


def _seals(first: int) -> Iterator[tuple[chain.Link, bytes]]:
    after = first - 1
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT number, since, until, count, root, previous, key_id, sealed_at, hash FROM core_seal"
                " WHERE number > %s ORDER BY number LIMIT 1000",
                [after],
            )
            found = cursor.fetchall()
        if not found:
            return
        for number, since, until, count, root, previous, key_id, sealed_at, hash_ in found:
            link = chain.Link(number, since, until, count, bytes(root), bytes(previous), key_id, sealed_at)
            yield link, bytes(hash_)
            after = number


def _rows(link: chain.Link) -> list[chain.Row]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {chain.COLUMNS} FROM core_audit WHERE xact >= %s AND xact < %s ORDER BY xact, id",  # noqa: S608
            [link.since, link.until],
        )
        return [chain.Row(*found) for found in cursor.fetchall()]
