"""`/office/offerings/`: look at what is offered, open and close it, size it, and set when (rules C13, G6)."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from baokao.core.verdict import RefusedError
from baokao.exams.models import Subject
from baokao.exams.services import school as services
from baokao.office import access
from baokao.office.desk import Desk, OfficeRequest
from baokao.office.frame import frame
from baokao.office.offerings import queries
from baokao.office.offerings.forms import OfferingsForm, WindowForm
from baokao.office.saving import kept, refuse, setter
from baokao.office.staff_only import staff
from baokao.passport.models import Role

HERE = "office:offerings"
_METHODS = ["GET", "HEAD", "POST"]


@staff(Role.COORDINATOR)
@require_safe
def listed(request: OfficeRequest) -> HttpResponse:
    """Every offering of the desk's campuses, with seats, lights and windows."""
    context = frame(request.desk, "开考科目与容量", HERE) | queries.offerings_page(request.desk, request.GET)
    return render(request, "office/offerings/list.html", context)


@staff(Role.COORDINATOR)
@require_http_methods(_METHODS)
def campus(request: OfficeRequest, campus: str) -> HttpResponse:
    """One campus: which subjects it offers, and for how many."""
    desk = request.desk
    where = access.campus_to_set(desk, campus)
    standing = _standing(desk, where.code)
    names = {one.subject_id: one.subject.name for one in access.sitting_subjects(desk)}
    version = services.offerings_version(standing, list(names))
    form = OfferingsForm(request.POST if request.method == "POST" else None, names, standing)
    form.fields["seen"].initial = version
    if form.is_bound and form.is_valid():
        try:
            services.set_offerings(setter(desk), where.code, form.wishes, form.cleaned_data["seen"])
        except RefusedError as refused:
            refuse(form, refused)
            standing = _standing(desk, where.code)
            kept(form, services.offerings_version(standing, list(names)))
        else:
            return HttpResponseRedirect(reverse("office:offerings_campus", args=[where.code]) + "?saved=1")
    title = f"{where.name}：开考科目与容量"
    context = frame(desk, title, HERE) | queries.campus_page(desk, where, standing)
    context |= {"form": form, "saved": "saved" in request.GET and not form.is_bound}
    return render(request, "office/offerings/campus.html", context)


def _standing(desk: Desk, campus: str) -> dict[str, Any]:
    return {row.subject_id: row for row in access.offerings(desk).filter(campus=campus)}


@staff(Role.COORDINATOR)
@require_http_methods(_METHODS)
def window(request: OfficeRequest, place: str, what: str) -> HttpResponse:
    """The window that a school or a campus (`place`, a code) sets for all of a kind, or for one subject (`what`)."""
    desk = request.desk
    where = access.school_to_set(desk) if place == desk.scope.school else access.campus_to_set(desk, place)
    kind, subject = _what(desk, what)
    code = subject.code if subject else ""
    standing = queries.Windows.of(desk).own(place, kind, code)
    form = WindowForm(request.POST if request.method == "POST" else None, standing, queries.setter_of(place))
    form.fields["seen"].initial = services.window_version(standing)
    if form.is_bound and form.is_valid():
        try:
            services.set_window(setter(desk), place, kind, code or None, form.pieces, form.cleaned_data["seen"])
        except RefusedError as refused:
            for refusal in refused.refusals:
                about = form.row_of(refusal.about)
                form.add_error(about if about in form.fields else None, refusal.message + refusal.remedy)
            kept(form, services.window_version(queries.Windows.of(desk).own(place, kind, code)))
        else:
            return HttpResponseRedirect(reverse("office:offerings_window", args=[place, what]) + "?saved=1")
    title = f"{where.name}：{subject.name if subject else f'全部{queries.KINDS[kind]}科目'}的报名时间"
    context = frame(desk, title, HERE) | queries.window_page(desk, place, kind, subject, standing)
    context |= {"form": form, "place": place, "subject": subject, "saved": "saved" in request.GET and not form.is_bound}
    return render(request, "office/offerings/window.html", context)


def _what(desk: Desk, what: str) -> tuple[str, Subject | None]:
    """The kind, and the subject where one is named. Raises Http404."""
    if what in queries.KINDS:
        return what, None
    found = access.sitting_subjects(desk).filter(subject=what).first()
    if found is None:
        raise Http404
    return found.subject.kind, found.subject
