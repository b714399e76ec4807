"""`/office/group/new/` and `…/add/`: which unpaid entries come onto the list, by boxes, by filter or by student
numbers. Nothing is locked by it; what will be is shown on the group's own page first."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from baokao.core.verdict import Refused, RefusedError
from baokao.core.words import shown
from baokao.office import access
from baokao.office.asked import uuids
from baokao.office.desk import Desk, OfficeRequest
from baokao.office.frame import frame
from baokao.office.group import numbers, queries, without
from baokao.office.staff_only import staff
from baokao.passport.models import Role
from baokao.payments import group_rules as rules
from baokao.payments import services
from baokao.payments.models import GroupPayment

_LONGEST_NAME = 60
NONE_TICKED = Refused("nothing", "请至少勾选一科，或使用“加入全部”。")


@staff(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: OfficeRequest) -> HttpResponse:
    """A new group payment with what is picked."""
    return _page(request, None)


@staff(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: OfficeRequest, group_id: uuid.UUID) -> HttpResponse:
    """More onto the list of one that there is."""
    return _page(request, access.group(request.desk, group_id))


def _page(request: OfficeRequest, group: GroupPayment | None) -> HttpResponse:
    desk, refusals = request.desk, list[Refused]()
    listing = queries.pickable(desk, request.GET)
    typed = " ".join(request.POST.get("name", "").replace("\0", "").split())[:_LONGEST_NAME]
    name = typed or (group.name if group else _name(listing, desk))
    typed_numbers, left_out = request.POST.get("numbers", ""), list[tuple[str, str]]()
    if request.method == "POST":
        try:
            if request.POST.get("which", "") in ("numbers", "rest"):
                wanted = numbers.read(typed_numbers, request.FILES.get("file"))
                # What a file said stands in the field from now on, since no browser keeps the file.
                typed_numbers = "\n".join(wanted)
                entries, unknown = queries.by_numbers(desk, wanted)
                left_out = without.reasons(desk, unknown)
                if entries and left_out and request.POST["which"] != "rest":
                    raise RefusedError(_without(len(left_out)))
            else:
                entries = _entries(request, listing)
            return _went(group, entries, name, desk)
        except RefusedError as refused:
            refusals = list(refused.refusals)
    context: dict[str, Any] = frame(desk, "选择科目" if group else "新建集体缴费", "office:groups")
    context |= {"group": group, "listing": listing, "rows": queries.rows_to_pick(listing, desk.now), "name": name}
    context |= {"refusals": refusals, "typed": typed_numbers, "most": rules.MOST}
    context["left_out"] = left_out
    return render(request, "office/group/pick.html", context)


def _entries(request: OfficeRequest, listing: queries.Picking) -> list[uuid.UUID]:
    """The ticked boxes, or all that the filter keeps. Raises RefusedError."""
    if request.POST.get("which", "") == "all":
        return list(listing.kept.values_list("id", flat=True)[: rules.MOST + 1])
    ticked = uuids(request.POST.getlist("entry"))
    if not ticked:
        raise RefusedError(NONE_TICKED)
    return list(access.entries(request.desk).filter(id__in=ticked).values_list("id", flat=True))


def _without(count: int) -> Refused:
    """The question that is asked before a list is made of the other numbers."""
    message, remedy = f"有 {count} 个学号没有可加入的科目。", "请核对下面的名单，改正后重新提交，或只加入其余的。"
    return Refused("without", message, remedy, about="numbers")


def _went(group: GroupPayment | None, entries: Sequence[uuid.UUID], name: str, desk: Desk) -> HttpResponse:
    if group is None:
        school = desk.scope.school
        group = services.make_group(school, desk.sitting.code, name, entries, desk.actor, desk.name, desk.now)
    else:
        services.add_picks(group.id, entries, desk.actor, desk.now)
    return HttpResponseRedirect(reverse("office:group", args=[group.id]))


def _name(listing: queries.Picking, desk: Desk) -> str:
    chosen = [one.chosen for one in listing.filters if one.chosen and one.key in ("department", "class")]
    return " ".join(chosen) or f"集体缴费 {shown(desk.now)[:16]}"
