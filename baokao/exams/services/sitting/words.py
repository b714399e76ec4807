"""Agreement, instructions, notices, content pages and news."""

from datetime import datetime

from baokao.exams.imports.sitting import SittingFile
from baokao.exams.imports.sitting.windows import KINDS
from baokao.exams.models import Agreement, Instructions, News, Notice, Page
from baokao.exams.services.sitting.step import Step, of_row


def steps(file: SittingFile, now: datetime) -> list[Step]:
    """One step a text."""
    return [*_agreement(file), *_instructions(file), *_notices(file), *_pages(file, now), *_news(file)]


def _agreement(file: SittingFile) -> list[Step]:
    """Another text is the next version, which everybody has to accept anew; the same text keeps its version, whatever
    its label is (rule B2)."""
    if (part := file.agreement) is None:
        return []
    newest = Agreement.objects.filter(sitting_id=file.code).order_by("-version").first()
    if newest is not None and newest.body == part.body:
        return [of_row(f"报名协议第 {newest.version} 版", newest, {"label": part.label})]
    blank = Agreement(sitting_id=file.code, version=newest.version + 1 if newest else 1)
    note = "（新版本，已同意旧版本的考生须重新同意）" if newest else ""
    return [of_row(f"报名协议第 {blank.version} 版{note}", None, {"label": part.label, "body": part.body}, blank)]


def _instructions(file: SittingFile) -> list[Step]:
    standing = {row.kind: row for row in Instructions.objects.filter(sitting_id=file.code)}
    found = []
    for kind, body in file.instructions.items():
        blank = Instructions(sitting_id=file.code, kind=kind)
        found.append(of_row(f"报考须知（{KINDS[kind]}）", standing.get(kind), {"body": body}, blank))
    return found


def _notices(file: SittingFile) -> list[Step]:
    rows = Notice.objects.filter(sitting_id=file.code)
    standing = {row.province_id or row.school_id or "": row for row in rows}
    found = []
    for giver, body in file.notices.items():
        row = standing.get(giver)
        is_province = len(giver) == 2
        label = f"{'省' if is_province else '学校'}通告 {giver}"
        if body is None:
            found.append(Step(f"{label}：撤下", "changed", row.delete) if row else Step(label))
            continue
        blank = Notice(sitting_id=file.code, **{"province_id" if is_province else "school_id": giver})
        found.append(of_row(label, row, {"body": body}, blank))
    return found


def _pages(file: SittingFile, now: datetime) -> list[Step]:
    standing = Page.objects.in_bulk(list(file.pages))
    return [
        of_row(f"页面 {slug}", standing.get(slug), texts, Page(slug=slug), also={"updated_at": now})
        for slug, texts in file.pages.items()
    ]


def _news(file: SittingFile) -> list[Step]:
    rows = News.objects.filter(title__in=[item.title for item in file.news])
    standing = {(row.title, row.published_at): row for row in rows}
    found = []
    for item in file.news:
        row = standing.get((item.title, item.published_at))
        blank = News(title=item.title, published_at=item.published_at)
        found.append(of_row(f"新闻“{item.title}”", row, {"body": item.body}, blank))
    return found
