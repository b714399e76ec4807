"""学籍冲突 at a desk (rule G3): both schools see it, each may give way, the office above both decides."""

import uuid

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from baokao.core.verdict import Refused, RefusedError
from baokao.office import access
from baokao.office.desk import OfficeRequest
from baokao.office.frame import frame
from baokao.office.staff_only import staff
from baokao.office.students import queries
from baokao.office.students.forms import SettleForm
from baokao.passport.models import Role
from baokao.roster.services import conflicts as services
from baokao.roster.services.conflicts import Decision, Party
from baokao.roster.services.students import tell_looked_at

_HERE = "office:conflicts"
_DESKS = (Role.COORDINATOR, Role.PROVINCE, Role.NATIONAL)
# What each party may answer, and what its button says.
_ANSWERS: dict[Party | None, list[tuple[Decision, str]]] = {
    Party.HOLDER: [(Decision.TO_CLAIMANT, "释放该学生给申请学校")],
    Party.CLAIMANT: [(Decision.TO_HOLDER, "撤回本校的申请")],
    Party.OFFICE: [(Decision.TO_CLAIMANT, "裁定归申请学校"), (Decision.TO_HOLDER, "裁定归原学校")],
    None: [],
}


@staff(*_DESKS)
@require_safe
def conflicts(request: OfficeRequest) -> HttpResponse:
    """`/office/conflicts/`: those of the desk."""
    desk = request.desk
    listing = queries.conflicts(desk, request.GET)
    context = frame(desk, "学籍冲突", _HERE)
    context |= {"listing": listing, "rows": queries.claimed(desk, listing.rows)}
    return render(request, "office/students/conflicts.html", context)


@staff(*_DESKS)
@require_http_methods(["GET", "HEAD", "POST"])
def conflict(request: OfficeRequest, conflict_id: uuid.UUID) -> HttpResponse:
    """`/office/conflicts/<id>/`: the two rows beside each other, and the decision."""
    desk = request.desk
    one = access.conflict(desk, conflict_id)
    party = access.party(desk, one)
    errors: tuple[Refused, ...] = ()
    reason = ""
    if request.method == "POST":
        form, reason = SettleForm(request.POST), request.POST.get("reason", "")
        if form.is_valid() and party is not None:
            typed = form.cleaned_data
            try:
                services.settle(
                    one.id, Decision(typed["decision"]), typed["reason"], party=party, holder=one.holder_id,
                    actor=desk.actor, name=desk.name, now=desk.now,
                )  # fmt: skip
                return HttpResponseRedirect(reverse("office:conflicts"))
            except RefusedError as refused:
                errors = refused.refusals
        else:
            errors = (Refused("conflict.shape", "请选择处理方式，", "并填写理由。"),)
    else:
        for record in access.conflicted_records(desk, [one]).values():
            tell_looked_at(record, actor=desk.actor, now=desk.now)
    one.refresh_from_db(fields=["state", "reason", "settled_at", "settled_by_name"])
    context = frame(desk, "学籍冲突", _HERE)
    context |= {
        "one": one,
        "claimed": queries.claimed(desk, [one])[0],
        "sides": queries.sides(desk, one),
        "other_name": one.state == "open" and not access.conflicted_records(desk, [one]),
        "answers": _ANSWERS[party] if one.state == "open" else [],
        "reason": reason,
        "errors": errors,
        "failed": bool(errors),
    }
    return render(request, "office/students/conflict.html", context)
