"""`/office/group/`: the school's group payments, and one of them with its list, what it holds, and its results."""

import uuid
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from baokao.core.verdict import RefusedError
from baokao.office import access
from baokao.office.asked import count, uuids
from baokao.office.desk import OfficeRequest
from baokao.office.frame import frame
from baokao.office.group import queries
from baokao.office.staff_only import staff
from baokao.passport.models import Role
from baokao.payments import group_rules as rules
from baokao.payments import services
from baokao.payments.models import GroupPayment
from baokao.payments.views.result import RELOADS_SECONDS


@staff(Role.COORDINATOR)
@require_safe
def groups(request: OfficeRequest) -> HttpResponse:
    """All of them, the newest first."""
    listing = queries.groups(request.desk, request.GET)
    context = frame(request.desk, "集体缴费", "office:groups") | {"listing": listing}
    return render(request, "office/group/list.html", context)


@staff(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def group(request: OfficeRequest, group_id: uuid.UUID) -> HttpResponse:
    """One: its list with what became of each, 锁定 and 解除锁定. Letting go is asked once more, with how many it
    concerns."""
    desk, found = request.desk, access.group(request.desk, group_id)
    if request.method != "POST":
        return _page(request, found, [])
    step = request.POST.get("step", "")
    here = reverse("office:group", args=[group_id])
    try:
        if step == "lock":
            locked = services.lock_group(group_id, desk.actor, desk.now)
            return HttpResponseRedirect(f"{here}?locked={locked.count}&skipped={locked.skipped.total()}")
        if step == "release":
            picks = _picks(request, found)
            if "sure" not in request.POST:
                return _sure(request, found, picks)
            released = services.release_group(group_id, picks, desk.actor, desk.now)
            return HttpResponseRedirect(f"{here}?released={released}")
    except RefusedError as refused:
        return _page(request, access.group(desk, group_id), list(refused.refusals))
    return HttpResponseRedirect(here)


def _picks(request: OfficeRequest, found: GroupPayment) -> list[uuid.UUID]:
    """What the form names, or all that is on the list. Raises RefusedError when nothing is."""
    on_list = access.picks(request.desk, found.id).filter(queries.ON_LIST)
    if request.POST.get("which") != "all":
        on_list = on_list.filter(id__in=uuids(request.POST.getlist("pick")))
    picks = list(on_list.values_list("id", flat=True))
    if not picks:
        raise RefusedError(rules.NONE_CHOSEN)
    return picks


def _sure(request: OfficeRequest, found: GroupPayment, picks: list[uuid.UUID]) -> HttpResponse:
    chosen = access.picks(request.desk, found.id).filter(id__in=picks)
    context: dict[str, Any] = frame(request.desk, "解除锁定", "office:groups")
    context |= {
        "group": found,
        "count": len(picks),
        "held": chosen.filter(queries.HELD).count(),
        "people": chosen.order_by().values("registration").distinct().count(),
        "picks": picks if request.POST.get("which") != "all" else [],
        "which": "all" if request.POST.get("which") == "all" else "",
    }
    return render(request, "office/group/release.html", context)


def _page(request: OfficeRequest, found: GroupPayment, refusals: list[Any]) -> HttpResponse:
    desk = request.desk
    listing = queries.picked(desk, found, request.GET)
    attempts = queries.attempts(desk, found, desk.now)
    context = frame(desk, found.name, "office:groups") | {
        "group": found,
        "state_text": found.get_state_display(),
        "listing": listing,
        "rows": queries.result_rows(listing),
        "sums": queries.sums(desk, found),
        "attempts": attempts,
        "newest": attempts[0] if attempts else None,
        "changeable": found.state in (GroupPayment.State.PICKING, GroupPayment.State.LOCKED),
        "refusals": refusals,
        "told": {key: count(request.GET.get(key, "")) for key in ("locked", "skipped", "released")},
    }
    response = render(request, "office/group/group.html", context)
    if found.state == GroupPayment.State.PAYING:
        response["Refresh"] = str(RELOADS_SECONDS)
    return response
