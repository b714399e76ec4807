"""Off to a provider: by a redirect, or by a form that the payer sends there (rule D1)."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from baokao.core.http.middleware.headers import CONTENT_SECURITY_POLICY
from baokao.payments import providers
from baokao.payments.gateways.contract import Payment, SendOff
from baokao.payments.models import Attempt
from baokao.registration.access import Visit

_PHONES = ("Mobile", "Android", "iPhone", "HarmonyOS")


def ways() -> list[dict[str, Any]]:
    """The configured providers with their names, and the banks of those that let one choose."""
    found = providers.configured()
    return [{"name": name, "label": providers.NAMES[name], "banks": found[name].banks} for name in found]


def off(visit: Visit, attempt: Attempt, count: int) -> HttpResponse:
    """The way to the provider for an attempt at `count` subjects. Where it is a form, the page with it is the 温馨提示
    that says once more through which bank one is about to pay, and how much."""
    send = send_off(visit.request, attempt, count, reverse("pay:result"))
    if send.fields is None:
        return HttpResponseRedirect(send.url)
    bank = providers.gateway(attempt.provider).banks.get(attempt.bank, "")
    context = {"send": send, "attempt": attempt, "provider": providers.NAMES[attempt.provider], "bank": bank}
    return with_policy(render(visit.request, "payments/off.html", visit.frame("温馨提示") | context))


def with_policy(response: HttpResponse) -> HttpResponse:
    """A form of these pages may lead to the providers, by itself or by the redirect that answers it."""
    origins = " ".join(gateway.origin for gateway in providers.configured().values())
    response["Content-Security-Policy"] = CONTENT_SECURITY_POLICY.replace(
        "form-action 'self'", f"form-action 'self' {origins}".rstrip()
    )
    return response


def send_off(request: HttpRequest, attempt: Attempt, count: int, result: str) -> SendOff:
    """Where the browser goes to pay an attempt at `count` subjects; `result` is the path of ours to which it returns.
    Nothing is called for that."""
    here = f"{request.scheme}://{request.get_host()}"
    # Back to the address (of the two) that the browser left from; a forged one is none of ours (rule D1, proof d8).
    site = here if here in settings.BASE_URLS else settings.BASE_URLS[0]
    back = f"{site}{result}"
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
