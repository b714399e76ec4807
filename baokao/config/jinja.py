"""The templates' environment: what every page may call, and nothing that reaches the database."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import NoReverseMatch, get_urlconf, reverse
from jinja2 import Environment, StrictUndefined

from baokao.core import words
from baokao.core.zone import local


def environment(**options: Any) -> Environment:
    """Jinja2 as Django asks for it: strict about names, and reading each template once."""
    options |= {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True, "auto_reload": False}
    options.pop("autoescape", None)
    made = Environment(autoescape=True, **options)
    made.globals.update(url=url, has_url=has_url, static=static, site=_site())
    made.tests["has_url"] = has_url
    made.filters.update(when=when, iso=iso, left=words.left, yuan=words.yuan, coded=coded)
    return made


def url(name: str, *args: Any) -> str:
    """The address of a view by its name; those without arguments, of which every page has some ten, are kept."""
    if args:
        return reverse(name, args=args)
    found = _address(name, get_urlconf() or settings.ROOT_URLCONF)
    return found or reverse(name)


def has_url(name: str) -> bool:
    """Whether there is such an address: links to pages that are yet to be built appear by themselves."""
    return _address(name, get_urlconf() or settings.ROOT_URLCONF) is not None


@lru_cache(256)
def _address(name: str, urlconf: str) -> str | None:
    try:
        return reverse(name, urlconf=urlconf)
    except NoReverseMatch:
        return None


def when(moment: datetime | date) -> str:
    """`2017-09-20 14:00`, or a day."""
    return words.shown(moment) if isinstance(moment, datetime) else f"{moment:%Y-%m-%d}"


def iso(moment: datetime | date) -> str:
    """For the `datetime` attribute of `<time>`."""
    return local(moment).isoformat(timespec="minutes") if isinstance(moment, datetime) else moment.isoformat()


def coded(place: tuple[str, str]) -> str:
    """`(993010)测试校区机构001`."""
    return f"({place[0]}){place[1]}"


def _site() -> dict[str, str]:
    return {"phone": settings.CUSTOMER_SERVICE_PHONE, "icp": settings.ICP_LINE}
