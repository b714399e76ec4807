"""学籍导入 and 照片导入 at a desk (rule G3): sending, looking, applying, taking back."""

import uuid
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from baokao.core.http.uploads import MEBIBYTE, uploads
from baokao.core.sheets import writing
from baokao.core.verdict import Refused, RefusedError
from baokao.office import access
from baokao.office.desk import Desk, OfficeRequest
from baokao.office.frame import frame
from baokao.office.roster import queries
from baokao.office.roster.forms import PHOTOS_AT_MOST, ROSTER_AT_MOST, ApplyForm, FileForm, PhotosForm, RosterForm
from baokao.office.saving import OTHER_SITTING, refuse
from baokao.office.staff_only import signed_in, staff
from baokao.passport.models import Role
from baokao.roster.models import RosterImport
from baokao.roster.services import imports
from baokao.roster.services.imports import NewImport

_Kind, _State = RosterImport.Kind, RosterImport.State
_HERE = {_Kind.ROSTER: "office:roster", _Kind.PHOTOS: "office:photos"}
_TITLES = {_Kind.ROSTER: "学籍导入", _Kind.PHOTOS: "照片导入"}
# Beside the file itself there are its name, the token and the borders between them.
_ROOM = MEBIBYTE


@staff(Role.COORDINATOR)
@uploads(ROSTER_AT_MOST + _ROOM, may=signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def roster(request: OfficeRequest) -> HttpResponse:
    """`/office/roster/`: send a roster file; what was sent before."""
    return _sending(request, _Kind.ROSTER, RosterForm)


@staff(Role.COORDINATOR)
@uploads(PHOTOS_AT_MOST + _ROOM, may=signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def photos(request: OfficeRequest) -> HttpResponse:
    """`/office/photos/`: send a ZIP of photos; what was sent before."""
    return _sending(request, _Kind.PHOTOS, PhotosForm)


def _sending(request: OfficeRequest, kind: RosterImport.Kind, shape: type[FileForm]) -> HttpResponse:
    desk = request.desk
    reach = access.reach(desk)
    posted = request.method == "POST"
    form = shape(request.POST, request.FILES) if posted else shape(initial={"sitting": desk.sitting.code})
    if posted and form.is_valid():
        typed = form.cleaned_data
        if typed["sitting"] == desk.sitting.code:
            mode = RosterImport.Mode(typed.get("mode", RosterImport.Mode.APPEND))
            new = NewImport(desk.sitting.code, reach, kind, mode, typed["file"])
            try:
                one = imports.send(new, actor=desk.actor, name=desk.name, now=desk.now)
                return HttpResponseRedirect(reverse("office:import", args=[one]))
            except RefusedError as refused:
                refuse(form, refused)
        else:
            form.add_error(None, OTHER_SITTING)
    context = frame(desk, _TITLES[kind], _HERE[kind])
    context |= {"form": form, "kind": kind, "reach": reach, "listing": queries.sent(desk, kind, request.GET)}
    return render(request, "office/roster/sending.html", context)


@staff(Role.COORDINATOR)
@require_safe
def one(request: OfficeRequest, import_id: uuid.UUID) -> HttpResponse:
    """`/office/roster/<id>/`: how far it is, what it would do, what it did. While a job works the page asks again by
    itself; htmx gets the part that changes, and the whole page once the job is done."""
    found = access.roster_import(request.desk, import_id)
    if getattr(request, "htmx", False):
        if found.working:
            return render(request, "office/roster/_progress.html", {"one": found})
        answer = HttpResponse()
        answer["HX-Refresh"] = "true"
        return answer
    return _shown(request, found)


def _shown(request: OfficeRequest, found: RosterImport, *refusals: Refused) -> HttpResponse:
    desk = request.desk
    kind = _Kind(found.kind)
    context: dict[str, Any] = frame(desk, _TITLES[kind], _HERE[kind])
    context |= {"one": found, "errors": refusals, "failed": bool(refusals), "listing": None, "lines": []}
    if found.state == _State.READY:
        listing = queries.preview(desk, found, request.GET)
        context |= {"listing": listing, "lines": queries.lines_of(listing.rows)}
        context["first"] = access.findings(desk, found).filter(severity="fault").order_by("row", "id")[:5]
        context["sendable"] = kind == _Kind.ROSTER and access.cells(desk, found).exists()
    elif found.state in (_State.APPLIED, _State.UNDONE):
        told = queries.done(desk, found, request.GET)
        context |= {"listing": told, "lines": queries.changes_of(desk, told.rows)}
    return render(request, "office/roster/import.html", context)


@staff(Role.COORDINATOR)
@require_safe
def findings(request: OfficeRequest, import_id: uuid.UUID) -> HttpResponse:
    """`/office/roster/<id>/findings/`: every fault and warning by row, column and reason."""
    desk = request.desk
    found = access.roster_import(desk, import_id)
    context = frame(desk, "错误与提醒", _HERE[_Kind(found.kind)])
    context |= {"one": found, "listing": queries.found(desk, found, request.GET)}
    return render(request, "office/roster/findings.html", context)


@staff(Role.COORDINATOR)
@require_safe
def faulty_rows(request: OfficeRequest, import_id: uuid.UUID) -> HttpResponse:
    """`/office/roster/<id>/faulty.xlsx`: the faulty rows as they were typed, with their reasons in a column."""
    desk = request.desk
    found = access.roster_import(desk, import_id)
    columns, rows = queries.faulty_rows(desk, found)
    imports.tell_faulty_rows_sent(found, actor=desk.actor, now=desk.now)
    answer = HttpResponse(writing.workbook(columns, rows, "有错误的行"), content_type=writing.CONTENT_TYPE)
    answer["Content-Disposition"] = 'attachment; filename="faulty-rows.xlsx"'
    return answer


@staff(Role.COORDINATOR)
@require_POST
def apply(request: OfficeRequest, import_id: uuid.UUID) -> HttpResponse:
    """`/office/roster/<id>/apply/`: apply it whole, or without its faulty rows."""
    found = access.roster_import(request.desk, import_id)
    form = ApplyForm(request.POST)
    form.is_valid()
    without, removed = form.cleaned_data.get("without_faulty", False), form.cleaned_data.get("removed") or 0
    return _asked(request, found, imports.ask_to_apply, without_faulty=without, removed=removed)


@staff(Role.COORDINATOR)
@require_POST
def discard(request: OfficeRequest, import_id: uuid.UUID) -> HttpResponse:
    """`/office/roster/<id>/discard/`: apply nothing of it."""
    return _asked(request, access.roster_import(request.desk, import_id), imports.discard)


@staff(Role.COORDINATOR)
@require_POST
def undo(request: OfficeRequest, import_id: uuid.UUID) -> HttpResponse:
    """`/office/roster/<id>/undo/`: take it back."""
    return _asked(request, access.roster_import(request.desk, import_id), imports.ask_to_undo)


def _asked(request: OfficeRequest, found: RosterImport, service: Any, **options: Any) -> HttpResponse:
    desk: Desk = request.desk
    try:
        service(found.id, actor=desk.actor, name=desk.name, now=desk.now, **options)
    except RefusedError as refused:
        found.refresh_from_db()
        return _shown(request, found, *refused.refusals)
    return HttpResponseRedirect(reverse("office:import", args=[found.id]))
