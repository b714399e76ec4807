"""One row of a roster file: what is wrong with it, and the line that it becomes in the staging table."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import gt

from baokao.core.crypto.digests import digest, digests
from baokao.core.crypto.keys import keyring
from baokao.core.crypto.sealed import seal
from baokao.core.sheets import Findings
from baokao.roster.imports.copying import bytea, bytea_array, escaped
from baokao.roster.imports.identity import Identities
from baokao.roster.models import StudentRecord
from baokao.roster.reach import EVERYWHERE, Reach
from baokao.roster.rules import order_subjects, shown_name

# Header and attribute of the columns that are kept as they come.
_TEXTS = {
    "学历": "degree", "学制": "length", "入学年份": "entry_year", "年级": "grade", "院系": "department",
    "专业": "major", "班级": "class_name", "学号": "student_no", "备注": "remark", "限制原因": "restriction_reason",
}  # fmt: skip
REQUIRED = ["证件类型", "证件号码", "姓名", "性别", "校区代码", "资格科目", "限制科目", *_TEXTS]
OPTIONAL = ["笔试报名校区代码"]
COLUMNS = [*REQUIRED, *OPTIONAL]
_DEPARTMENT = [*_TEXTS].index("院系")
_CONTEXT = StudentRecord.id_number.context(StudentRecord)
_ROW = "roster_row"
_LENGTHS: dict[str, int] = {field.name: field.max_length or 0 for field in StudentRecord._meta.fields}
_LIMITS = [(header, _LENGTHS[name]) for header, name in _TEXTS.items()]
_AT_MOST = [limit for _, limit in _LIMITS]
_ENTRY_YEAR = re.compile(r"((19|20)?\d\d)?年?").fullmatch
_SEPARATORS = re.compile(r"[;；,，、/\s]+")
_PLACE = re.compile(r"^[(（](\w)[)）]\s*")


@dataclass(frozen=True)
class Row:
    """A row that was read: the normalised ID number, empty after a fault of it, and `merging.KEPT` in its order."""

    number: str
    kept: tuple[str, ...]

    @property
    def text(self) -> str:
        """What the row's digest is made of."""
        return f"{self.number}\t" + "\t".join(self.kept)

    @property
    def digest(self) -> bytes:
        """By which the same row is known again under the current key."""
        return digest(_ROW, self.text)


