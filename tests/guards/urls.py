"""Every address of the site, found from the URL resolver."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Route:
    """A named address: its name with namespace, its pattern, and its view."""

    name: str
    pattern: str
    view: Any

    @property
    def audience(self) -> str | None:
        return getattr(self.view, "audience", None)


def routes() -> list[Route]:
    """All of them, in order of their patterns."""
    return sorted(_walk(get_resolver(), "", ""), key=lambda route: route.pattern)


def _walk(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[Route]:
    for item in resolver.url_patterns:
        pattern = prefix + str(item.pattern)
        if isinstance(item, URLResolver):
            inner = f"{namespace}{item.namespace}:" if item.namespace else namespace
            yield from _walk(item, pattern, inner)
        elif isinstance(item, URLPattern):
            yield Route(f"{namespace}{item.name or ''}", f"/{pattern}", item.callback)
