"""Content pages are written in Markdown, without HTML of their own."""

from markdown_it import MarkdownIt
from markupsafe import Markup

_reader = MarkdownIt("commonmark", {"html": False, "linkify": False}).disable("image")


def to_html(text: str) -> Markup:
    """The text as HTML. Tags in it are shown as typed, and links lead only where http, https, mailto or our own do."""
    return Markup(_reader.render(text))  # noqa: S704 (the renderer escapes; html is off)
