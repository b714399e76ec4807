"""Reading a roster file in a process whose memory is limited: `python -m tests.roster.reading FILE MEGABYTES`."""

import json
import resource
import sys
from pathlib import Path

import django


def main(path: Path, megabytes: int) -> None:
    """Prints what was said about the file, and the most memory that was resident."""
    django.setup()
    from baokao.core.sheets import UnreadableFile, open_sheet
    from baokao.exams.reference import SUBJECTS
    from baokao.roster.imports import records
    from baokao.roster.imports.records import RecordReader
    from baokao.roster.imports.telling import FindingsByRow

    begun = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    limit = begun + (megabytes << 20)
    resource.setrlimit(resource.RLIMIT_AS, (limit, resource.getrlimit(resource.RLIMIT_AS)[1]))
    findings, said = FindingsByRow(), ""
    try:
        with open_sheet(path, records.REQUIRED, records.OPTIONAL, findings, lambda *_: None) as sheet:
            reader = RecordReader({"993010"}, {name: code for code, name, *_ in SUBJECTS}, findings)
            for row, cells in sheet.rows():
                reader.line(row, cells)
    except UnreadableFile as unreadable:
        said = str(unreadable)
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    sys.stdout.write(json.dumps({"said": said, "megabytes": int(peak.split()[1]) / 1024}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
