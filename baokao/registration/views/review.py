"""`/my/review/`: apply for the CET-6 review, see how it stands, submit again or delete it (rules E1 to E5, E7)."""

import uuid
from collections.abc import Sequence

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from baokao.core.http.client import client_key
from baokao.core.verdict import Refused, RefusedError
from baokao.registration import access
from baokao.registration.access import Visit
from baokao.registration.forms import ReviewForm
from baokao.registration.queries import Applicant, applicant, holders, review_page
from baokao.registration.views.steps import page
from baokao.review import queries as reviews
from baokao.review import services


@page(posts=True, agreed=True)
def review(visit: Visit) -> HttpResponse:
    """The form names the record that its page showed, so that two open pages can't be mixed up (as in rule B4)."""
    request = visit.request
    posted = request.method == "POST"
    token = request.POST.get("record", "") if posted else request.COOKIES.get(access.RECORD_COOKIE, "")
    named = access.looked_up(visit.passport, token)
    own = reviews.own(visit.passport, visit.sitting.code)
    who = applicant(visit.bound, named or (own.record if own else None), visit.sitting.code, visit.now)
    if who is None:
        return HttpResponseRedirect(reverse("my:eligibility"))
    if posted and named and named != who.record:
        return HttpResponseRedirect(reverse("my:review"))
    form = ReviewForm(None, initial={"ticket": own.ticket_number if own and own.record == who.record else ""})
    refusals: list[Refused] = []
    if posted:
        try:
            if request.POST.get("step") == "delete":
                services.withdraw(visit.passport, who.record, visit.sitting.code, visit.now)
                return HttpResponseRedirect(f"{reverse('my:review')}?deleted=1")
            form = ReviewForm(request.POST)
            if form.is_valid():
                _submit(visit, who, form.cleaned_data["ticket"])
                return HttpResponseRedirect(f"{reverse('my:review')}?saved=1")
        except RefusedError as refused:
            refusals = _beside_their_field(form, refused.refusals)
    shown = review_page(who, visit.passport, visit.sitting.code, visit.now)
    title = "查看复核申请信息" if shown["own"] else "新增CET6资格复核申请"
    context = (
        visit.frame(title)
        | shown
        | {
            "form": form,
            "refusals": refusals,
            "record_token": access.record_token(visit.passport, who.record),
            "saved": "saved" in request.GET and not posted,
            "deleted": "deleted" in request.GET and not posted,
            "close_url": reverse(_where_to(visit, named)),
        }
    )
    return render(request, "registration/review.html", context)


def _submit(visit: Visit, who: Applicant, ticket: str) -> None:
    services.submit(
        visit.passport,
        who.record,
        visit.sitting.code,
        ticket=ticket,
        eligible=who.eligible,
        client=client_key(visit.request),
        holders=holders,
        now=visit.now,
    )


def _beside_their_field(form: ReviewForm, refusals: Sequence[Refused]) -> list[Refused]:
    """Put what is about a field beside it; what is about none is left for the summary."""
    for refusal in refusals:
        if form.is_bound and refusal.about in form.fields:
            form.add_error(refusal.about, refusal.message + refusal.remedy)
    return [refusal for refusal in refusals if not (form.is_bound and refusal.about in form.fields)]


def _where_to(visit: Visit, named: uuid.UUID | None) -> str:
    """关闭 leads back to the page that the button stands on."""
    if visit.bound:
        return "my:registration"
    return "my:confirm" if named else "my:home"
