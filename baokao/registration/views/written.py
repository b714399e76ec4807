"""`/my/written/`: enter written subjects (rules C1 to C4, C9)."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from baokao.core.verdict import Refused, RefusedError
from baokao.registration import services
from baokao.registration.access import Visit
from baokao.registration.queries import written_page
from baokao.registration.views.steps import page, sent_back


@page(posts=True, agreed=True, bound=True, service_asks=True)
def written(visit: Visit) -> HttpResponse:
    """The subjects as boxes to tick; a refused submission keeps the ticks and saves nothing."""
    request = visit.request
    refusals: list[Refused] = []
    ticked = None
    if request.method == "POST":
        ticked = frozenset(code for code in request.POST.getlist("subject") if len(code) == 1)
        try:
            services.save_entries(visit.passport, visit.sitting.code, ticked, visit.now)
        except RefusedError as refused:
            if elsewhere := sent_back(refused.first):
                return elsewhere
            refusals = list(refused.refusals)
        else:
            return HttpResponseRedirect(f"{reverse('my:registration')}?saved=1")
    assert visit.bound is not None
    context = visit.frame("笔试报考") | written_page(visit.bound, ticked, refusals, visit.now)
    return render(request, "registration/written.html", context)
