"""`/pay/notify/<provider>/`: where a provider tells us of money (rules D3, D4)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from baokao.core import clock
from baokao.core.http.audience import Audience, audience
from baokao.core.http.client import client_key
from baokao.payments import providers, services
from baokao.payments.gateways.contract import Message

# A message is a few kilobytes; what is longer is nobody's.
_LONGEST = 64 * 1024


@audience(Audience.PROVIDER)
@csrf_exempt
@require_http_methods(["GET", "POST"])
def notify(request: HttpRequest, provider: str) -> HttpResponse:
    """The message as bytes to the service; the provider's own words for «understood» and «send it again» back."""
    if provider not in providers.configured():
        raise Http404("no such provider")
    gateway = providers.gateway(provider)
    query = request.META.get("QUERY_STRING", "").encode("latin-1", "replace")
    if int(request.META.get("CONTENT_LENGTH") or 0) > _LONGEST or len(query) > _LONGEST:
        return HttpResponse(gateway.refused, status=413, content_type="text/plain")
    message = Message(request.method or "", query, request.body, request.headers.get("Content-Type", ""))
    heard = services.hear(provider, message, client_key(request), clock.now())
    return HttpResponse(gateway.accepted if heard else gateway.refused, content_type="text/plain")
