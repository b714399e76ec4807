"""Production from its first command on: it refuses what is unsafe, and serves with what is sound."""

import base64
import http.client
import os
import secrets
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import PrivateFormat

from baokao.config import place
from baokao.sandbox.database import running
from tests.keys import public_text_of, text_of

OURS, ALIPAYS = (rsa.generate_private_key(65537, 2048) for _ in range(2))


class House:
    """A production house on a database of its own (with fsync, or it would refuse)."""

    def __init__(self, folder: Path, urls: dict[str, str]) -> None:
        self.folder, self.urls = folder, urls
        kept = {name: value for name, value in os.environ.items() if not name.startswith("BAOKAO_")}
        self.settings = kept | {
            "BAOKAO_ENV": "production",
            "BAOKAO_DATA": str(folder),
            "BAOKAO_HOSTS": "a.example.cn,b.example.cn",
            "BAOKAO_BASE_URLS": "https://a.example.cn,https://b.example.cn",
            "BAOKAO_PROXY_COUNT": "1",
            "BAOKAO_SECRET_KEY": secrets.token_urlsafe(48),
            "BAOKAO_SMTP_HOST": "mail.invalid",
            "BAOKAO_MAIL_FROM": "cet@example.cn",
            "BAOKAO_ALIPAY_APP_ID": "2021000100000001",
            "BAOKAO_ALIPAY_SELLER_ID": "2088000000000001",
            "BAOKAO_ALIPAY_PRIVATE_KEY": text_of(OURS, PrivateFormat.PKCS8),
            "BAOKAO_ALIPAY_PUBLIC_KEYS": public_text_of(ALIPAYS),
            **{f"BAOKAO_{ring}_KEYS": new_key() for ring in ("ENCRYPTION", "DIGEST", "AUDIT")},
        }

    def command(self, role: str, *words: str, **more: str) -> subprocess.CompletedProcess:
        environment = self.environment(role, **more)
        command = [sys.executable, "-m", "baokao", *words]
        return subprocess.run(command, env=environment, cwd=place.BASE, capture_output=True, text=True, timeout=60)

    def environment(self, role: str, **more: str) -> dict[str, str]:
        return self.settings | {"BAOKAO_ROLE": role, "BAOKAO_DATABASE_URL": self.urls[role]} | more


def new_key() -> str:
    return f"1:{base64.b64encode(secrets.token_bytes(32)).decode()}"


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    folder = tmp_path_factory.mktemp("production")
    with running(folder) as database:
        yield House(folder, database.urls)


def get(path: Path, address: str) -> int:
    """A GET over the Unix socket, as nginx sends it."""
    talk = http.client.HTTPConnection("a.example.cn", timeout=10)
    talk.sock = socket.socket(socket.AF_UNIX)
    talk.sock.settimeout(10)
    talk.sock.connect(str(path))
    talk.request("GET", address, headers={"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"})
    return talk.getresponse().status


def test_it_refuses_to_start_with_anything_unsafe_and_says_which(house):
    for command in ("serve", "worker"):
        refused = house.command("web" if command == "serve" else "worker", command, BAOKAO_CAPTCHA="fixed")
        assert refused.returncode == 1
        assert "every captcha's answer is 8888" in refused.stderr
        assert "migrations are not applied" in refused.stderr


def test_it_serves_as_the_web_role_only(house):
    refused = house.command("owner", "serve")
    assert refused.returncode == 1
    assert "works as web only" in refused.stderr


def test_the_demonstration_does_not_start_in_production(house):
    refused = house.command("owner", "demo")
    assert (refused.returncode, "BAOKAO_ENV=demo only" in refused.stderr) == (1, True)


def test_migrated_and_checked_it_serves_from_several_processes(house, tmp_path):
    assert house.command("owner", "migrate").returncode == 0
    checked = house.command("web", "check")
    assert (checked.returncode, "0 unsafe" in checked.stdout) == (0, True), checked.stdout
    path = tmp_path / "w"
    web = subprocess.Popen(
        [sys.executable, "-m", "baokao", "serve", "--socket", str(path)],
        env=house.environment("web"),
        cwd=place.BASE,
        stderr=subprocess.DEVNULL,
    )
    try:
        end = time.monotonic() + 30
        while not path_answers(path):
            assert web.poll() is None
            assert time.monotonic() < end
            time.sleep(0.1)
        assert {get(path, "/readyz") for _ in range(20)} == {200}
        assert get(path, "/login/") == 200
        assert get(path, "/sandbox/mail/") == 404
    finally:
        web.terminate()
        assert web.wait(30) == 0


def path_answers(path: Path) -> bool:
    try:
        return get(path, "/healthz") == 200
    except OSError:
        return False
