"""`/my/speaking/` and its list of campuses: speaking entries, each at a campus of one's choice (rule C8)."""

from collections.abc import Mapping

from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse

from baokao.core.verdict import Refused, RefusedError
from baokao.exams.queries import speaking_codes
from baokao.registration import services
from baokao.registration.access import Visit
from baokao.registration.queries import Chosen, campuses_page, speaking_page
from baokao.registration.views.steps import page, sent_back


@page(posts=True, agreed=True, bound=True, service_asks=True)
def speaking(visit: Visit) -> HttpResponse:
    """A section a subject. 选择 goes to the list of campuses with everything chosen so far; 提交 saves."""
    request = visit.request
    refusals: list[Refused] = []
    chosen = _from_address(request.GET)
    if request.method == "POST":
        chosen = _from_form(request.POST)
        if (code := request.POST.get("choose", "")) in speaking_codes():
            return HttpResponseRedirect(f"{reverse('my:campuses', args=[code])}?{chosen.query}")
        wanted = {code: chosen.places.get(code, "") for code in chosen.ticked or ()}
        try:
            services.save_speaking(visit.passport, visit.sitting.code, wanted, visit.now)
        except RefusedError as refused:
            if elsewhere := sent_back(refused.first):
                return elsewhere
            refusals = list(refused.refusals)
        else:
            return HttpResponseRedirect(f"{reverse('my:registration')}?saved=1")
    assert visit.bound is not None
    held = {entry.subject: entry.campus[0] for entry in visit.standing.entries if entry.kind == "speaking"}
    context = visit.frame("口试科目报考") | speaking_page(visit.bound, held, chosen, refusals, visit.now)
    return render(request, "registration/speaking.html", context)


@page(agreed=True, bound=True)
def campuses(visit: Visit, code: str) -> HttpResponse:
    """`/my/speaking/<subject>/`: the campuses to choose from."""
    assert visit.bound is not None
    if code not in visit.bound.eligible or code not in speaking_codes():
        raise Http404("no speaking subject of this candidate")
    request = visit.request
    # No name has a NUL, and the database would refuse to look for one.
    find = request.GET.get("find", "").replace("\0", "")
    context = visit.frame("选择报名校区") | campuses_page(
        visit.bound, code, find, _from_address(request.GET), visit.now
    )
    return render(request, "registration/campuses.html", context)


def _from_address(query: QueryDict) -> Chosen:
    ticked = frozenset(query.getlist("tick")) if "tick" in query else None
    return Chosen(_places({code: query.get(code, "") for code in query if len(code) == 1}), ticked)


def _from_form(form: QueryDict) -> Chosen:
    places = {name.removeprefix("campus-"): form.get(name, "") for name in form if name.startswith("campus-")}
    ticked = frozenset(code for code in form.getlist("subject") if len(code) == 1 and code.isalnum())
    return Chosen(_places(places), ticked)


def _places(found: Mapping[str, str]) -> dict[str, str]:
    """Campuses by subject, as far as both are codes that could exist."""
    return {
        code: campus
        for code, campus in found.items()
        if code in speaking_codes() and len(campus) == 6 and campus.isascii() and campus.isdigit()
    }
