"""The picture, the sound, and a new one in place of the old (看不清？换一张)."""

import re
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from baokao.core import clock
from baokao.core.captcha import pool, tokens
from baokao.core.http.audience import Audience, audience

_PURPOSE = re.compile(r"[a-z][a-z_:-]{0,30}")


@audience(Audience.PUBLIC)
@require_safe
def picture(request: HttpRequest, token: str) -> HttpResponse:
    """The token's picture as PNG; 404 when the token isn't ours, is too old, or its picture is gone."""
    return _answer(token, pool.png, "image/png")


@audience(Audience.PUBLIC)
@require_safe
def sound(request: HttpRequest, token: str) -> HttpResponse:
    """The token's digits spoken, as WAV; 404 likewise."""
    return _answer(token, pool.wav, "audio/wav")


@audience(Audience.PUBLIC)
@require_safe
def renew(request: HttpRequest) -> HttpResponse:
    """The captcha's part of a form with a new token, for htmx. `purpose` is the form's."""
    purpose = request.GET.get("purpose", "")
    if not _PURPOSE.fullmatch(purpose):
        raise Http404
    context = {"captcha_token": tokens.issue(purpose), "purpose": purpose}
    return render(request, "core/_captcha.html", context)


def _answer(token: str, fetch: Callable[..., bytes | None], kind: str) -> HttpResponse:
    found = tokens.read(token)
    content = fetch(found.picture) if found and tokens.alive(found, clock.now()) else None
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type=kind)
    response["Cache-Control"] = "private, no-store"
    return response
