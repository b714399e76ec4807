"""`/my/written/`: enter written subjects (rules C1 to C4, C7, C9)."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from baokao.core.verdict import Refused, RefusedError
from baokao.exams.queries import subject_names
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
        ticked, along = (
            frozenset(code for code in request.POST.getlist(name) if len(code) == 1) for name in ("subject", "along")
        )
        try:
            services.save_entries(visit.passport, visit.sitting.code, ticked, visit.now, along)
        except RefusedError as refused:
            if elsewhere := sent_back(refused.first):
                return elsewhere
            if refused.first.code == "takes_along":
                return _ask(visit, ticked, refused.first)
            refusals = list(refused.refusals)
        else:
            return HttpResponseRedirect(f"{reverse('my:registration')}?saved=1")
    assert visit.bound is not None
    context = visit.frame("笔试报考") | written_page(visit.bound, ticked, refusals, visit.now)
    return render(request, "registration/written.html", context)


def _ask(visit: Visit, ticked: frozenset[str], question: Refused) -> HttpResponse:
    """The page that names the speaking entries that go along with a written one (rule C7)."""
    names = subject_names()
    along = question.about.split(",")
    context = visit.frame("确认取消") | {
        "ticked": sorted(ticked),
        "along": [(code, names[code]) for code in along],
        "given_up": [
            (entry.subject, names[entry.subject])
            for entry in visit.standing.entries
            if entry.kind == "written" and entry.subject not in ticked
        ],
    }
    return render(visit.request, "registration/take_along.html", context)
