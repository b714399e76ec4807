"""The lists as files (rule G4): ID numbers masked, or whole for a reason that the log keeps."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from baokao.core.verdict import RefusedError
from baokao.core.words import shown as moment
from baokao.office import access
from baokao.office.desk import Desk, OfficeRequest
from baokao.office.exporting import FORMATS, Cell, download
from baokao.office.frame import frame
from baokao.office.listing import Listing
from baokao.office.saving import refuse
from baokao.office.staff_only import staff
from baokao.office.standing import groups, queries
from baokao.office.standing.forms import ExportForm
from baokao.office.standing.paging import Classes
from baokao.passport.models import Role
from baokao.registration import services

# So many rows are read and written at a time.
_CHUNK = 1000
CANDIDATES = (
    "学号", "姓名", "性别", "证件类型", "证件号码", "校区代码", "校区", "学历", "院系", "专业", "年级", "班级",
    "资格科目", "状态", "报考科目", "未支付科目数", "未支付金额(元)", "最早到期时间", "报名时间",
)  # fmt: skip
CLASSES = (
    "校区代码", "院系", "专业", "年级", "班级", "学籍人数", "已报名", "未报名", "已保存未报考", "全部支付", "部分支付",
    "未支付", "未支付科目数", "未支付金额(元)",
)  # fmt: skip


@staff(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def candidates(request: OfficeRequest) -> HttpResponseBase:
    """考生名单 with the search, filter and order of the list that led here."""
    desk = request.desk
    listing = queries.candidates(desk, request.GET)
    form = ExportForm(request.POST if request.method == "POST" else None, initial={"format": "xlsx"})
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        told: dict[str, Any] = {"rows": listing.total, "filter": listing.chip.key, "format": typed["format"]}
        try:
            services.exported(
                desk.sitting.code, "candidates", desk.actor, told, typed["whole"], typed["reason"], desk.now
            )
        except RefusedError as refused:
            refuse(form, refused)
        else:
            rows = _candidates(desk, listing, typed["whole"])
            return download(f"考生名单-{desk.sitting.code}", typed["format"], CANDIDATES, rows)
    context = frame(desk, "导出考生名单", "office:candidates") | {"form": form, "listing": listing, "formats": FORMATS}
    return render(request, "office/standing/export.html", context)


def _candidates(desk: Desk, listing: Listing[Any], whole: bool) -> Iterator[tuple[Cell, ...]]:
    names = dict(access.campuses(desk).values_list("code", "name"))
    ids = list(listing.kept.values_list("id", flat=True))
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        found = {row.record.id: row for row in queries.shown(desk, queries.stood(desk).filter(id__in=chunk))}
        for record in chunk:
            if (row := found.get(record)) is not None:
                yield _candidate(row, names, whole)


def _candidate(row: queries.Shown, names: dict[str, str], whole: bool) -> tuple[Cell, ...]:
    one = row.record
    number = one.id_number if whole else row.number
    return (
        one.student_no, one.name, one.gender, one.get_id_type_display(), number, one.campus_id,
        names.get(one.campus_id, ""), one.degree, one.department, one.major, one.grade, one.class_name,
        one.eligible, row.state[0], row.subjects, one.unpaid, one.owed,
        moment(one.due) if one.due else "", moment(one.saved_at) if one.saved_at else "",
    )  # fmt: skip


@staff(Role.COORDINATOR)
@require_safe
def classes(request: OfficeRequest) -> HttpResponseBase:
    """The table of classes as it is searched and filtered: numbers and nobody's name."""
    desk = request.desk
    found = Classes(request.GET, groups.counts(desk, "class"))
    rows = [
        (*one.key, one.students, one.registered, one.missing, one.empty, one.complete, one.partly, one.unpaid,
         one.unpaid_entries, one.owed)
        for one in found.kept
    ]  # fmt: skip
    return download(f"班级统计-{desk.sitting.code}", request.GET.get("as", "xlsx"), CLASSES, rows)
