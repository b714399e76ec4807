"""报名信息核对表: classes are chosen, and printed one class a page, to be checked and signed by hand."""

import operator
from collections import defaultdict
from dataclasses import dataclass
from functools import reduce
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from baokao.core.verdict import Refused, RefusedError
from baokao.core.words import masked_number
from baokao.office import access
from baokao.office.desk import Desk, OfficeRequest
from baokao.office.frame import frame
from baokao.office.saving import refuse
from baokao.office.staff_only import staff
from baokao.office.standing import groups, queries
from baokao.office.standing.forms import LeavingForm
from baokao.office.standing.groups import CLASS, class_label
from baokao.office.standing.paging import Classes, key_of
from baokao.passport.models import Role
from baokao.registration import services
from baokao.registration.models import Registration

MOST_CLASSES = 60
_NONE = Refused("no_class", "请先勾选要打印的班级。")
_TOO_MANY = Refused("too_many_classes", f"一次最多打印 {MOST_CLASSES} 个班级，请分几次打印。")


@dataclass(frozen=True)
class Line:
    """One student: as saved in the registration where there is one, else as the roster says (rule B8)."""

    student_no: str
    name: str
    gender: str
    id_type: str
    number: str
    subjects: str
    state: str


@staff(Role.COORDINATOR)
@require_safe
def choose(request: OfficeRequest) -> HttpResponse:
    """The classes, with boxes."""
    return _page(request, LeavingForm(), [])


@staff(Role.COORDINATOR)
@require_POST
def sheets(request: OfficeRequest) -> HttpResponse:
    """The chosen classes, to print. Whole ID numbers take a reason."""
    desk = request.desk
    form = LeavingForm(request.POST)
    keys = [key for text in request.POST.getlist("c") if (key := key_of(text)) is not None]
    try:
        if not keys:
            raise RefusedError(_NONE)
        if len(keys) > MOST_CLASSES:
            raise RefusedError(_TOO_MANY)
        if not form.is_valid():
            return _page(request, form, request.POST.getlist("c"))
        typed = form.cleaned_data
        found = _lines(desk, keys, typed["whole"])
        told = {"classes": len(found), "students": sum(map(len, found.values()))}
        services.check_list_printed(desk.sitting.code, desk.actor, told, typed["whole"], typed["reason"], desk.now)
    except RefusedError as refused:
        form.is_valid()
        refuse(form, refused)
        return _page(request, form, request.POST.getlist("c"))
    names = dict(access.campuses(desk).values_list("code", "name"))
    context = frame(desk, "报名信息核对表", "office:check_list") | {
        "sheets": [(names.get(key[0], key[0]), class_label(key), lines) for key, lines in found.items()],
        "whole": typed["whole"],
    }
    return render(request, "office/standing/sheets.html", context)


def _page(request: OfficeRequest, form: LeavingForm, chosen: list[str]) -> HttpResponse:
    desk = request.desk
    context = frame(desk, "报名信息核对表", "office:check_list") | {
        "classes": Classes(request.GET, groups.counts(desk, "class")),
        "form": form,
        "chosen": chosen,
        "most": MOST_CLASSES,
    }
    return render(request, "office/standing/check_list.html", context)


def _lines(desk: Desk, keys: list[tuple[str, ...]], whole: bool) -> dict[tuple[str, ...], list[Line]]:
    """The classes' students in the order of their numbers; a class that the desk doesn't reach has none and is left
    out."""
    wanted = reduce(operator.or_, (Q(**dict(zip(CLASS, key, strict=True))) for key in keys))
    rows = queries.shown(desk, queries.stood(desk).filter(wanted).order_by(*CLASS, "student_no", "id"))
    saved = {
        one.record_id: one
        for one in access.registrations(desk).filter(
            state=Registration.State.LIVE, record__in=[row.record.id for row in rows]
        )
    }
    found: dict[tuple[str, ...], list[Line]] = defaultdict(list)
    for row in rows:
        who: Any = saved.get(row.record.id, row.record)
        number = str(who.id_number)
        line = Line(
            row.record.student_no, who.name, who.gender, who.get_id_type_display(),
            number if whole else masked_number(number), row.subjects, row.state[0],
        )  # fmt: skip
        found[tuple(getattr(row.record, name) for name in CLASS)].append(line)
    return dict(found)
