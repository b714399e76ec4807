"""A small browser for the benches: cookies, forms, one connection kept alive; its own time is not counted."""

import re
import time
import uuid
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

IDLE = 5.0
_FORM = "application/x-www-form-urlencoded"


@dataclass
class Visitor:
    """One person at the site."""

    url: str
    cookies: dict[str, str] = field(default_factory=dict)
    page: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 0
    extra: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        self._line = HTTPConnection("127.0.0.1", parts.port or 80)
        self._host = parts.netloc
        self._spoke = time.monotonic()

    def get(self, path: str) -> None:
        self._send("GET", path, None)

    def post(self, path: str, **form: str | list[str]) -> None:
        """Submit a form of the page that is open, with its token and captcha."""
        filled = {"csrfmiddlewaretoken": self.hidden("csrfmiddlewaretoken")} | form
        self._send("POST", path, urlencode(filled, doseq=True))

    def send_file(self, path: str, field: str, file: Path, **form: str) -> None:
        """Submit a form of the page that is open, with its token and a file."""
        border = uuid.uuid4().hex
        filled = {"csrfmiddlewaretoken": self.hidden("csrfmiddlewaretoken")} | form
        parts = [
            f'--{border}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in filled.items()
        ]
        parts.append(
            f'--{border}\r\nContent-Disposition: form-data; name="{field}"; filename="{file.name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        body = "".join(parts).encode() + file.read_bytes() + f"\r\n--{border}--\r\n".encode()
        self._send("POST", path, body, f"multipart/form-data; boundary={border}")

    def hidden(self, name: str) -> str:
        """A hidden field of the page."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page)
        assert found, f"no field {name}"
        return found[1]

    def close(self) -> None:
        self._line.close()

    def _send(self, method: str, path: str, body: str | bytes | None, content_type: str = _FORM) -> None:
        headers = {"Host": self._host, "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        headers |= self.extra
        if body is not None:
            headers["Content-Type"] = content_type
        # A server hangs up on a line that nobody speaks on; whoever waited for the others dials again.
        if time.monotonic() - self._spoke > IDLE:
            self._line.close()
        self._line.request(method, path, body, headers)
        response = self._line.getresponse()
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                cookie, _, value = value.partition(";")[0].partition("=")
                self.cookies[cookie] = value
        content = response.read()
        self._spoke = time.monotonic()
        if content and "content-encoding" not in self.headers:
            self.page = content.decode()
        assert self.status < 400, f"{method} {path}: {self.status}"
