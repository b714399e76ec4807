"""`/office/group/<id>/pay/`: the school pays all that a group holds, through the provider of its choice; and 更新."""

import uuid
from datetime import timedelta
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from baokao.core import throttle
from baokao.core.http.refusals import RateLimited
from baokao.core.verdict import RefusedError
from baokao.office import access
from baokao.office.desk import OfficeRequest
from baokao.office.frame import frame
from baokao.office.group import queries
from baokao.office.staff_only import staff
from baokao.passport.models import Role
from baokao.payments import providers, services
from baokao.payments.models import Attempt, GroupPayment
from baokao.payments.views.off import send_off, ways, with_policy
from baokao.payments.views.pay import asks_way

# 更新 really asks the provider, so it is bounded, as the candidate's is.
_REFRESH = (20, timedelta(minutes=5))


@staff(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: OfficeRequest, group_id: uuid.UUID) -> HttpResponse:
    """What is to be paid and through whom; then off to the provider. An attempt that is open is ended first (D5)."""
    desk, found = request.desk, access.group(request.desk, group_id)
    here = reverse("office:group", args=[group_id])
    if found.state not in (GroupPayment.State.LOCKED, GroupPayment.State.PAYING):
        return HttpResponseRedirect(here)
    way, bank, refusals = request.POST.get("way", ""), request.POST.get("bank", ""), []
    missing = asks_way(way, bank) if request.method == "POST" else None
    if request.POST.get("step") == "cancel":
        _end(request, group_id)
        return HttpResponseRedirect(here)
    if request.method == "POST" and missing is None:
        if _end(request, group_id) - {Attempt.State.ENDED}:
            # Paid meanwhile, or nobody knows: the page says so, and nothing is paid twice.
            return HttpResponseRedirect(here)
        try:
            return _off(request, group_id, way, bank)
        except RefusedError as refused:
            refusals = list(refused.refusals)
    context: dict[str, Any] = frame(desk, "集体缴费", "office:groups")
    context |= {"group": found, "sums": queries.sums(desk, found), "offered": ways(), "way": way, "bank": bank}
    context |= {"asks_way": missing, "refusals": refusals}
    return with_policy(render(request, "office/group/pay.html", context))


@staff(Role.COORDINATOR)
@require_POST
def refresh(request: OfficeRequest, group_id: uuid.UUID) -> HttpResponse:
    """更新: ask the provider about the open attempt, then back to the group."""
    found = access.group(request.desk, group_id)
    if not throttle.allow("group.refresh", request.desk.staff_id.hex, *_REFRESH, request.desk.now):
        raise RateLimited("查询过于频繁，请稍后再试。支付结果会自动更新。", 30)
    with providers.patience():
        for attempt in _open(request, found.id):
            services.ask(attempt.id, request.desk.now)
    return HttpResponseRedirect(reverse("office:group", args=[group_id]))


def _open(request: OfficeRequest, group_id: uuid.UUID) -> list[Attempt]:
    return list(access.group_attempts(request.desk, group_id).filter(state=Attempt.State.OPEN))


def _end(request: OfficeRequest, group_id: uuid.UUID) -> set[Attempt.State]:
    with providers.patience():
        return services.end_for_another(_open(request, group_id), request.desk.now)


def _off(request: OfficeRequest, group_id: uuid.UUID, way: str, bank: str) -> HttpResponse:
    """Begin, and send the browser off; where that takes a form, its page names the bank and the amount once more."""
    desk, banks = request.desk, providers.gateway(way).banks
    attempt = services.start_group(group_id, way, bank if bank in banks else "", desk.actor, desk.now)
    count = queries.sums(desk, access.group(desk, group_id))["held"]
    send = send_off(request, attempt, count, reverse("office:group", args=[group_id]))
    if send.fields is None:
        return HttpResponseRedirect(send.url)
    context: dict[str, Any] = frame(desk, "温馨提示", "office:groups")
    context |= {"group_id": group_id, "send": send, "attempt": attempt, "provider": providers.NAMES[way]}
    context["bank"] = banks.get(attempt.bank, "")
    return with_policy(render(request, "office/group/off.html", context))
