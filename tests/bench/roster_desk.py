"""Bench 10: a roster of 100,000 rows at a coordinator's desk, from the upload's first byte to applied, while visitors
walk through the journey; against reading the bare file and COPY of the same rows.

A web server and a worker of the project's own; the file goes through the page, and what the page shows is confirmed at
once. Against it stands, while the same visitors walk, one process that reads the cells with the same reader and sends
the rows, encoded, sealed and digested beforehand, into a copy of the table with the same indexes and constraints.
Rounds alternate. Memory is the worker's peak, by the kernel, plus that of the helper that unfolds a workbook.
"""

import csv
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.bench.client import Visitor
from tests.bench.database import checkpoint
from tests.bench.memory import Peak
from tests.bench.walking import WARMING, Page, Walkers, told
from tests.site import Site, Worker

ROWS, ROUNDS = 100_000, 3
SCHOOL, CAMPUSES = "99301", 10
# Seconds of looking at the pages alone, and between two looks at the import's page.
BEFORE, POLL = 10.0, 0.25
_COPIED = "bench_roster_copied"


def run(rows: int = ROWS) -> list[dict[str, object]]:
    """Two rows for each kind of file: the import, and the journey's pages meanwhile."""
    with TemporaryDirectory() as folder:
        return [row for kind in (".csv", ".xlsx") for row in _rows(make_file(Path(folder), kind, rows), rows)]


def make_file(folder: Path, kind: str, rows: int) -> Path:
    """A school's roster of that many students, spread over its campuses."""
    from tests.bench.roster_import import write_file

    path = folder / "roster.csv"
    write_file(path, rows, first=int(f"{SCHOOL}0"), campuses=CAMPUSES)
    if kind == ".csv":
        return path
    import xlsxwriter

    # Texts in a table of their own, as spreadsheet programs write them.
    with (
        path.open(encoding="utf-8", newline="") as lines,
        xlsxwriter.Workbook(folder / "roster.xlsx", {"strings_to_numbers": False}) as book,
    ):
        sheet = book.add_worksheet()
        for number, cells in enumerate(csv.reader(lines)):
            for column, text in enumerate(cells):
                sheet.write_string(number, column, text)
    return folder / "roster.xlsx"


def _rows(file: Path, rows: int) -> list[dict[str, object]]:
    cookie = stage()
    site = Site("tests.bench.bare:application", workers=2, threads=4)
    worker = Worker()
    try:
        found = measure(site, worker, cookie, file)
    finally:
        worker.stop()
        site.stop()
        _drop_copied()
    ratio = median(one / other for one, other in zip(found.imports, found.bare, strict=True))
    slowest_at_the_desk = max(found.at_the_desk, key=lambda page: page[1])
    return [
        {
            "bench": f"roster at a desk, {rows:,} rows of {file.suffix}",
            "ours": f"{median(found.imports):.1f} s, {found.megabytes}",
            "against": f"{median(found.bare):.1f} s reading and COPY",
            "ratio": round(ratio, 2),
            "goal": "≤ 4, < 60 s, < 300 MB",
        },
        {
            "bench": f"pages of the journey during {file.suffix}",
            "ours": told(found.meanwhile),
            "against": f"before: {told(found.before)}",
            "ratio": f"the desk's slowest {slowest_at_the_desk[1] * 1000:.0f} ms ({slowest_at_the_desk[0]})",
            "goal": "< 500 ms",
        },
    ]


class Found:
    """What was measured: seconds of each round's import and of its twin, the pages, and the worker's memory."""

    def __init__(self) -> None:
        self.imports: list[float] = []
        self.bare: list[float] = []
        self.before: list[Page] = []
        self.meanwhile: list[Page] = []
        self.at_the_desk: list[Page] = []
        self.megabytes = ""


def stage() -> str:
    """An empty house for the visitors, a school of several campuses, and a coordinator; the coordinator's cookie."""
    from django.db import connection

    from baokao.exams.models import Campus
    from baokao.passport.staff import sessions
    from tests.bench import journey, walking
    from tests.office.desks import a_staff, at_desk

    _drop_copied()
    journey.stage(walking.VISITORS)
    codes = [f"{SCHOOL}{n}" for n in range(CAMPUSES)]
    Campus.objects.bulk_create(
        [Campus(code=code, school_id=SCHOOL, name=f"校区{code}") for code in codes], ignore_conflicts=True
    )
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {_COPIED} (LIKE roster_studentrecord INCLUDING ALL)")
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = 'roster_studentrecord'::regclass AND contype = 'f'"
        )
        for (constraint,) in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {_COPIED} ADD {constraint}")
    return at_desk(a_staff()).cookies[sessions.COOKIE].value


