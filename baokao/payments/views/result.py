"""`/my/pay/result/`: where the money is, asked as often as one likes (rules D3, D6). Nothing is believed of the address
that a provider's page leads back with, and a look changes nothing."""

from datetime import timedelta

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from baokao.core import throttle
from baokao.core.http.refusals import RateLimited
from baokao.payments import access, providers, queries, services
from baokao.registration.access import Visit
from baokao.registration.views.steps import page

RELOADS_SECONDS = 3
# 更新 really asks the provider, so it is bounded; a person who presses it again and again is told to wait.
_REFRESH = (20, timedelta(minutes=5))


@page(bound=True)
def result(visit: Visit) -> HttpResponse:
    """The newest attempt, and earlier ones that aren't settled yet or were since it began; reloads itself until the
    outcome is known. Where nobody paid for the newest, an earlier one that was paid since is what there is to tell."""
    assert visit.bound is not None
    found = queries.payments(visit.bound.id, visit.now)
    newest = found[0] if found else None
    late = [one for one in found[1:] if one["booked_at"] and one["booked_at"] >= found[0]["started_at"]]
    if newest and newest["state"] == "ended" and late:
        newest = late[0]
    context = visit.frame("支付结果") | {
        "newest": newest,
        "others": [
            one for one in found if one is not newest and (one["state"] == "doubt" or one["back"] or one in late)
        ],
        "due": queries.to_pay(visit.bound, None, visit.now)["picked"],
        "sitting": visit.sitting,
    }
    response = render(visit.request, "payments/result.html", context)
    if any(one["state"] == "doubt" for one in found):
        response["Refresh"] = str(RELOADS_SECONDS)
    return response


@page(posts=True, bound=True)
def refresh(visit: Visit) -> HttpResponse:
    """更新: ask the provider about what is open, then back to where one came from (rule C10)."""
    assert visit.bound is not None
    if visit.request.method == "POST":
        if not throttle.allow("pay.refresh", visit.passport.hex, *_REFRESH, visit.now):
            raise RateLimited("查询过于频繁，请稍后再试。支付结果会自动更新并发邮件告知。", 30)
        with providers.patience():
            for attempt in queries.open_attempts_of(visit.bound.id)[:2]:
                services.ask(attempt.id, visit.now)
    to = "pay:result" if visit.request.POST.get("to") == "result" else "my:registration"
    return HttpResponseRedirect(reverse(to))


@page(bound=True)
def receipt(visit: Visit, number: str) -> HttpResponse:
    """`/my/pay/receipt/<number>/`: a plain page to print, for a payment that was settled."""
    found = queries.payment(access.attempt(visit, number), visit.now)
    if found["paid_at"] is None:
        return HttpResponseRedirect(reverse("pay:result"))
    context = visit.frame("缴费凭证") | {"payment": found, "bound": visit.bound, "sitting": visit.sitting}
    return render(visit.request, "payments/receipt.html", context)
