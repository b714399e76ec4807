"""The pages of the review's desk: queue, one application, evidence, applying on behalf (rules E4, E6, E7)."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from baokao.core.http.uploads import uploads
from baokao.core.verdict import Refused, RefusedError
from baokao.core.words import masked_number
from baokao.office import access
from baokao.office.desk import Desk, OfficeRequest
from baokao.office.frame import frame
from baokao.office.review import queries
from baokao.office.review.forms import REASONS, CertificateForm, DecisionForm
from baokao.office.scans import LIMIT, scan
from baokao.office.staff_only import signed_in, staff
from baokao.passport.models import Role
from baokao.registration.services import looked_at
from baokao.review import services
from baokao.review.evidence import pages_of
from baokao.review.models import Application, Decision
from baokao.roster.models import PastScore

AREA = "office:review"
WRONG_REASON = Refused("wrong_reason", "所选的常用理由与复核结果不符，请重新选择。", about="common")


@staff(Role.COORDINATOR)
@require_safe
def queue(request: OfficeRequest) -> HttpResponse:
    """`/office/review/`: the applications, those that wait first (rule G5)."""
    desk = request.desk
    context = frame(desk, "CET6资格复核", AREA) | {
        "listing": queries.queue(desk, request.GET),
        "undoable": queries.undoable(desk),
        "first": queries.waiting(desk).first(),
        "applied": "applied" in request.GET,
    }
    return render(request, "office/review/queue.html", context)


@staff(Role.COORDINATOR)
@uploads(LIMIT, may=signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: OfficeRequest, application: uuid.UUID) -> HttpResponse:
    """`/office/review/<id>/`: decide, undo, keep evidence; then the next that waits."""
    desk = request.desk
    wanted = access.application(desk, application)
    form = DecisionForm()
    refusals: Sequence[Refused] = ()
    if request.method == "POST":
        form = DecisionForm(request.POST, request.FILES)
        try:
            if gone := _done(request, wanted, form):
                return gone
        except RefusedError as refused:
            refusals = _beside_their_field(form, refused.refusals)
        # What was refused may have been because somebody else was faster: show how it stands now.
        wanted = access.application(desk, application)
    context = frame(desk, "CET6资格复核", AREA) | queries.one(desk, wanted)
    context |= {"form": form, "refusals": refusals, "reasons": REASONS, "undoable": queries.undoable(desk)}
    context |= {"kept": "kept" in request.GET and request.method != "POST", "undo_time": queries.undo_time(desk.now)}
    services.numbers_shown(desk.actor, wanted, desk.now)
    for column in context["columns"]:
        if column.score and not column.here:
            services.numbers_shown(desk.actor, column.application, desk.now)
    return render(request, "office/review/one.html", context)


def _done(request: OfficeRequest, wanted: Application, form: DecisionForm) -> HttpResponse | None:
    """Do what the button says and go on; None when the form itself is wrong. Raises RefusedError."""
    desk, step = request.desk, request.POST.get("step", "")
    here = reverse("office:review_one", args=[wanted.id])
    if step == "undo":
        services.undo(desk.actor, wanted.id, desk.now)
        return HttpResponseRedirect(here)
    if not form.is_valid():
        return None
    if step == "keep":
        services.keep_evidence(desk.actor, wanted.id, pages_of(form.cleaned_data["proof"]), desk.now)
        return HttpResponseRedirect(f"{here}?kept=1#evidence")
    if step not in Decision.Verdict:
        return None
    verdict = Decision.Verdict(step)
    reason = form.said(verdict)
    if reason is None:
        raise RefusedError(WRONG_REASON)
    pages = pages_of(form.cleaned_data["proof"])
    after = queries.next_waiting(desk, wanted)
    services.decide(desk.actor, wanted.id, verdict, reason, desk.now, pages)
    where = reverse("office:review_one", args=[after.id]) if after else reverse(AREA)
    return HttpResponseRedirect(where)


@staff(Role.COORDINATOR)
@require_safe
def evidence(request: OfficeRequest, page: uuid.UUID) -> HttpResponse:
    """`/office/review/evidence/<id>/`: a page of proof, for an `<img>` or to be saved."""
    desk = request.desk
    found = access.evidence_page(desk, page)
    services.evidence_shown(desk.actor, found, desk.now)
    return scan(found.jpeg, f"evidence-{found.position}.jpg")


@staff(Role.COORDINATOR)
@require_safe
def students(request: OfficeRequest) -> HttpResponse:
    """`/office/review/behalf/`: find the student to apply for (rule E6)."""
    desk = request.desk
    context = frame(desk, "代为申请", AREA) | {"listing": queries.students(desk, request.GET)}
    return render(request, "office/review/students.html", context)


@staff(Role.COORDINATOR)
@uploads(LIMIT, may=signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def behalf(request: OfficeRequest, record: uuid.UUID) -> HttpResponse:
    """`/office/review/behalf/<record>/`: the certificate, and the search for past scores (rule E6)."""
    desk = request.desk
    student = access.record(desk, record)
    form = CertificateForm()
    refusals: Sequence[Refused] = ()
    scores: list[PastScore] | None = None
    if request.method == "POST":
        try:
            if request.POST.get("step") == "search":
                form = CertificateForm(initial=_typed(request))
                scores = services.search_scores(desk.actor, student.id, desk.now)
            else:
                form = CertificateForm(request.POST, request.FILES)
                if form.is_valid():
                    _apply(desk, student.id, form)
                    return HttpResponseRedirect(f"{reverse(AREA)}?applied=1&f=behalf")
        except RefusedError as refused:
            refusals = _beside_their_field(form, refused.refusals)
    else:
        looked_at(student, desk.actor, desk.now)
    context = frame(desk, "代为申请", AREA) | {
        "student": student,
        "number_masked": masked_number(student.id_number),
        "form": form,
        "refusals": refusals,
        "scores": None if scores is None else queries.scores_shown(scores, student),
        "undo_time": queries.undo_time(desk.now),
    }
    return render(request, "office/review/behalf.html", context)


def _apply(desk: Desk, student: uuid.UUID, form: CertificateForm) -> None:
    pages = pages_of(form.cleaned_data["proof"])
    services.apply_on_behalf(desk.actor, student, form.certificate, form.cleaned_data["reason"], pages, desk.now)


def _typed(request: OfficeRequest) -> dict[str, Any]:
    """What stood in the fields when the search was asked for, so that it isn't lost (rule H3)."""
    return {name: request.POST.get(name, "") for name in ("certificate_number", "examined_in", "score", "ticket")}


def _beside_their_field(form: Form, refusals: Sequence[Refused]) -> list[Refused]:
    """Put what is about a field beside it; the rest is left for the summary."""
    for refusal in refusals:
        if form.is_bound and refusal.about in form.fields:
            form.add_error(refusal.about, refusal.message + refusal.remedy)
    return [refusal for refusal in refusals if not (form.is_bound and refusal.about in form.fields)]
