"""`/office/`, `/office/standing/`, `/office/candidates/`, `/office/accounts/`: who registered and paid, who didn't, and
why (rules A8, G1, G5)."""

import uuid
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from baokao.core.crypto.digests import digests
from baokao.core.verdict import RefusedError
from baokao.core.words import masked_number
from baokao.office import access
from baokao.office.desk import Desk, OfficeRequest
from baokao.office.frame import frame
from baokao.office.offerings.queries import heat
from baokao.office.queries import figures
from baokao.office.saving import refuse
from baokao.office.staff_only import staff
from baokao.office.standing import groups, queries
from baokao.office.standing.drawing import timeline
from baokao.office.standing.forms import ReasonForm, SearchForm
from baokao.office.standing.paging import Classes
from baokao.office.standing.why import why
from baokao.passport.models import Role
from baokao.registration import services
from baokao.registration.models import Registration
from baokao.registration.queries.before import home_window, subjects_text
from baokao.roster.models import StudentRecord
from baokao.roster.rules import number_key

_METHODS = ["GET", "HEAD", "POST"]
_MOST_FOUND = 20


@staff()
@require_safe
def home(request: OfficeRequest) -> HttpResponse:
    """`/office/`: a coordinator sees where things stand and the list of students; other desks see its figures."""
    desk = request.desk
    context = frame(desk, "报名与缴费", "office:home")
    if desk.role != Role.COORDINATOR:
        return render(request, "office/home.html", context | {"figures": figures(desk)})
    context |= _list(request) | {
        "total": groups.counts(desk)[0],
        "window": home_window(desk.sitting, desk.now),
        "timeline": timeline(queries.over_time(desk)),
        "heat": _heat(desk),
    }
    return render(request, "office/standing/home.html", context)


@staff(Role.COORDINATOR)
@require_safe
def standing(request: OfficeRequest) -> HttpResponse:
    """统计: in all, over time, by subject, campus and class, drawn and in tables."""
    desk = request.desk
    days = queries.over_time(desk)
    names = dict(access.campuses(desk).values_list("code", "name"))
    context = frame(desk, "统计", "office:standing") | {
        "total": groups.counts(desk)[0],
        "days": days,
        "timeline": timeline(days),
        "subjects": queries.by_subject(desk),
        "campuses": [(names.get(one.key[0], ""), one) for one in groups.counts(desk, "campus")],
        "classes": Classes(request.GET, groups.counts(desk, "class")),
    }
    return render(request, "office/standing/standing.html", context)


@staff(Role.COORDINATOR)
@require_safe
def candidates(request: OfficeRequest) -> HttpResponse:
    """考生名单, whoever has registered or not."""
    context = frame(request.desk, "考生名单", "office:candidates") | _list(request)
    return render(request, "office/standing/candidates.html", context)


def _list(request: OfficeRequest) -> dict[str, Any]:
    listing = queries.candidates(request.desk, request.GET)
    return {"listing": listing, "rows": queries.shown(request.desk, listing.rows)}


def _heat(desk: Desk) -> dict[str, Any]:
    offered = access.offerings(desk).filter(offered=True).select_related("subject")
    return heat(list(access.campuses(desk)), list(offered))


@staff(Role.COORDINATOR)
@require_http_methods(_METHODS)
def candidate(request: OfficeRequest, record: uuid.UUID) -> HttpResponse:
    """One student: how they stand, why a subject can't be entered; the whole account or ID number for a reason (A8)."""
    desk = request.desk
    student = access.record(desk, record)
    asked = request.POST.get("ask", "")
    forms = {ask: ReasonForm(request.POST if asked == ask else None, prefix=ask) for ask in ("account", "number")}
    told = {"account": "", "number": ""}
    form = forms.get(asked)
    if form is None or not form.is_valid():
        services.looked_at(student, desk.actor, desk.now)
    else:
        tell = services.tell_account if asked == "account" else services.tell_number
        try:
            told[asked] = tell(student, desk.actor, form.cleaned_data["reason"], desk.now)
        except RefusedError as refused:
            refuse(form, refused)
    live = access.registrations(desk).filter(record=student, state=Registration.State.LIVE).first()
    context = frame(desk, f"{student.name}：报考情况", "office:candidates") | {
        "record": student,
        "class_label": groups.class_label(("", student.department, student.major, student.grade, student.class_name)),
        "number_masked": masked_number(student.id_number),
        "subjects_text": subjects_text(student.subjects_given),
        "registration": live,
        "told": told,
        "forms": forms,
        "failed": form is not None and bool(form.errors),
        **why(student, live.passport_id if live else None, desk.now),
    }
    return render(request, "office/standing/candidate.html", context)


@staff(Role.COORDINATOR)
@require_http_methods(_METHODS)
def accounts(request: OfficeRequest) -> HttpResponse:
    """账号查询: find a student by ID number or student number, typed into a form; then to the student's page (A8)."""
    desk = request.desk
    form = SearchForm(request.POST if request.method == "POST" else None)
    found: list[StudentRecord] | None = None
    if form.is_bound and form.is_valid():
        typed = " ".join(form.cleaned_data["number"].split())
        matches = Q(student_no=typed) | Q(id_number_digest__in=digests("id_number", number_key(typed)))
        found = list(access.records(desk).filter(matches).order_by("name", "id")[:_MOST_FOUND])
        services.searched(desk.sitting.code, desk.actor, len(found), desk.now)
    context = frame(desk, "账号查询", "office:accounts") | {
        "form": form,
        "rows": None if found is None else [(row, masked_number(row.id_number)) for row in found],
        "most": _MOST_FOUND,
    }
    return render(request, "office/standing/accounts.html", context)
