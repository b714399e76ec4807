"""Bench 5: a roster of 1,000,000 rows through the import, against COPY of the same rows from the same client.

COPY goes into the same table with the same indexes and constraints, with rows encoded, sealed and digested beforehand,
in the order of the file; rounds alternate. Making the file is not counted. The import runs in a process of its own, and
its peak memory is the kernel's figure for that process; reading .csv starts no others.
"""

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.bench.database import checkpoint

ROWS = 1_000_000
ROUNDS = 2
SITTING = "20262"
HEADER = (
    "证件类型,证件号码,姓名,性别,校区代码,学历,学制,入学年份,年级,院系,专业,班级,学号,备注,资格科目,限制科目,限制原因\n"
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_FAMILY, _GIVEN = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华慧巧美雪"


def run(rows: int = ROWS) -> list[dict[str, object]]:
    """One row: seconds and peak memory of the import, seconds of COPY, their ratio."""
    imports, copies, peaks = [], [], []
    with TemporaryDirectory() as folder:
        file, encoded = Path(folder) / "roster.csv", Path(folder) / "encoded"
        _places()
        write_file(file, rows)
        for _ in range(ROUNDS):
            _empty()
            figures = _import(file)
            imports.append(figures["seconds"])
            peaks.append(figures["megabytes"])
            if not encoded.exists():
                _encode(encoded)
            _empty()
            copies.append(_copy(encoded))
        again = _import(file)
        _empty()
    ratio = median(one / other for one, other in zip(imports, copies, strict=True))
    return [
        {
            "bench": f"roster import, {rows:,} rows",
            "ours": f"{median(imports):.1f} s, {max(peaks):.0f} MB",
            "against": f"{median(copies):.1f} s COPY",
            "ratio": round(ratio, 2),
            "goal": "≤ 8, < 500 MB",
        },
        {
            "bench": f"the same roster again, {rows:,} rows, nothing changed",
            "ours": f"{again['seconds']:.1f} s, {again['megabytes']:.0f} MB",
            "against": f"{median(copies):.1f} s COPY",
            "ratio": round(again["seconds"] / median(copies), 2),
            "goal": "",
        },
    ]


def write_file(file: Path, rows: int, first: int = 990010, campuses: int = 1000) -> None:
    """A roster of so many campuses from the first on; numbers with right check digits, a name in fifty with a middle
    dot."""
    chance = random.Random(5)
    with file.open("w", encoding="utf-8") as out:
        out.write(HEADER)
        for number in range(rows):
            campus = first + number % campuses
            name = chance.choice(_FAMILY) + "".join(chance.choices(_GIVEN, k=2))
            name += "•" + chance.choice(_GIVEN) * 2 if not number % 50 else ""
            out.write(
                f"居民身份证,{_id_number(number, chance)},{name},{'男女'[number % 2]},{campus},本科,4,"
                f"{20 + number % 4},{number % 4 + 1},计算机科学与技术学院,软件工程,软件{number % 30:02}班,"
                f"{number:08},,12FS,,\n"
            )


def _id_number(number: int, chance: random.Random) -> str:
    body = f"{chance.randrange(110101, 659001)}{1990 + number // 336_000}{number // 28_000 % 12 + 1:02}"
    body += f"{number // 1000 % 28 + 1:02}{number % 1000:03}"
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11]


def _places() -> None:
    from baokao.core import clock
    from tests.bench import people

    people.build(0, 1000, clock.now())


def _empty() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE roster_studentrecord, core_audit CASCADE")
    checkpoint()


def _import(file: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.roster_import", str(file)], check=True, stdout=subprocess.PIPE, text=True,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "baokao.config.settings"},
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


def _encode(target: Path) -> None:
    from django.db import connection

    query = "COPY (SELECT * FROM roster_studentrecord ORDER BY student_no) TO STDOUT"
    with connection.cursor() as cursor, cursor.copy(query) as copy, target.open("wb") as out:
        for block in copy:
            out.write(block)


def _copy(encoded: Path) -> float:
    from django.db import connection

    began = time.perf_counter()
    copying = "COPY roster_studentrecord FROM STDIN"
    with encoded.open("rb") as rows, connection.cursor() as cursor, cursor.copy(copying) as copy:
        while block := rows.read(1 << 18):
            copy.write(block)
    return time.perf_counter() - began


def _child(file: Path) -> None:
    """The import alone, timed from opening the file to the commit."""
    import django

    django.setup()
    from baokao.core import clock
    from baokao.roster.services import import_roster

    began = time.perf_counter()
    outcome = import_roster(
        file, sitting=SITTING, actor="national", dry_run=False, progress=lambda *_: None, now=clock.now()
    )
    seconds = time.perf_counter() - began
    assert outcome.findings.sound, outcome.findings.faults[:5]
    # Not getrusage: its peak survives exec, and would be that of the process that started this one.
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    kilobytes = int(peak.split()[1])
    print(json.dumps({"seconds": seconds, "megabytes": kilobytes / 1024, "applied": outcome.applied}))


if __name__ == "__main__":
    _child(Path(sys.argv[1]))
