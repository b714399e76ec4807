"""Bench 8: a bill of a million lines, from its zip to the listed differences, against COPY of the same lines.

The bill is fetched by the real adapter in a process of its own, whose peak memory is the kernel's figure; making the
file and our books is not counted. COPY goes into the same table with the same indexes, from the same client.
"""

import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.database import checkpoint
from tests.payments import million

ROWS, PLANTED, SEED = 1_000_000, 100, 11


def run(rows: int = ROWS) -> list[dict[str, object]]:
    """One row: seconds and peak memory, seconds of COPY, their ratio."""
    from django.core.management import call_command

    call_command("flush", interactive=False, verbosity=0)
    million.fill(rows)
    with TemporaryDirectory() as folder:
        file, encoded = Path(folder) / "bill.zip", Path(folder) / "encoded"
        plan = million.planted(rows, min(PLANTED, rows // 200), SEED)
        million.write(file, plan.lines())
        checkpoint()
        figures = million.fetch(file, {})
        _found_exactly(plan)
        copied = _copy(encoded)
    call_command("flush", interactive=False, verbosity=0)
    seconds, megabytes = float(figures["seconds"]), float(figures["megabytes"])  # type: ignore[arg-type]
    return [
        {
            "bench": f"a bill of {rows:,} payments, {plan.found.total():,} differences",
            "ours": f"{seconds:.1f} s, {megabytes:.0f} MB",
            "against": f"{copied:.1f} s COPY",
            "ratio": round(seconds / copied, 2),
            "goal": "< 600 s, < 300 MB",
        }
    ]


def _found_exactly(plan: million.Planted) -> None:
    from baokao.payments.models import Difference

    found = sorted(Difference.objects.filter(state="listed").values_list("kind", "number"))
    assert found == sorted(plan.found.elements()), "other differences were found than were planted"


def _copy(encoded: Path) -> float:
    """Seconds of putting the bill's lines in once more, read from a file."""
    from django.db import connection

    with connection.cursor() as cursor:
        with cursor.copy("COPY payments_bill_line TO STDOUT") as copy, encoded.open("wb") as out:
            for block in copy:
                out.write(block)
        cursor.execute("TRUNCATE payments_bill_line")
    checkpoint()
    began = time.perf_counter()
    copying = "COPY payments_bill_line FROM STDIN"
    with encoded.open("rb") as lines, connection.cursor() as cursor, cursor.copy(copying) as copy:
        while block := lines.read(1 << 18):
            copy.write(block)
    return time.perf_counter() - began
