"""`/my/cancel/`: 取消报名信息, after a page that says what will happen (rule B9)."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from baokao.core.verdict import Refused, RefusedError
from baokao.registration import services
from baokao.registration.access import Visit
from baokao.registration.views.steps import page, sent_back


@page(posts=True, bound=True, service_asks=True)
def cancel(visit: Visit) -> HttpResponse:
    """Asks once; then the registration is gone, and home says so."""
    refusals: tuple[Refused, ...] = ()
    if visit.request.method == "POST":
        try:
            services.end_registration(visit.passport, visit.sitting.code, visit.now)
        except RefusedError as refused:
            if elsewhere := sent_back(refused.first):
                return elsewhere
            refusals = refused.refusals
        else:
            return HttpResponseRedirect(f"{reverse('my:home')}?cancelled=1")
    context = visit.frame("取消报名信息") | {
        "bound": visit.bound,
        "refusals": refusals,
        "entries": visit.standing.entries,
    }
    return render(visit.request, "registration/cancel.html", context)
