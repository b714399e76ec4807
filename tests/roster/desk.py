"""A coordinator's imports without pages: a file is sent, and its jobs are done at once."""

import io

from django.core.files.base import File

from baokao.core.models import AuditRow
from baokao.roster.models import RosterImport, StudentRecord
from baokao.roster.reach import Reach
from baokao.roster.services import imports
from baokao.roster.services.imports import NewImport
from tests.cast import NOW
from tests.files import ROSTER, SITTING, write_csv

WHO = {"actor": "staff:" + "0" * 32, "name": "王老师"}
OWN = Reach("99301")
# Another student than tests/files has.
LI = {"证件号码": "993010WW1", "证件类型": "澳门身份证", "姓名": "李博"}


class Desk:
    """Sends files as 王老师 of 99301, unless another reach is given."""

    def __init__(self, folder, reach=OWN) -> None:
        self.folder, self.reach = folder, reach

    def sent(self, *rows, columns=ROSTER, **options):
        path = write_csv(self.folder / "r.csv", columns, *rows)
        return self.sent_file(path.read_bytes(), **options)

    def sent_file(self, content, name="r.csv", kind="roster", mode="append", now=NOW):
        new = NewImport(SITTING, self.reach, RosterImport.Kind(kind), RosterImport.Mode(mode),
                        File(io.BytesIO(content), name=name))  # fmt: skip
        return imports.send(new, **WHO, now=now)

    def checked(self, *rows, **options):
        one = self.sent(*rows, **options)
        imports.check(one, NOW)
        return RosterImport.objects.get(id=one)

    def applied(self, *rows, without_faulty=False, removed=0, now=NOW, **options):
        one = self.checked(*rows, **options)
        return confirm(one, without_faulty=without_faulty, removed=removed, now=now)


def confirm(one, *, without_faulty=False, removed=0, now=NOW):
    imports.ask_to_apply(one.id, without_faulty=without_faulty, removed=removed, **WHO, now=now)
    imports.apply(one.id, now)
    return RosterImport.objects.get(id=one.id)


def undone(one, now=NOW):
    imports.ask_to_undo(one.id, **WHO, now=now)
    imports.undo(one.id, now)
    return RosterImport.objects.get(id=one.id)


def counts(one):
    return one.state, one.added, one.changed, one.removed


def findings(one):
    return [f"{one.row} {one.column} {one.reason}" for one in one.findings.filter(severity="fault").order_by("row")]


def records():
    """All of every record but the sealed number, which is another one each time it is sealed."""
    found = list(StudentRecord.objects.order_by("id").values())
    return [{name: value for name, value in row.items() if name != "id_number_sealed"} for row in found]


def audited():
    """The actions in the log, in no order: the rows of one moment have none."""
    return list(AuditRow.objects.values_list("action", flat=True))
