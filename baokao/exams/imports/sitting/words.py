"""Agreement, instructions, notices, content pages and news."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from baokao.core.sheets import Findings
from baokao.core.yamlfile import Fields, Scalar, Unsuitable, value
from baokao.core.yamlfile.values import line, lines, moment, prose, quoted
from baokao.exams.imports.sitting.known import Known
from baokao.exams.imports.sitting.windows import KINDS

TEXT_AT_MOST = 20_000


@dataclass(frozen=True)
class AgreementPart:
    """报名协议; one clause a line. Another text than the newest version's is a new version (rule B2)."""

    label: str
    body: str


@dataclass(frozen=True)
class NewsItem:
    """An item, known again by its title and its moment."""

    title: str
    published_at: datetime
    body: str


def read_agreement(root: Fields, findings: Findings) -> AgreementPart | None:
    """Label and text, both needed."""
    node = root.node("agreement")
    if node is None:
        return None
    fields = Fields(node, "agreement", ("label", "text"), findings)
    label, body = fields.need("label", line(30)), fields.need("text", lines(TEXT_AT_MOST))
    return AgreementPart(label, body) if label and body else None


def read_instructions(root: Fields, findings: Findings) -> dict[str, str]:
    """报考须知 by kind."""
    node = root.node("instructions")
    if node is None:
        return {}
    return Fields(node, "instructions", tuple(KINDS), findings).columns(dict.fromkeys(KINDS, lines(TEXT_AT_MOST)))


def read_notices(root: Fields, known: Known, findings: Findings) -> dict[str, str | None]:
    """省通告 and 学校通告 by the code of who gives them; None takes one away."""
    found: dict[str, str | None] = {}
    for key, path, node in root.entries("notices"):
        try:
            _giver(key.text, known)
        except Unsuitable as error:
            findings.fault(key.line, path, str(error))
            continue
        if isinstance(node, Scalar) and node.is_null:
            found[key.text] = None
        elif body := value(node, path, lines(TEXT_AT_MOST), findings):
            found[key.text] = body
    return found


def _giver(text: str, known: Known) -> str:
    if not re.fullmatch("[0-9]{2}|[0-9]{5}", text):
        raise Unsuitable(f"应为 2 位省代码或 5 位学校代码，不是{quoted(text)}")
    return known.province(text) if len(text) == 2 else known.school(text)


def read_pages(root: Fields, findings: Findings) -> dict[str, dict[str, Any]]:
    """Title and body by slug, both needed."""
    found: dict[str, dict[str, Any]] = {}
    for key, path, node in root.entries("pages"):
        if not re.fullmatch("[a-z0-9-]{1,30}", key.text):
            findings.fault(key.line, path, f"页面代码应为小写字母、数字和 -，至多 30 个字符，不是{quoted(key.text)}")
            continue
        fields = Fields(node, path, ("title", "body"), findings)
        title, body = fields.need("title", line(60)), fields.need("body", prose(TEXT_AT_MOST))
        if title and body:
            found[key.text] = {"title": title, "body": body}
    return found


def read_news(root: Fields, findings: Findings) -> list[NewsItem]:
    """Each item once."""
    found: dict[tuple[str, datetime], tuple[int, NewsItem]] = {}
    for path, item in root.items("news"):
        fields = Fields(item, path, ("title", "published_at", "body"), findings)
        title, published_at = fields.need("title", line(100)), fields.need("published_at", moment)
        body = fields.need("body", prose(TEXT_AT_MOST))
        if not (title and published_at and body):
            continue
        if (title, published_at) in found:
            fields.fault("title", f"与第 {found[title, published_at][0]} 行的新闻相同")
        found[title, published_at] = item.line, NewsItem(title, published_at, body)
    return [item for _, item in found.values()]
