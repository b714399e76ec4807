"""Public pages: no personal data, cacheable by anyone, rendered at most twice a second in each process."""

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from baokao.core import clock
from baokao.core.brief import brief
from baokao.core.http.audience import Audience, audience
from baokao.core.http.cached import SECONDS, Answer, answer_of, serve
from baokao.exams.queries import province_lights, speaking_codes
from baokao.home import queries
from baokao.home.markup import to_html
from baokao.home.shown import SittingShown

# More than the country has campuses, so that a whole opening minute's lights are remembered.
_CAMPUSES = 6000
_LONGEST_SLUG = 30
_LARGEST_ID = 2**63 - 1


@audience(Audience.PUBLIC)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """`/`: the sitting, what comes next, dates and news (rule F3). Whoever has just ended an account reads so above."""
    return serve(request, _home("closed" in request.GET))


@audience(Audience.PUBLIC)
@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """`/pages/<slug>/`, as the national office wrote it."""
    if len(slug) > _LONGEST_SLUG:
        raise Http404
    return serve(request, _page(slug))


@audience(Audience.PUBLIC)
@require_safe
def news(request: HttpRequest, news_id: int) -> HttpResponse:
    """`/news/<id>/`: one item of CET考试最新动态."""
    if news_id > _LARGEST_ID:
        raise Http404
    return serve(request, _news(news_id))


@audience(Audience.PUBLIC)
@require_safe
def lights(request: HttpRequest, campus: str) -> HttpResponse:
    """`/lights/<campus>/`: the lights of a campus as fragments, by whose ids an open page finds its own (rule C9).

    With `?sitting=` of that sitting; without, of all that are open, the latest first to speak.
    """
    sitting = request.GET.get("sitting", "")
    if not _is_code(campus, 6) or (sitting and not _is_code(sitting, 5)):
        raise Http404
    return serve(request, _lights(campus, sitting))


@audience(Audience.PUBLIC)
@require_safe
def speaking_lights(request: HttpRequest, subject: str, province: str) -> HttpResponse:
    """`/lights/<subject>/<province>/`: the lights of a speaking subject at all campuses of a province, for the list of
    campuses of rule C8."""
    sitting = request.GET.get("sitting", "")
    if subject not in speaking_codes() or not _is_code(province, 2) or not _is_code(sitting, 5):
        raise Http404
    return serve(request, _speaking_lights(subject, province, sitting))


@brief(SECONDS)
def _home(closed: bool) -> Answer:
    now = clock.now()
    found = queries.sittings(now)
    context = {
        "page_title": "首页",
        "here": "home",
        "closed": closed,
        "hero": SittingShown.most_urgent(found),
        "sittings": found,
        "news": queries.latest_news(now),
    }
    return answer_of(render_to_string("home/home.html", context))


@brief(SECONDS, most=200)
def _page(slug: str) -> Answer:
    found = queries.page(slug)
    if found is None:
        raise Http404
    context = {"page_title": found.title, "here": slug, "body": to_html(found.body), "dated": found.updated_at}
    # 考试时间 has the days themselves above its text, which so needn't be edited for each sitting.
    context["sittings"] = queries.sittings(clock.now()) if slug == "schedule" else []
    return answer_of(render_to_string("home/page.html", context))


@brief(SECONDS, most=200)
def _news(news_id: int) -> Answer:
    found = queries.news(news_id, clock.now())
    if found is None:
        raise Http404
    context = {"page_title": found.title, "here": "", "body": to_html(found.body), "dated": found.published_at}
    return answer_of(render_to_string("home/page.html", context | {"sittings": []}))


@brief(SECONDS, most=_CAMPUSES)
def _lights(campus: str, sitting: str) -> Answer:
    found = queries.lights(campus, sitting)
    if found is None:
        raise Http404
    lights = [(campus, code, level) for code, level in found.items()]
    return answer_of(render_to_string("home/_lights.html", {"lights": lights}))


@brief(SECONDS, most=_CAMPUSES)
def _speaking_lights(subject: str, province: str, sitting: str) -> Answer:
    lights = [(campus, subject, level) for campus, level in province_lights(province, subject, sitting).items()]
    return answer_of(render_to_string("home/_lights.html", {"lights": lights}))


def _is_code(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isdigit()
