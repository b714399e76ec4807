"""`make bench`: run the benches, or those named, and print the table that docs/performance.md keeps.

python -m tests.bench [entries] [journey] [sign_in] [public] [roster_import] [rush] [growth] [expiry] [bills]
                      [notifications] [roster_desk]
"""

import os
import sys
from pathlib import Path

BENCHES = (
    "entries",
    "journey",
    "sign_in",
    "public",
    "roster_import",
    "rush",
    "growth",
    "expiry",
    "bills",
    "notifications",
    "roster_desk",
)


def main() -> None:
    os.environ |= {"BAOKAO_ENV": "test", "BAOKAO_CAPTCHA": "fixed", "DJANGO_SETTINGS_MODULE": "baokao.config.settings"}
    from baokao.config import place

    data = place.BASE / "var" / "bench"
    os.environ["BAOKAO_DATA"] = str(data)
    from baokao.sandbox.database import running

    # As durable as a real server: every commit waits for the disk.
    with running(data, durable=True):
        import django

        django.setup()
        _prepare()
        print(f"{_machine()}\n\n| bench | ours | against | ratio | goal |\n|---|---|---|---|---|", flush=True)
        for name in sys.argv[1:] or BENCHES:
            for row in __import__(f"tests.bench.{name}", fromlist=["run"]).run():
                print(
                    f"| {row['bench']} | {row['ours']} | {row['against']} | {row['ratio']} | {row['goal']} |",
                    flush=True,
                )


def _prepare() -> None:
    from django.core.management import call_command

    from baokao.config import collected, grants

    call_command("migrate", verbosity=0)
    grants.apply()
    collected.collect()


def _machine() -> str:
    from django.db import connection

    processor = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        "unknown processor",
    )
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        database = cursor.fetchone()[0]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    python = ".".join(map(str, sys.version_info[:3]))
    return f"{os.cpu_count()} cores ({processor}), {memory:.0f} GiB, Python {python}, PostgreSQL {database}."


if __name__ == "__main__":
    main()
