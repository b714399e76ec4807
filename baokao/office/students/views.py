"""Students: the list, one of them with everything that happened to it, 补录, edit, restriction, photo (rule G3)."""

import uuid
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from baokao.core.verdict import Refused, RefusedError
from baokao.core.words import masked_number
from baokao.office import access
from baokao.office.desk import Desk, OfficeRequest
from baokao.office.frame import frame
from baokao.office.saving import OTHER_SITTING
from baokao.office.staff_only import staff
from baokao.office.students import queries
from baokao.office.students.forms import FIELDS, SUBJECT_CHOICES, FindForm, PhotoForm, ReasonForm, StudentForm
from baokao.office.students.timeline import timeline
from baokao.passport.models import Role
from baokao.registration import services as registration
from baokao.roster.models import StudentRecord
from baokao.roster.reach import EVERYWHERE, Reach
from baokao.roster.services import students as services

_HERE = "office:students"
_READERS = (Role.COORDINATOR, Role.PROVINCE, Role.NATIONAL)
_NOT_FOUND = Refused("student.missing", "没有这个证件号码的学生，", "请核对号码，或用“补录学生”添加。")


@staff(*_READERS)
@require_safe
def students(request: OfficeRequest) -> HttpResponse:
    """`/office/students/`: the roster with search, filter, sort and pages."""
    return _list(request)


def _list(request: OfficeRequest, *refusals: Refused) -> HttpResponse:
    desk = request.desk
    context = frame(desk, "学生", _HERE)
    context |= {"listing": queries.students(desk, request.GET), "errors": refusals, "failed": bool(refusals)}
    context |= {"may_edit": desk.role == Role.COORDINATOR, "names": queries.subject_names}
    return render(request, "office/students/list.html", context)


@staff(*_READERS)
@require_POST
def find(request: OfficeRequest) -> HttpResponse:
    """`/office/students/find/`: a student by the whole ID number."""
    form = FindForm(request.POST)
    desk = request.desk
    record = queries.by_number(desk, form.cleaned_data["id_number"]) if form.is_valid() else None
    registration.searched(desk.sitting.code, desk.actor, 1 if record else 0, desk.now)
    if record is None:
        return _list(request, _NOT_FOUND)
    return HttpResponseRedirect(reverse("office:student", args=[record.id]))


@staff(*_READERS)
@require_safe
def student(request: OfficeRequest, record_id: uuid.UUID) -> HttpResponse:
    """`/office/students/<id>/`: one student, and everything that happened."""
    record = access.record(request.desk, record_id)
    services.tell_looked_at(record, actor=request.desk.actor, now=request.desk.now)
    return _student(request, record)


def _student(
    request: OfficeRequest,
    record: StudentRecord,
    *refusals: Refused,
    number: str = "",
    typed: dict[str, Any] | None = None,
) -> HttpResponse:
    desk = request.desk
    national = desk.role == Role.NATIONAL
    own = record.subjects_barred if national else record.subjects_restricted
    context = frame(desk, record.name or "学生", _HERE)
    context |= {
        "record": record,
        "number": number,
        "masked": masked_number(record.id_number) if record.id_number else "—",
        "eligible": queries.eligibility(record),
        "restricted": queries.subject_names(record.subjects_restricted),
        "barred": queries.subject_names(record.subjects_barred),
        "registration": queries.live_registration(desk, record),
        "photographed": access.photographed(desk).filter(record=record).exists(),
        "events": timeline(desk, record),
        "subjects": SUBJECT_CHOICES,
        "ticked": typed["subjects"] if typed and "subjects" in typed else list(own),
        "typed": typed or {},
        "national": national,
        "may_edit": desk.role == Role.COORDINATOR,
        "errors": refusals,
        "failed": bool(refusals),
    }
    return render(request, "office/students/student.html", context)


@staff(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: OfficeRequest) -> HttpResponse:
    """`/office/students/new/`: 补录."""
    return _form(request, None)


@staff(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: OfficeRequest, record_id: uuid.UUID) -> HttpResponse:
    """`/office/students/<id>/edit/`: another value in some column."""
    desk = request.desk
    record = access.record(desk, record_id)
    if request.method != "POST":
        services.tell_looked_at(record, actor=desk.actor, now=desk.now)
    return _form(request, record)


