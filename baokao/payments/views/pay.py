"""`/my/pay/`: what to pay, asked once more, through whom, and off to the provider (rule D1). Each step is a page."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from baokao.core.verdict import Refused, RefusedError
from baokao.exams import queries as exams
from baokao.payments import access, providers, queries, services
from baokao.payments.models import Attempt
from baokao.payments.views.off import off as send_off
from baokao.payments.views.off import ways, with_policy
from baokao.registration.access import Visit
from baokao.registration.views.steps import page, sent_back

STEPS = ("sure", "way", "go")
NO_WAY = Refused("way", "请选择支付平台。")
NO_BANK = Refused("bank", "请选择支付银行。")


@page(posts=True, bound=True)
def pay(visit: Visit) -> HttpResponse:
    """The entries as boxes; each later step carries the ticked ones on, and asks the rules anew."""
    request = visit.request
    assert visit.bound is not None
    if request.method == "POST" and not visit.has_accepted:
        return HttpResponseRedirect(reverse("my:agreement"))
    step = request.POST.get("step", "") if request.method == "POST" else ""
    if step == "cancel":
        return _cancel(visit, request.POST.get("number", ""))
    ticked = frozenset(request.POST.getlist("subject")) if step in STEPS else None
    shown = queries.to_pay(visit.bound, ticked, visit.now)
    refusals = shown["errors"]
    if step in STEPS and not shown["picked"]:
        refusals = [services.NOTHING]
    way, bank = request.POST.get("way", ""), request.POST.get("bank", "")
    missing = asks_way(way, bank) if step == "go" else None
    if step == "go" and missing is None and not refusals:
        try:
            return _off(visit, [line["code"] for line in shown["picked"]], way, bank)
        except RefusedError as refused:
            if elsewhere := sent_back(refused.first):
                return elsewhere
            if refused.first.code == "in_doubt":
                return HttpResponseRedirect(reverse("pay:result"))
            refusals = list(refused.refusals)
    context = visit.frame("支付缴费") | shown | {"refusals": refusals, "offered": ways()}
    context |= {"asks_way": missing, "way": way, "bank": bank}
    context["contacts"] = exams.contacts(visit.bound.written_campus[0])
    context["records"] = queries.payments(visit.bound.id, visit.now) if not step else []
    template = (
        "payments/pay.html" if refusals or step not in STEPS else f"payments/{step if step != 'go' else 'way'}.html"
    )
    return with_policy(render(request, template, context))


def asks_way(way: str, bank: str) -> Refused | None:
    """What is still to be chosen: a provider, and a bank where the provider has banks."""
    offered = {one["name"]: one for one in ways()}
    if way not in offered:
        return NO_WAY
    return NO_BANK if offered[way]["banks"] and bank not in offered[way]["banks"] else None


def _off(visit: Visit, codes: list[str], way: str, bank: str) -> HttpResponse:
    """End what another page began, begin anew, and send the browser off."""
    assert visit.bound is not None
    with providers.patience():
        earlier = services.end_for_another(queries.open_attempts(visit.bound.id, codes), visit.now)
    if earlier - {Attempt.State.ENDED}:
        return HttpResponseRedirect(reverse("pay:result"))
    banks = next(one["banks"] for one in ways() if one["name"] == way)
    attempt = services.start(visit.passport, visit.sitting.code, codes, way, bank if bank in banks else "", visit.now)
    return send_off(visit, attempt, len(codes))


def _cancel(visit: Visit, number: str) -> HttpResponse:
    """取消 on the last page before a bank: the attempt ends if the provider says that nobody paid, and one may choose
    again at once."""
    attempt = access.attempt(visit, number)
    found = {Attempt.State(attempt.state)}
    if attempt.state == Attempt.State.OPEN:
        with providers.patience():
            found = services.end_for_another([attempt], visit.now)
    return HttpResponseRedirect(reverse("pay:pay" if found == {Attempt.State.ENDED} else "pay:result"))
