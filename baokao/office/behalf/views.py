"""`/office/entries/`: for whom, and which subjects, to enter on behalf (rule C11)."""

import uuid
from typing import Any, TypeGuard

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from baokao.core.verdict import Refused, RefusedError
from baokao.office import access
from baokao.office.asked import count
from baokao.office.behalf import queries
from baokao.office.desk import OfficeRequest
from baokao.office.frame import frame
from baokao.office.staff_only import staff
from baokao.passport.models import Role
from baokao.registration import services

_PLACE = "campus-"


@staff(Role.COORDINATOR)
@require_safe
def registrations(request: OfficeRequest) -> HttpResponse:
    """The saved registrations of the own students."""
    listing = queries.registrations(request.desk, request.GET)
    context = frame(request.desk, "代报名", "office:behalf") | {"listing": listing, "codes": queries.codes}
    return render(request, "office/behalf/list.html", context)


@staff(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: OfficeRequest, registration_id: uuid.UUID) -> HttpResponse:
    """The subjects of one of them, to tick and submit."""
    desk = request.desk
    own = queries.bound(desk, registration_id)
    ticked = frozenset(request.POST.getlist("subject"))
    typed = {name.removeprefix(_PLACE): request.POST.get(name) for name in request.POST if name.startswith(_PLACE)}
    places = {code: campus for code, campus in typed.items() if _is_campus(campus)}
    refused: list[Refused] = []
    if request.method == "POST":
        try:
            saved = services.enter_on_behalf(registration_id, ticked, places, desk.actor, desk.now)
        except RefusedError as error:
            refused = list(error.refusals)
        else:
            here = reverse("office:behalf_enter", args=[registration_id])
            return HttpResponseRedirect(f"{here}?saved={len(saved.added)}")
    else:
        services.looked_at(access.registration(desk, registration_id).record, desk.actor, desk.now)
    context: dict[str, Any] = frame(desk, "代报名", "office:behalf")
    context |= queries.page(own, ticked, places, refused, desk.now)
    context["saved"] = count(request.GET.get("saved", ""))
    return render(request, "office/behalf/enter.html", context)


def _is_campus(text: object) -> TypeGuard[str]:
    """Whether it could be a campus's code; an empty choice means that the subject isn't entered."""
    return isinstance(text, str) and len(text) == 6 and text.isascii() and text.isdigit()
