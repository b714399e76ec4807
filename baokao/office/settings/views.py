"""`/office/settings/`, `/office/notice/`, `/office/contacts/`: what a school decides for itself, and how its candidates
read it (rules C1, C3, C8, G8)."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from baokao.core.verdict import RefusedError
from baokao.exams import queries as exams
from baokao.exams.models import Contact
from baokao.exams.queries import NoticeText
from baokao.exams.services import school as services
from baokao.exams.services.school import ContactLine
from baokao.office import access
from baokao.office.desk import Desk, OfficeRequest
from baokao.office.frame import frame
from baokao.office.offerings.queries import freeze_of
from baokao.office.saving import kept, refuse, setter
from baokao.office.settings.forms import ContactsForm, NoticeForm, SwitchesForm
from baokao.office.staff_only import staff
from baokao.passport.models import Role

_METHODS = ["GET", "HEAD", "POST"]


@staff(Role.COORDINATOR)
@require_http_methods(_METHODS)
def switches(request: OfficeRequest) -> HttpResponse:
    """报考设置: both levels at once, speaking policies, and the campus of each subject."""
    desk = request.desk
    school = access.school_to_set(desk)
    standing = services.settings_of(school.code, desk.sitting.code)
    campuses, names = list(access.campuses(desk)), exams.subject_names()
    form = SwitchesForm(request.POST if request.method == "POST" else None, standing, campuses, names)
    form.fields["seen"].initial = standing.version
    if form.is_bound and form.is_valid():
        try:
            services.set_settings(setter(desk), form.settings, form.cleaned_data["seen"])
        except RefusedError as refused:
            refuse(form, refused)
            kept(form, services.settings_of(school.code, desk.sitting.code).version)
        else:
            return HttpResponseRedirect(reverse("office:settings") + "?saved=1")
    context = frame(desk, "报考设置", "office:settings") | {
        "form": form,
        "campus_names": {campus.code: campus.name for campus in campuses},
        "offered": {(row.campus_id, row.subject_id) for row in access.offerings(desk).filter(offered=True)},
        "frozen": freeze_of(desk),
        "saved": _saved(request),
    }
    return render(request, "office/settings/switches.html", context)


@staff(Role.COORDINATOR)
@require_http_methods(_METHODS)
def notice(request: OfficeRequest) -> HttpResponse:
    """学校通告, with a preview as candidates see it. 预览 saves nothing."""
    desk = request.desk
    school = access.school_to_set(desk)
    row = access.notice(desk)
    standing = row.body if row else ""
    form = NoticeForm(request.POST if request.method == "POST" else None, initial={"body": standing})
    form.fields["seen"].initial = services.notice_version(standing)
    previewed = standing
    if form.is_bound and form.is_valid():
        previewed = form.cleaned_data["body"]
        if request.POST.get("do") != "preview":
            try:
                services.set_notice(setter(desk), previewed, form.cleaned_data["seen"])
            except RefusedError as refused:
                refuse(form, refused)
                row = access.notice(desk)
                kept(form, services.notice_version(row.body if row else ""))
            else:
                return HttpResponseRedirect(reverse("office:notice") + "?saved=1")
    lines = tuple(line.strip() for line in previewed.splitlines() if line.strip())
    context = frame(desk, "学校通告", "office:notice") | {
        "form": form,
        "preview": NoticeText(f"({school.code}){school.name}", lines),
        "previewing": form.is_bound,
        "province_notice": exams.province_notice(desk.sitting.code, school.province_id),
        "frozen": freeze_of(desk),
        "saved": _saved(request),
    }
    return render(request, "office/settings/notice.html", context)


@staff(Role.COORDINATOR)
@require_safe
def contacts(request: OfficeRequest) -> HttpResponse:
    """联系人 of each of the desk's campuses, as candidates read them (rule G8)."""
    desk = request.desk
    found: dict[str, list[ContactLine]] = {}
    for row in access.contacts(desk):
        found.setdefault(row.campus_id, []).append(_line(row))
    context = frame(desk, "联系人", "office:contacts") | {
        "campuses": [(campus, found.get(campus.code, [])) for campus in access.campuses(desk)],
        "may_set": access.may_set_campuses(desk),
        "frozen": freeze_of(desk),
    }
    return render(request, "office/settings/contacts.html", context)


@staff(Role.COORDINATOR)
@require_http_methods(_METHODS)
def contacts_of(request: OfficeRequest, campus: str) -> HttpResponse:
    """联系人 of one campus, to change."""
    desk = request.desk
    where = access.campus_to_set(desk, campus)
    standing = _lines(desk, where.code)
    form = ContactsForm(request.POST if request.method == "POST" else None, standing)
    form.fields["seen"].initial = services.contacts_version(standing)
    if form.is_bound and form.is_valid():
        try:
            services.set_contacts(setter(desk), where.code, form.lines, form.cleaned_data["seen"])
        except RefusedError as refused:
            refuse(form, refused)
            kept(form, services.contacts_version(_lines(desk, where.code)))
        else:
            return HttpResponseRedirect(reverse("office:contacts_campus", args=[where.code]) + "?saved=1")
    context = frame(desk, f"{where.name}：联系人", "office:contacts") | {
        "form": form,
        "campus": where,
        "shown": standing,
        "frozen": freeze_of(desk),
        "saved": _saved(request),
    }
    return render(request, "office/settings/contacts_of.html", context)


def _lines(desk: Desk, campus: str) -> list[ContactLine]:
    return [_line(row) for row in access.contacts(desk).filter(campus=campus)]


def _line(row: Contact) -> ContactLine:
    return ContactLine(row.name, row.phone, row.office, row.hours)


def _saved(request: OfficeRequest) -> bool:
    return "saved" in request.GET and request.method != "POST"