def _drop_copied() -> None:
    """Or the house could not be emptied: a table that isn't its own points at its campuses."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {_COPIED}")


def measure(site: Site, worker: Worker, cookie: str, file: Path, rounds: int = ROUNDS) -> Found:
    """Send the file so many times, each time into a roster that has none of it."""
    found = Found()
    encoded = file.with_suffix(".encoded")
    with Walkers(site) as walkers, Peak(worker.child.pid) as peak:
        time.sleep(WARMING)
        walkers.take()
        time.sleep(BEFORE)
        found.before = walkers.take()
        for _ in range(rounds):
            _forget()
            walkers.take()
            desk = Desk(site.url, cookie)
            found.imports.append(desk.bring_in(file))
            found.meanwhile += walkers.take()
            found.at_the_desk += desk.pages
            if not encoded.exists():
                _encode(encoded)
            found.bare.append(_bare(file, encoded))
    found.megabytes = peak.told()
    _forget()
    return found


class Desk:
    """A coordinator's browser, and how long each of its pages took but the upload's."""

    def __init__(self, url: str, cookie: str) -> None:
        from baokao.passport.staff import sessions

        self._visitor = Visitor(url, cookies={sessions.COOKIE: cookie})
        self.pages: list[Page] = []

    def bring_in(self, file: Path) -> float:
        """Send the file, confirm what its check says as soon as it is there; seconds until it is applied."""
        visitor = self._visitor
        self._timed("学籍导入", lambda: visitor.get("/office/roster/"))
        form = {"sitting": visitor.hidden("sitting"), "mode": "append"}
        begun = time.perf_counter()
        visitor.send_file("/office/roster/", "file", file, **form)
        assert visitor.status == 302, visitor.page
        page = visitor.headers["location"]
        self._wait(page, "待确认")
        self._timed("写入学籍库", lambda: visitor.post(f"{page}apply/"))
        self._wait(page, "已写入")
        seconds = time.perf_counter() - begun
        visitor.close()
        return seconds

    def _wait(self, page: str, state: str) -> None:
        while True:
            self._timed(f"before {state}", lambda: self._visitor.get(page))
            told = re.search("<h1>学籍导入：([^<]*)</h1>", self._visitor.page)
            assert told, self._visitor.page
            if told[1] == state:
                self.pages[-1] = (state, self.pages[-1][1])
                return
            assert told[1].startswith(("正在", "等待")), f"{told[1]} instead of {state}: {self._visitor.page}"
            time.sleep(POLL)

    def _timed(self, name: str, deed: Callable[[], None]) -> None:
        begun = time.perf_counter()
        deed()
        self.pages.append((name, time.perf_counter() - begun))


def _forget() -> None:
    """No import was ever made, and nothing is left to be written or cleaned up for one."""
    from django.db import connection

    connection.set_autocommit(True)
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM roster_studentrecord WHERE id IN"
            " (SELECT record_id FROM roster_recordchange WHERE kind = 'added')"
        )
        cursor.execute(
            "TRUNCATE roster_recordchange, roster_importline, roster_importfinding, roster_importcells,"
            f" roster_rosterimport, core_uploadchunk, core_upload, {_COPIED}"
        )
        cursor.execute("VACUUM ANALYZE roster_studentrecord")
    checkpoint()


def _encode(target: Path) -> None:
    """The import's records as COPY takes them, in the order of the file."""
    from django.db import connection

    added = "SELECT record_id FROM roster_recordchange WHERE kind = 'added'"
    query = f"COPY (SELECT * FROM roster_studentrecord WHERE id IN ({added}) ORDER BY student_no) TO STDOUT"
    with connection.cursor() as cursor, cursor.copy(query) as copy, target.open("wb") as out:
        for block in copy:
            out.write(block)


def _bare(file: Path, encoded: Path) -> float:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.roster_desk", str(file), str(encoded)], check=True, stdout=subprocess.PIPE,
        text=True, env=os.environ | {"DJANGO_SETTINGS_MODULE": "baokao.config.settings"},
    )  # fmt: skip
    return float(done.stdout.splitlines()[-1])


def _child(file: Path, encoded: Path) -> None:
    """Reading and COPY alone, timed from opening the file to the commit."""
    import django

    django.setup()
    from django.db import connection

    with connection.cursor() as cursor:
        begun = time.perf_counter()
        _read(file)
        with encoded.open("rb") as rows, cursor.copy(f"COPY {_COPIED} FROM STDIN") as copy:
            while block := rows.read(1 << 18):
                copy.write(block)
        print(time.perf_counter() - begun)


def _read(file: Path) -> None:
    """Every cell, by the reader that the import uses."""
    if file.suffix == ".csv":
        with file.open(encoding="utf-8-sig", newline="") as lines:
            for _ in csv.reader(lines, strict=True):
                pass
        return
    from python_calamine import CalamineWorkbook

    for _ in CalamineWorkbook.from_path(file).get_sheet_by_index(0).iter_rows():
        pass


if __name__ == "__main__":
    _child(Path(sys.argv[1]), Path(sys.argv[2]))
