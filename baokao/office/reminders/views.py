"""`/office/reminders/`: who has yet to pay, and a mail to those chosen; how many is shown before any leaves."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from baokao.core.verdict import Refused
from baokao.office import access
from baokao.office.asked import count, uuids
from baokao.office.desk import OfficeRequest
from baokao.office.frame import frame
from baokao.office.reminders import queries
from baokao.office.staff_only import staff
from baokao.passport.models import Role
from baokao.registration import services

MOST = 2000
NOBODY = Refused("nobody", "请至少勾选一名考生。")


@staff(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def reminders(request: OfficeRequest) -> HttpResponse:
    """The list with boxes; a submission is asked once more with its number, then the mails leave."""
    desk, refusals = request.desk, list[Refused]()
    listing = queries.unpaid(desk, request.GET)
    if request.method == "POST":
        every = request.POST.get("which") == "all"
        if every:
            chosen = list(listing.kept.values_list("id", flat=True)[:MOST])
        else:
            named = uuids(request.POST.getlist("registration"))
            chosen = list(access.registrations(desk).filter(id__in=named).values_list("id", flat=True))
        if chosen and "sure" in request.POST:
            told = services.remind(chosen, desk.scope.school, desk.actor, desk.now)
            here = reverse("office:reminders")
            return HttpResponseRedirect(f"{here}?mailed={told.mailed}&over={told.passed_over}")
        if chosen:
            context: dict[str, Any] = frame(desk, "缴费提醒", "office:reminders")
            context |= {"count": len(chosen), "chosen": [] if every else chosen, "listing": listing, "every": every}
            return render(request, "office/reminders/sure.html", context)
        refusals = [NOBODY]
    context = frame(desk, "缴费提醒", "office:reminders") | {
        "listing": listing,
        "rows": queries.rows(listing, desk.now),
        "refusals": refusals,
        "told": {key: count(request.GET.get(key, "")) for key in ("mailed", "over")},
    }
    return render(request, "office/reminders/list.html", context)
