"""`/office/release/`: whose record is held by whom, and releasing an unpaid one (rule B10)."""

import uuid

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from baokao.core.http.uploads import uploads
from baokao.core.verdict import RefusedError
from baokao.office import access
from baokao.office.desk import OfficeRequest
from baokao.office.frame import frame
from baokao.office.release import queries
from baokao.office.release.forms import CHECKED, ReleaseForm
from baokao.office.saving import refuse
from baokao.office.scans import LIMIT, scan
from baokao.office.staff_only import signed_in, staff
from baokao.office.standing.forms import SearchForm
from baokao.passport.models import Role
from baokao.registration import services
from baokao.review.evidence import pages_of

AREA = "office:release"
_METHODS = ["GET", "HEAD", "POST"]


@staff(Role.COORDINATOR)
@require_http_methods(_METHODS)
def registrations(request: OfficeRequest) -> HttpResponse:
    """Whose records are held; posted, one student by ID number or student number."""
    desk = request.desk
    form = SearchForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        record = queries.by_number(desk, " ".join(form.cleaned_data["number"].split()))
        found = queries.held(desk, record) if record else None
        services.searched(desk.sitting.code, desk.actor, 1 if record else 0, desk.now)
        if found is not None:
            return HttpResponseRedirect(reverse("office:release_one", args=[found.id]))
        form.add_error("number", _missing(record is not None))
    context = frame(desk, "信息占用", AREA) | {
        "listing": queries.registrations(desk, request.GET),
        "form": form,
        "masked": queries.account_masked,
    }
    return render(request, "office/release/list.html", context)


def _missing(known: bool) -> str:
    if known:
        return "该考生的学籍没有被占用：没有通行证账号保存了报名信息，考生可以直接登录、查询资格信息并保存。"
    return "本校没有这个证件号码或学号的学生，请核对；仍查不到的，请在“学生”中核对学籍。"


@staff(Role.COORDINATOR)
@uploads(LIMIT, may=signed_in)
@require_http_methods(_METHODS)
def release(request: OfficeRequest, registration_id: uuid.UUID) -> HttpResponse:
    """`/office/release/<id>/`: who holds the record; posted, its release with proof and reason."""
    desk = request.desk
    registration = access.registration(desk, registration_id)
    form = ReleaseForm()
    if request.method == "POST":
        form = ReleaseForm(request.POST, request.FILES)
        if form.is_valid():
            typed = form.cleaned_data
            try:
                pages = pages_of(typed["proof"])
                services.release_registration(
                    registration.id, typed["account"], form.said, pages, desk.actor, desk.name, desk.now
                )
                return HttpResponseRedirect(reverse("office:release_one", args=[registration.id]))
            except RefusedError as refused:
                refuse(form, refused)
        else:
            services.looked_at(registration.record, desk.actor, desk.now)
        # What was refused may have been because somebody else was faster: show how it stands now.
        registration = access.registration(desk, registration_id)
    else:
        services.looked_at(registration.record, desk.actor, desk.now)
    context = frame(desk, f"信息占用：{registration.record.name or '考生'}", AREA)
    context |= queries.page(desk, registration) | {"form": form, "checks": CHECKED}
    return render(request, "office/release/one.html", context)


@staff(Role.COORDINATOR)
@require_safe
def proof(request: OfficeRequest, release_id: uuid.UUID, position: int) -> HttpResponse:
    """`/office/release/proof/<id>/<position>/`: a page of proof, for an `<img>` or to be saved."""
    desk = request.desk
    found = access.release(desk, release_id)
    pages = found.pages
    if not 1 <= position <= len(pages):
        raise Http404
    services.proof_shown(desk.actor, found, position, desk.now)
    return scan(pages[position - 1], f"proof-{position}.jpg")