class RecordReader:
    """Reads rows. `campuses` are the codes known; `subjects` gives a code for each subject's name; `reach` bounds what
    the rows may touch, where a desk sends them."""

    def __init__(
        self, campuses: set[str], subjects: Mapping[str, str], findings: Findings, reach: Reach = EVERYWHERE
    ) -> None:
        self._campuses = campuses
        self._names = subjects
        self._codes = set(subjects.values())
        self._findings = findings
        self._reach = reach
        self._identities = Identities(findings)
        self._read_before: dict[str, str | None] = {}
        self._several_keys = len(keyring("digest").keys) > 1

    def read(self, row: int, cells: Sequence[str]) -> Row:
        """The row, with what is wrong with it noted; a faulty value is empty in it."""
        id_type_text, number_text, name_text, gender, campus, given_text, restricted_text, *texts, written = cells
        id_type = self._identities.id_type(row, id_type_text)
        number = self._identities.number(row, number_text, id_type)
        name, key = self._identities.name(row, name_text)
        gender = self._gender(row, gender.strip())
        campus, written = self._places(row, campus.strip(), written.strip())
        given = self._subjects(row, "资格科目", given_text)
        restricted = self._subjects(row, "限制科目", restricted_text)
        kept = self._texts(row, texts)
        if restricted and not kept[-1]:
            self._findings.warn(row, "限制原因", "有限制科目而未写明原因")
        if campus:
            self._within_reach(row, campus, kept[_DEPARTMENT])
        return Row(number, (id_type, name, key, gender, campus, written, *kept, given, restricted))

    def line(self, row: int, cells: Sequence[str]) -> str | None:
        """The staging line of a row; None when it has no usable ID number and so nothing can be compared. Faults are
        noted, and a faulty row is never merged, so it is staged for its ID number alone."""
        read = self.read(row, cells)
        number = read.number
        if not number:
            return None
        found = digest("id_number", number)
        older_ids = older_rows = "\\N"
        if self._several_keys:
            older_ids = bytea_array(digests("id_number", number)[1:])
            older_rows = bytea_array(digests(_ROW, read.text)[1:])
        sealed = bytea(seal(number, _CONTEXT, found))
        columns = escaped("\t".join(read.kept))
        return f"{row}\t{bytea(found)}\t{sealed}\t{bytea(read.digest)}\t{older_ids}\t{older_rows}\t{columns}\n"

    def _within_reach(self, row: int, campus: str, department: str) -> None:
        if not self._reach.has_campus(campus):
            foreign = campus[:5] != self._reach.school
            reason = f"{campus} 不是本校的校区" if foreign else f"校区 {campus} 不在您的管理范围内"
            self._findings.fault(row, "校区代码", reason)
        elif not self._reach.has_department(department):
            self._findings.fault(
                row, "院系", "该院系不在您的管理范围内" if department else "未填写，无法判断是否在您的管理范围内"
            )

    def _gender(self, row: int, text: str) -> str:
        if text in ("男", "女"):
            return text
        self._findings.fault(row, "性别", f"应为男或女，不是“{text[:10]}”" if text else "未填写")
        return ""

    def _places(self, row: int, campus: str, written: str) -> tuple[str, str]:
        """Record campus and written campus, both of one school (facts, Roster)."""
        if campus not in self._campuses:
            self._findings.fault(row, "校区代码", f"未知的校区“{campus[:10]}”" if campus else "未填写")
            campus = ""
        if not written:
            return campus, campus
        if written not in self._campuses:
            self._findings.fault(row, "笔试报名校区代码", f"未知的校区“{written[:10]}”")
        elif campus and written[:5] != campus[:5]:
            self._findings.fault(row, "笔试报名校区代码", f"{written} 不是学校 {campus[:5]} 的校区")
        return campus, written

    def _subjects(self, row: int, column: str, text: str) -> str:
        try:
            codes = self._read_before[text]
        except KeyError:
            codes = self._read_before[text] = self._codes_of(text)
        if codes is None:
            self._findings.fault(row, column, f"未知的科目“{text.strip()[:30]}”")
            return ""
        return codes

    def _codes_of(self, text: str) -> str | None:
        """`12F`, `1;2;F`, or names with ；; 无 and nothing are no subject. None when something in it is unknown."""
        codes = ""
        for word in filter(None, _SEPARATORS.split(text)):
            name = shown_name(_PLACE.sub("", word))
            run = word.upper()
            if name in self._names:
                codes += self._names[name]
            elif set(run) <= self._codes:
                codes += run
            elif word != "无":
                return None
        return order_subjects(codes)

    def _texts(self, row: int, texts: Sequence[str]) -> list[str]:
        kept = [text.strip() for text in texts]
        # Asked of all of them at once, since hardly any row has such a thing.
        if not "".join(kept).isprintable():
            kept = [text if text.isprintable() else shown_name(text) for text in kept]
        if any(map(gt, map(len, kept), _AT_MOST)):
            kept = [self._short(row, text, column, limit) for text, (column, limit) in zip(kept, _LIMITS, strict=True)]
        if not _ENTRY_YEAR(kept[2]):
            self._findings.warn(row, "入学年份", f"不像年份：“{kept[2]}”")
        return kept

    def _short(self, row: int, text: str, column: str, limit: int) -> str:
        if len(text) <= limit:
            return text
        self._findings.fault(row, column, f"过长（多于 {limit} 个字符）")
        return ""
