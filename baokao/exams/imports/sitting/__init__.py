"""A sitting's set-up as an operator writes it in YAML (docs/imports.md, `sitting`): what a sound file says."""

from dataclasses import dataclass, field
from typing import Any

from baokao.core.sheets import Findings
from baokao.core.yamlfile import Fields, Node
from baokao.exams.imports.sitting import calendar, exams, places, windows, words
from baokao.exams.imports.sitting.exams import Exams
from baokao.exams.imports.sitting.known import Known
from baokao.exams.imports.sitting.places import CampusPart, SchoolPart
from baokao.exams.imports.sitting.windows import Window
from baokao.exams.imports.sitting.words import AgreementPart, NewsItem

SECTIONS = (
    "sitting", "exams", "agreement", "instructions", "notices", "windows", "schools", "campuses", "pages", "news",
)  # fmt: skip


@dataclass
class SittingFile:
    """What a file says. What it doesn't name is absent here too and stays as it is; None is `null`, to be taken away.

    `columns` are the sitting's own, by the model's names; `notices` are by a province's or a school's code.
    """

    code: str
    columns: dict[str, Any] = field(default_factory=dict)
    exams: Exams = field(default_factory=Exams)
    agreement: AgreementPart | None = None
    instructions: dict[str, str] = field(default_factory=dict)
    notices: dict[str, str | None] = field(default_factory=dict)
    windows: list[Window] = field(default_factory=list)
    schools: dict[str, SchoolPart] = field(default_factory=dict)
    campuses: dict[str, CampusPart] = field(default_factory=dict)
    pages: dict[str, dict[str, Any]] = field(default_factory=dict)
    news: list[NewsItem] = field(default_factory=list)


def code_of(root: Node) -> tuple[str | None, Findings]:
    """The code of the sitting that a document is about, before anything else of it is read; None and what is wrong with
    it, for without it nothing else could be judged."""
    findings = Findings()
    fields = Fields(root, "", SECTIONS, findings)
    if "sitting" not in fields:
        fields.fault("sitting", "未填写；文件须写明是哪个考次")
        return None, findings
    node = fields.node("sitting")
    code = Fields(node, "sitting", calendar.SITTING, findings).need("code", calendar.code) if node else None
    return code, findings


def names_shared(root: Node) -> bool:
    """Whether the document sets anything that all sittings share."""
    fields = Fields(root, "", SECTIONS, Findings())
    return any(section in fields for section in ("schools", "campuses", "pages", "news"))


def read(root: Node, known: Known, findings: Findings) -> SittingFile:
    """All of the document, every fault noted."""
    fields = Fields(root, "", SECTIONS, findings)
    file = SittingFile(known.code)
    file.columns = calendar.read(fields, known, findings)
    file.exams = exams.read(fields, known, findings)
    offered = known.offered | file.exams.subjects.keys()
    file.agreement = words.read_agreement(fields, findings)
    file.instructions = words.read_instructions(fields, findings)
    file.notices = words.read_notices(fields, known, findings)
    file.windows = windows.read(fields, known, offered, findings)
    file.schools = places.read_schools(fields, known, offered, findings)
    file.campuses = places.read_campuses(fields, known, findings)
    file.pages = words.read_pages(fields, findings)
    file.news = words.read_news(fields, findings)
    calendar.check_opening(fields, file.columns, known, has_agreement="agreement" in fields)
    return file