def _form(request: OfficeRequest, record: StudentRecord | None) -> HttpResponse:
    desk = request.desk
    reach = access.reach(desk)
    posted = request.method == "POST"
    shown = StudentForm.values_of(record) if record else {"sitting": desk.sitting.code}
    form = StudentForm(
        request.POST if posted else None, initial=shown, campuses=access.campuses(desk), edited=record is not None
    )
    if posted and form.is_valid():
        if form.cleaned_data["sitting"] != desk.sitting.code:
            form.add_error(None, OTHER_SITTING)
        else:
            try:
                saved = services.save(
                    form.cells(record),
                    sitting=desk.sitting.code,
                    reach=reach,
                    actor=desk.actor,
                    name=desk.name,
                    now=desk.now,
                    record=record.id if record else None,
                    seen=_digest(form.cleaned_data["seen"]) if record else None,
                )
            except RefusedError as refused:
                for refusal in refused.refusals:
                    form.add_error(FIELDS.get(refusal.about), refusal.message + refusal.remedy)
            else:
                return HttpResponseRedirect(reverse("office:student", args=[saved.record]))
    context = frame(desk, "修改学生信息" if record else "补录学生", _HERE)
    context |= {
        "form": form,
        "record": record,
        "masked": masked_number(record.id_number) if record else "",
        "ticked": list(form["subjects"].value() or ()),
    }
    return render(request, "office/students/form.html", context)


def _reach(desk: Desk) -> Reach:
    return EVERYWHERE if desk.role == Role.NATIONAL else access.reach(desk)


def _reason(request: OfficeRequest) -> str:
    """The reason that was typed, nothing where it can't be one: that it is missing the services say."""
    form = ReasonForm(request.POST)
    form.is_valid()
    return str(form.cleaned_data.get("reason", ""))


def _digest(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


@staff(Role.COORDINATOR, Role.NATIONAL)
@require_POST
def restrict(request: OfficeRequest, record_id: uuid.UUID) -> HttpResponse:
    """`/office/students/<id>/restrict/`: the school's own restriction, or the national office's."""
    desk = request.desk
    record = access.record(desk, record_id)
    # What no box of the page says is refused by the service.
    codes, reason = request.POST.getlist("subjects"), _reason(request)
    try:
        services.restrict(
            record.id, "".join(codes), reason, reach=_reach(desk), actor=desk.actor, name=desk.name, now=desk.now,
        )  # fmt: skip
    except RefusedError as refused:
        return _student(request, record, *refused.refusals, typed={"subjects": codes, "restrict": reason})
    return HttpResponseRedirect(reverse("office:student", args=[record.id]))


@staff(Role.COORDINATOR)
@require_POST
def remove(request: OfficeRequest, record_id: uuid.UUID) -> HttpResponse:
    """`/office/students/<id>/remove/`: out of the roster."""
    desk = request.desk
    record, reason = access.record(desk, record_id), _reason(request)
    try:
        services.remove(record.id, reason, reach=_reach(desk), actor=desk.actor, name=desk.name, now=desk.now)
    except RefusedError as refused:
        return _student(request, record, *refused.refusals, typed={"remove": reason})
    return HttpResponseRedirect(reverse("office:student", args=[record.id]))


@staff(*_READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def photo(request: OfficeRequest, record_id: uuid.UUID) -> HttpResponse:
    """`/office/students/<id>/photo/`: the photo; posted, another one in its place."""
    desk = request.desk
    record = access.record(desk, record_id)
    if request.method != "POST":
        return HttpResponse(bytes(access.photo(desk, record).jpeg), content_type="image/jpeg")
    reach = access.reach(desk)
    form = PhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        services.tell_looked_at(record, actor=desk.actor, now=desk.now)
        return _student(request, record, Refused("photo.missing", str(form.errors["photo"][0]), about="photo"))
    try:
        content = form.cleaned_data["photo"].read()
        services.save_photo(record.id, content, reach=reach, actor=desk.actor, name=desk.name, now=desk.now)
    except RefusedError as refused:
        return _student(request, record, *refused.refusals)
    return HttpResponseRedirect(reverse("office:student", args=[record.id]))


@staff(*_READERS)
@require_POST
def number(request: OfficeRequest, record_id: uuid.UUID) -> HttpResponse:
    """`/office/students/<id>/number/`: the page with the whole ID number, for a reason."""
    desk = request.desk
    record = access.record(desk, record_id)
    try:
        whole = services.number_of(record, _reason(request), actor=desk.actor, now=desk.now)
    except RefusedError as refused:
        return _student(request, record, *refused.refusals)
    return _student(request, record, number=whole)
