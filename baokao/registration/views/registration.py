"""`/my/registration/`: everything about one's registration on one page (rule C10)."""

from django.http import HttpResponse
from django.shortcuts import render

from baokao.registration.access import Visit
from baokao.registration.queries import registration_page
from baokao.registration.views.steps import page


@page(bound=True)
def registration(visit: Visit) -> HttpResponse:
    """报名信息."""
    assert visit.bound is not None
    context = visit.frame("报名信息") | registration_page(visit.bound, visit.standing.entries, visit.now)
    context["saved"] = "saved" in visit.request.GET
    return render(visit.request, "registration/registration.html", context)
