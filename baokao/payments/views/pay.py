"""`/my/pay/`: what to pay, asked once more, through whom, and off to the provider (rule D1). Each step is a page."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from baokao.core.http.middleware.headers import CONTENT_SECURITY_POLICY
from baokao.core.verdict import RefusedError
from baokao.payments import providers, queries, services
from baokao.payments.gateways.contract import Payment, SendOff
from baokao.payments.models import Attempt
from baokao.registration.access import Visit
from baokao.registration.views.steps import page, sent_back

STEPS = ("sure", "way", "go")
_PHONES = ("Mobile", "Android", "iPhone", "HarmonyOS")


@page(posts=True, bound=True)
def pay(visit: Visit) -> HttpResponse:
    """The entries as boxes; each later step carries the ticked ones on, and asks the rules anew."""
    request = visit.request
    assert visit.bound is not None
    if request.method == "POST" and not visit.has_accepted:
        return HttpResponseRedirect(reverse("my:agreement"))
    step = request.POST.get("step", "") if request.method == "POST" else ""
    ticked = frozenset(request.POST.getlist("subject")) if step in STEPS else None
    shown = queries.to_pay(visit.bound, ticked, visit.now)
    refusals = shown["errors"]
    if step in STEPS and not shown["picked"]:
        refusals = [services.NOTHING]
    way = request.POST.get("way", "")
    offered = {name: providers.NAMES[name] for name in providers.configured()}
    if step == "go" and way in offered and not refusals:
        try:
            return _off(visit, [line["code"] for line in shown["picked"]], way)
        except RefusedError as refused:
            if elsewhere := sent_back(refused.first):
                return elsewhere
            if refused.first.code == "in_doubt":
                return HttpResponseRedirect(reverse("pay:result"))
            refusals = list(refused.refusals)
    context = visit.frame("支付缴费") | shown | {"refusals": refusals, "offered": offered}
    context["no_way"] = step == "go" and way not in offered
    context["records"] = queries.payments(visit.bound.id, visit.now) if not step else []
    template = (
        "payments/pay.html" if refusals or step not in STEPS else f"payments/{step if step != 'go' else 'way'}.html"
    )
    response = render(request, template, context)
    response["Content-Security-Policy"] = _policy()
    return response


def _off(visit: Visit, codes: list[str], way: str) -> HttpResponse:
    """End what another page began, begin anew, and send the browser off."""
    assert visit.bound is not None
    with providers.patience():
        earlier = services.end_for_another(queries.open_attempts(visit.bound.id, codes), visit.now)
    if earlier - {Attempt.State.ENDED}:
        return HttpResponseRedirect(reverse("pay:result"))
    attempt = services.start(visit.passport, visit.sitting.code, codes, way, "", visit.now)
    send = _send_off(visit.request, attempt, len(codes))
    if send.fields is None:
        return HttpResponseRedirect(send.url)
    response = render(visit.request, "payments/off.html", visit.frame("支付缴费") | {"send": send})
    response["Content-Security-Policy"] = _policy()
    return response


def _send_off(request: HttpRequest, attempt: Attempt, count: int) -> SendOff:
    here = f"{request.scheme}://{request.get_host()}"
    # Back to the address (of the two) that the browser left from; a forged one is none of ours (rule D1, proof d8).
    site = here if here in settings.BASE_URLS else settings.BASE_URLS[0]
    back = f"{site}{reverse('pay:result')}"
    return providers.gateway(attempt.provider).send_off(
        Payment(
            number=attempt.number,
            amount=attempt.amount,
            subject=f"CET考试报名费（{count}科）",
            made_at=attempt.started_at,
            expires_at=attempt.expires_at,
            return_url=back,
            # The public network's address, which a provider can reach.
            notify_url=f"{settings.BASE_URLS[-1]}{reverse('pay:notify', args=[attempt.provider])}",
            on_phone=any(word in request.headers.get("User-Agent", "") for word in _PHONES),
            bank=attempt.bank,
            quit_url=back,
        )
    )


def _policy() -> str:
    """A form of these pages may lead to the providers, by the redirect that answers it."""
    origins = " ".join(gateway.origin for gateway in providers.configured().values())
    return CONTENT_SECURITY_POLICY.replace("form-action 'self'", f"form-action 'self' {origins}".rstrip())
