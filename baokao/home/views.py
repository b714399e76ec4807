"""Public pages: no personal data, cacheable by anyone, rendered at most once a second."""

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from baokao.core import clock
from baokao.core.http import cached
from baokao.core.http.audience import Audience, audience
from baokao.exams import queries as exams
from baokao.home import queries
from baokao.home.markup import to_html


@audience(Audience.PUBLIC)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """`/`."""
    return cached.answer(request, "home", lambda: render_to_string("home/home.html", queries.home(clock.now())))


@audience(Audience.PUBLIC)
@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """`/pages/<slug>/`, as the national office wrote it."""

    def render() -> str:
        found = queries.page(slug)
        if found is None:
            raise Http404(slug)
        context = {"page_title": found.title, "here": slug, "body": to_html(found.body), "dated": found.updated_at}
        return render_to_string("home/page.html", context)

    return cached.answer(request, ("page", slug), render)


@audience(Audience.PUBLIC)
@require_safe
def news(request: HttpRequest, news_id: int) -> HttpResponse:
    """`/news/<id>/`."""

    def render() -> str:
        found = queries.news(news_id, clock.now())
        if found is None:
            raise Http404(str(news_id))
        context = {"page_title": found.title, "here": "", "body": to_html(found.body), "dated": found.published_at}
        return render_to_string("home/page.html", context)

    return cached.answer(request, ("news", news_id), render)


@audience(Audience.PUBLIC)
@require_safe
def lights(request: HttpRequest, campus: str) -> HttpResponse:
    """`/lights/<campus>/`: the lights of a campus as fragments that replace those of an open page (rule C9)."""

    def render() -> str:
        found = {
            code: level
            for sitting in exams.open_sittings()
            for code, level in exams.lights(sitting.code, campus).items()
        }
        if not found:
            raise Http404(campus)
        return render_to_string("home/_lights.html", {"campus": campus, "lights": found})

    return cached.answer(request, ("lights", campus), render)
