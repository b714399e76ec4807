"""The provider's pages: in the site's dress, under a banner by which nobody takes them for real money."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from baokao.config import place
from baokao.sandbox.provider.forms import told, yuan
from baokao.sandbox.provider.http import Answer

HERE = Path(__file__).parent
_CORE = place.BASE / "baokao" / "core" / "static"
FILES = {
    "/static/site.css": (_CORE / "site.css", "text/css; charset=utf-8"),
    "/static/mark.svg": (_CORE / "mark.svg", "image/svg+xml"),
    "/static/provider.css": (HERE / "static" / "provider.css", "text/css; charset=utf-8"),
}

# The providers, by the name under which their pages lie.
HOUSES = {"alipay": "支付宝", "payease": "首信易支付"}

_environment = Environment(
    loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
    lstrip_blocks=True, auto_reload=False,
)  # fmt: skip
_environment.filters.update(told=told, yuan=yuan)


def page(template: str, *, house: str = "alipay", leads_to: str = "", status: int = 200, **shown: Any) -> Answer:
    """A page of a provider. `leads_to` is an address elsewhere to which its forms may lead in the end."""
    parts = urlsplit(leads_to)
    elsewhere = f" {parts.scheme}://{parts.netloc}" if parts.netloc else ""
    policy = f"default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'{elsewhere}; base-uri 'none'"
    headers = {
        "Content-Security-Policy": f"{policy}; frame-ancestors 'none'",
        "Cache-Control": "no-store",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
    return Answer(
        status, _environment.get_template(template).render(shown, house=house, houses=HOUSES).encode(), headers=headers
    )


def file(path: str) -> Answer | None:
    """A style sheet or picture, if that is one."""
    found = FILES.get(path)
    return Answer(200, found[0].read_bytes(), found[1], {"Cache-Control": "max-age=60"}) if found else None
