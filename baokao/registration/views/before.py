"""Before there is a registration: home, agreement, eligibility and confirmation (rules B1 to B7)."""

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from baokao.core import clock
from baokao.core.http.audience import Audience, audience
from baokao.core.http.client import address, client_key
from baokao.core.verdict import Refused, RefusedError
from baokao.passport.middleware import CandidateRequest
from baokao.registration import access, rules, services
from baokao.registration.access import Visit
from baokao.registration.forms import AgreementForm, ConfirmForm, EligibilityForm, SittingForm
from baokao.registration.queries import confirmation, home_window, tickets
from baokao.registration.views.steps import page, sent_back
from baokao.roster import queries as roster


@page()
def home(visit: Visit) -> HttpResponse:
    """`/my/`: where one stands, and one button for the next step (rule B1)."""
    if visit.bound:
        next_step = {"label": "查看报名信息", "url": reverse("my:registration")}
    else:
        next_step = {"label": "开始报名", "url": reverse("my:eligibility" if visit.has_accepted else "my:agreement")}
    context = visit.frame("欢迎登录CET考试报名系统") | {
        "sitting": visit.sitting,
        "status": rules.status(visit.bound is not None, visit.standing.states),
        "next_step": next_step,
        "window": home_window(visit.sitting, visit.now),
        "tickets": tickets(visit.sitting),
        "cancelled": "cancelled" in visit.request.GET and visit.bound is None,
        "detached": not visit.request.passport.recoverable,
        "several": len(access.sittings_of(visit.passport)) > 1,
    }
    return render(visit.request, "registration/home.html", context)


@audience(Audience.CANDIDATE)
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: CandidateRequest) -> HttpResponse:
    """`/my/sitting/`: which of the open sittings, or an earlier one to read (rule B1); with none, a word about it."""
    sittings = access.sittings_of(request.passport.id)
    form = SittingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["sitting"] in {sitting.code for sitting in sittings}:
            response = HttpResponseRedirect(reverse("my:home"))
            access.remember(response, form.cleaned_data["sitting"])
            return response
        form.add_error("sitting", "请选择考次。")
    context = {
        "page_title": "选择考次",
        "who": {"name": "未设置", "sitting": "未选择" if sittings else "无"},
        "strip": rules.strip(False, [], []),
        "sittings": sittings,
        "form": form,
        "now": clock.now(),
    }
    return render(request, "registration/choose.html", context)


@page(posts=True)
def agreement(visit: Visit) -> HttpResponse:
    """`/my/agreement/`: read, tick, 同意 or 不同意 (rule B2)."""
    current = visit.agreement
    if current is None:
        raise Http404("no agreement is written yet")
    request = visit.request
    if request.POST.get("answer") == "no":
        return HttpResponseRedirect(reverse("home"))
    form = AgreementForm(request.POST or None, initial={"version": current.version})
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"]
            services.accept_agreement(visit.passport, visit.sitting.code, version, address(request), visit.now)
        except RefusedError as refused:
            form = AgreementForm({"version": current.version})
            form.add_error("agree", refused.first.message)
        else:
            return HttpResponseRedirect(reverse("my:registration" if visit.bound else "my:eligibility"))
    clauses = [line for line in current.body.splitlines() if line.strip()]
    context = visit.frame("报名协议") | {
        "agreement": {"version_label": current.label, "clauses": clauses},
        "form": form,
    }
    return render(request, "registration/agreement.html", context)


@page(posts=True, agreed=True)
def eligibility(visit: Visit) -> HttpResponse:
    """`/my/eligibility/`: look a record up by type, number and name (rules B3, B4)."""
    request = visit.request
    form = EligibilityForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            record = services.look_up(
                visit.passport, visit.sitting.code, typed["id_type"], typed["id_number"], typed["name"],
                client_key(request), visit.now,
            )  # fmt: skip
        except RefusedError as refused:
            form.add_error(None, refused.first.message)
        else:
            response = HttpResponseRedirect(f"{reverse('my:confirm')}?found=1")
            access.remember_record(response, visit.passport, record.id)
            return response
    return render(request, "registration/eligibility.html", visit.frame("资格信息查询") | {"form": form})


@page(posts=True, agreed=True, service_asks=True)
def confirm(visit: Visit) -> HttpResponse:
    """`/my/confirm/`: check what the roster says, and save (rules B5 to B7). The form names the record it showed."""
    request = visit.request
    posted = request.method == "POST"
    token = request.POST.get("record", "") if posted else request.COOKIES.get(access.RECORD_COOKIE, "")
    wanted = access.looked_up(visit.passport, token)
    form = ConfirmForm(request.POST if posted else None, initial={"record": token})
    refusals: tuple[Refused, ...] = ()
    if wanted and posted and form.is_valid():
        try:
            services.save_registration(visit.passport, wanted, visit.now)
        except RefusedError as refused:
            if elsewhere := sent_back(refused.first):
                return elsewhere
            refusals = refused.refusals
        else:
            response = HttpResponseRedirect(f"{reverse('my:registration')}?saved=1")
            response.delete_cookie(access.RECORD_COOKIE)
            return response
    record = roster.record_of(wanted) if wanted else None
    if record is None or record.sitting_id != visit.sitting.code:
        return HttpResponseRedirect(reverse("my:eligibility"))
    services.number_shown(visit.passport, record, visit.now)
    context = visit.frame("资格信息确认") | confirmation(record, visit.passport, visit.now)
    context |= {"form": form, "refusals": refusals, "refused": bool(refusals)}
    # A bound candidate's review is about the bound record, whatever was looked up since.
    if visit.bound is not None and visit.bound.record != record.id:
        context["review_shown"] = False
    context["found"] = "found" in request.GET and not posted
    return render(request, "registration/confirm.html", context)


@page()
def photo(visit: Visit) -> HttpResponse:
    """`/my/photo/`: the photo of the bound record, or of the one just looked up."""
    cookie = visit.request.COOKIES.get(access.RECORD_COOKIE, "")
    looked_up = access.looked_up(visit.passport, cookie)
    wanted = looked_up if "looked" in visit.request.GET else (visit.bound.record if visit.bound else None)
    jpeg = roster.photo_of(wanted) if wanted else None
    if jpeg is None:
        raise Http404("no photo")
    return HttpResponse(jpeg, content_type="image/jpeg")
