"""Hostile spreadsheets at the desk: a clear list or a refusal, memory bounded (proof d1)."""

import json
import os
import subprocess
import sys

import pytest

from baokao.core.models import Upload
from baokao.roster.models import ImportFinding, RosterImport, StudentRecord
from baokao.roster.services import imports
from baokao.roster.services.imports import checking
from tests import files
from tests.cast import NOW
from tests.roster.desk import Desk, confirm
from tests.roster.hostile import CORPUS, bomb

CASES = pytest.mark.parametrize("hostile", CORPUS, ids=lambda hostile: hostile.name)
# What reading may take on top of a program that has read nothing (its own address space has some hundred megabytes of
# libraries); the helper that unfolds workbooks has a limit of its own (core/sheets/workbook.py).
MEGABYTES = 300


@pytest.mark.django_db
@CASES
def test_d1_the_desk_answers_with_a_refusal_or_a_list(hostile, tmp_path):
    files.places()
    one = Desk(tmp_path).sent_file(hostile.content(), name=hostile.name)
    imports.check(one, NOW)
    found = RosterImport.objects.get(id=one)
    if hostile.refused:
        assert (found.state, hostile.refused in found.message) == ("refused", True), found.message
        assert not Upload.objects.exists()
        return
    assert found.state == "ready"
    if hostile.fault:
        reasons = "\n".join(f"{one.column} {one.reason}" for one in ImportFinding.objects.filter(severity="fault"))
        assert hostile.fault in reasons
    else:
        assert confirm(found).state == "applied"
        assert StudentRecord.objects.count() == 1


@pytest.mark.django_db
def test_d1_a_file_of_millions_of_short_rows_is_refused(tmp_path, monkeypatch):
    """64 MB are 32 million rows of one letter, and the job remembers each that is faulty: some gigabytes."""
    files.places()
    monkeypatch.setattr(checking, "ROWS_AT_MOST", 10)
    for rows, state in ((10, "ready"), (11, "refused")):
        one = Desk(tmp_path).sent(*({"姓名": "a"} for _ in range(rows)))
        imports.check(one, NOW)
        found = RosterImport.objects.get(id=one)
        assert found.state == state
    assert found.message == "表格的行数过多（多于 10 行），请分几个文件上传。"
    assert not ImportFinding.objects.filter(roster_import=found).exists()


@CASES
def test_d1_reading_takes_bounded_memory(hostile, tmp_path):
    path = tmp_path / hostile.name
    path.write_bytes(hostile.content())
    told = read_apart(path)
    assert told["megabytes"] < MEGABYTES
    assert hostile.refused in told["said"]


def test_d1_control_reading_without_the_bound_takes_the_bombs_memory(tmp_path):
    """The bomb does unfold when nothing holds it."""
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(bomb(350))
    unbound = "import zipfile, sys; content = zipfile.ZipFile(sys.argv[1]).read('xl/worksheets/sheet1.xml')"
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_AS, ({MEGABYTES << 20}, {MEGABYTES << 20})); "
    done = subprocess.run([sys.executable, "-c", limit + unbound, str(path)], capture_output=True, check=False)
    assert b"MemoryError" in done.stderr


def read_apart(path) -> dict:
    """Read the file as the job does, in a process that may not have more memory than that."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.roster.reading", str(path), str(MEGABYTES)], check=True, stdout=subprocess.PIPE,
        text=True, env=os.environ | {"DJANGO_SETTINGS_MODULE": "baokao.config.settings"},
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])
