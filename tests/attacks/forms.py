"""Every form of the site, found by rendering every page as every visitor and following what the forms lead to."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve

from tests.attacks.answers import text
from tests.attacks.people import copy_of
from tests.attacks.tables import undone
from tests.review.scans import a_scan

# How many forms deep one is followed: paying asks three times.
_DEEPEST = 4
# Visitor, browser, what is the same page in another house, and address.
Page = tuple[str, Client, str, str]
_TYPED = frozenset({"text", "password", "email", "tel", "search", "number", "url", "textarea", "datetime-local"})


@dataclass
class Field:
    """A field of a form, with the values that the page gives it; of a box or a list also those that it could take."""

    name: str
    kind: str
    values: list[str] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)

    @property
    def typed(self) -> bool:
        """Whether a person writes into it."""
        return self.kind in _TYPED


@dataclass(frozen=True)
class Form:
    """A form as it stood on a page, and who saw it there."""

    visitor: str
    client: Client
    page: str
    path: str
    method: str
    fields: dict[str, Field]
    # The button that is pressed, with its name and value if it has any.
    button: tuple[str, str] = ("", "")

    @property
    def pattern(self) -> str:
        """The address that it is sent to, as the URL resolver has it."""
        return f"/{resolve(urlsplit(self.path).path).route}"

    @property
    def key(self) -> tuple[str, ...]:
        """What makes it another form than one that was found before."""
        step = self.fields["step"].values[0] if "step" in self.fields else ""
        return self.pattern, self.method, *sorted(self.fields), step, *self.button

    def __str__(self) -> str:
        return f"{self.method} {self.pattern} ({', '.join(self.key[2:])}) as {self.visitor}"

    def send(self, values: dict[str, list[str]], **more: str) -> HttpResponse:
        """The answer to the form with these values, as a browser sends them; it isn't followed, and what it does to the
        visitor's cookies is forgotten."""
        if self.button[0]:
            values = values | {self.button[0]: [self.button[1]]}
        address = urlsplit(self.path)
        sender = copy_of(self.client)
        if self.method == "get":
            return sender.get(address.path, QUERY_STRING=_encoded(dict(parse_qsl(address.query)) | values), **more)
        if files := [name for name, one in self.fields.items() if one.kind == "file"]:
            return sender.post(self.path, _in_parts(values) | {name: _file(name) for name in files}, **more)
        return sender.post(self.path, _encoded(values), content_type="application/x-www-form-urlencoded", **more)


def _file(name: str) -> SimpleUploadedFile:
    """A table where the field's name is that of tables, else a scan."""
    return SimpleUploadedFile("学号.csv", "学号\nno-of-owner\n".encode()) if name == "file" else a_scan()


def _encoded(values: Mapping[str, object]) -> str:
    """As a browser sends it. Half a character, which no browser sends, goes as the bytes that a script would send."""
    return urlencode(values, doseq=True, errors="surrogatepass")


def _in_parts(values: dict[str, list[str]]) -> dict[str, list[bytes]]:
    """The same for a form with files."""
    return {name: [one.encode(errors="surrogatepass") for one in given] for name, given in values.items()}


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.found, self.form, self.select = page, [], None, None
        self.buttons: list[tuple[str, str]] = []
        # The buttons of forms with an id, which may stand elsewhere on the page.
        self.named: dict[str, list[tuple[str, str]]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.form, self.buttons = {}, []
            self.path, self.method = urljoin(self.page, has.get("action", "")), has.get("method", "get").lower()
            if "id" in has:
                self.named[has["id"]] = self.buttons
        elif tag == "button" and has.get("form") in self.named:
            self.named[has["form"]].append((has.get("name", ""), has.get("value", "")))
        elif self.form is None:
            return
        elif tag == "button" and has.get("type", "submit") == "submit" and "disabled" not in has:
            self.buttons.append((has.get("name", ""), has.get("value", "")))
        elif tag in ("input", "textarea", "select") and has.get("name") and "disabled" not in has:
            self._field(tag, has)
        elif tag == "option" and self.select is not None:
            self.select.choices.append(has.get("value", ""))
            if "selected" in has:
                self.select.values.append(has.get("value", ""))

    def _field(self, tag: str, has: dict[str, str]) -> None:
        kind = has.get("type", "text") if tag == "input" else tag
        found = self.form.setdefault(has["name"], Field(has["name"], kind))
        value = has.get("value", "on" if kind in ("checkbox", "radio") else "")
        if tag == "select":
            self.select = found
        elif kind in ("checkbox", "radio"):
            found.choices.append(value)
            if "checked" in has:
                found.values.append(value)
        else:
            found.values.append(value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = None
        elif tag == "form" and self.form is not None:
            self.found.append((self.path, self.method, self.form, self.buttons))
            self.form = None


def forms_on(page: str, html: str, visitor: str, client: Client) -> Iterator[Form]:
    """The forms of a page that lead to the site itself, one for each button."""
    reader = _Reader(page)
    reader.feed(html)
    for path, method, fields, buttons in reader.found:
        if urlsplit(path).netloc:
            continue
        fields.pop("csrfmiddlewaretoken", None)
        for button in buttons:
            yield Form(visitor, client, page, path, method, fields, button)


# What one file has found out of each page and form, the next need not find out again: which lead to no form.
_barren: set[tuple[str, str]] = set()
_ends: set[tuple[str, ...]] = set()


def every_form(pages: list[Page], fill: Callable[[Form], dict[str, list[str]]]) -> list[Form]:
    """Each kind of form once: those of the pages, and of what they lead to when `fill` fills them in. Nothing that is
    written on the way stays."""
    found: dict[tuple[str, ...], Form] = {}

    def take(page: str, html: str, visitor: str, client: Client, depth: int) -> int:
        new = [form for form in forms_on(page, html, visitor, client) if form.key not in found]
        for form in new:
            found[form.key] = form
            if depth < _DEEPEST and form.method == "post" and form.key not in _ends:
                with undone():
                    answer = form.send(fill(form))
                    if answer.status_code != 200 or not take(form.path, text(answer), visitor, client, depth + 1):
                        _ends.add(form.key)
        return len(new)

    for visitor, client, same, path in pages:
        if (visitor, same) in _barren:
            continue
        answer = client.get(path)
        is_page = answer.status_code == 200 and "html" in answer.headers["Content-Type"]
        if not is_page or not take(path, text(answer), visitor, client, 0):
            _barren.add((visitor, same))
    return list(found.values())
