"""The site's addresses and a bare view's."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from baokao.config.urls import handler403, handler404, handler500, urlpatterns
from baokao.core.http.audience import Audience, audience

__all__ = ["handler403", "handler404", "handler500", "urlpatterns"]


@audience(Audience.PUBLIC)
def bare(request: HttpRequest) -> HttpResponse:
    """Nothing but an answer."""
    return HttpResponse(b"bare", headers={"Cache-Control": "public, max-age=1"})


urlpatterns = [path("bare/", bare), *urlpatterns]
