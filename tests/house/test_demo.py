"""`make demo` as a person meets it: addresses, accounts, Ctrl-C, and whatever may be killed in between."""

import os
import random
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil
import pytest

from baokao.config import place
from baokao.sandbox.database import Trouble
from baokao.sandbox.demo.ports import refuse_taken


class Demo:
    """A demonstration on a data folder and four ports in a row."""

    def __init__(self, data: Path, port: int) -> None:
        self.data, self.port = data, port
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("BAOKAO_", "DJANGO_"))}
        self.child = subprocess.Popen(
            [sys.executable, "-m", "baokao", "demo"],
            env=kept | {"BAOKAO_DATA": str(data), "BAOKAO_PORT": str(port), "BAOKAO_WEB_WORKERS": "1"},
            cwd=place.BASE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.told = ""

    def read_until(self, words: str) -> str:
        for line in self.child.stdout:
            self.told += line
            if words in line:
                return self.told
        raise AssertionError(f"the demonstration ended without saying {words}:\n{self.told}")

    def part(self, name: str) -> int:
        """The process id of a part."""
        for process in psutil.Process(self.child.pid).children():
            if name in process.cmdline() or any(name == Path(word).name for word in process.cmdline()[:1]):
                return process.pid
        raise AssertionError(f"no {name} among {[p.cmdline() for p in psutil.Process(self.child.pid).children()]}")

    def end(self, wish: signal.Signals = signal.SIGINT) -> str:
        self.child.send_signal(wish)
        self.told += self.child.communicate(timeout=30)[0]
        return self.told

    def left_over(self) -> list[str]:
        """Processes of this data folder that live."""
        return [" ".join(p.info["cmdline"]) for p in psutil.process_iter(["cmdline"]) if _of(p, self.data)]


def _of(process: psutil.Process, data: Path) -> bool:
    try:
        words, environment = process.info["cmdline"] or [], process.environ()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False
    # A dead process that nobody has buried yet has no words.
    mark = environment.get("BAOKAO_PART_OF") == str(data)
    return bool(words) and (mark or str(data / "database" / "cluster") in words)


def answers(port: int, path: str = "/healthz") -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        return answer.status


def four_free_ports() -> int:
    """The first of four, below the range from which outgoing connections take theirs."""
    while True:
        port = random.randrange(20_000, 32_000)
        try:
            refuse_taken(port, port + 1, port + 2, port + 3)
            return port
        except Trouble:
            continue


@pytest.fixture
def demo(tmp_path):
    started = []

    def start(port=None) -> Demo:
        started.append(Demo(tmp_path, port or four_free_ports()))
        return started[-1]

    yield start
    for each in started:
        if each.child.poll() is None:
            each.end(signal.SIGTERM)


def test_from_nothing_through_deaths_to_a_second_start(demo):
    first = demo()
    told = first.read_until("按 Ctrl-C 结束")
    assert f"http://localhost:{first.port}/" in told
    assert re.search(r"^身份\t账号\t密码\t动态码密钥$", told, re.M)
    assert re.search(r"^考生\t\S+@\S+\t\S+\t", told, re.M)
    assert answers(first.port, "/") == answers(first.port, "/sandbox/mail/") == 200

    # A part that dies is started again.
    os.kill(first.part("serve"), signal.SIGKILL)
    first.read_until("serve 意外退出")
    wait_for(first.port)
    os.kill(first.part("provider"), signal.SIGKILL)
    first.read_until("provider 意外退出")
    wait_for(first.port + 3)
    os.kill(first.part("postgres"), signal.SIGKILL)
    first.read_until("数据库意外退出")
    wait_for(first.port, "/readyz")

    # A command finds the running database.
    command = run_command(first, "check")
    assert "0 unsafe" in command.stdout, command.stdout + command.stderr

    # A second one with the same data says so.
    second = demo(first.port)
    assert "演示已在运行" in second.child.communicate(timeout=30)[0]

    # The demonstration itself is killed; the next start cleans up and keeps the data.
    os.kill(first.child.pid, signal.SIGKILL)
    first.child.communicate()
    third = demo(first.port)
    began = time.monotonic()
    third.read_until("按 Ctrl-C 结束")
    assert "载入演示数据" not in third.told
    assert time.monotonic() - began < 15
    assert "已结束" in third.end()
    assert third.child.returncode == 0
    assert third.left_over() == []

    # And a command starts the database for as long as it needs it.
    assert "0 unsafe" in run_command(third, "check").stdout
    assert third.left_over() == []


def test_a_port_in_use_is_a_sentence(demo):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        told = demo(port).child.communicate(timeout=30)[0]
    assert f"端口 {port} 已被占用" in told
    assert "Traceback" not in told


def run_command(demo: Demo, *words: str) -> subprocess.CompletedProcess:
    environment = os.environ | {"BAOKAO_ENV": "demo", "BAOKAO_DATA": str(demo.data), "BAOKAO_CAPTCHA": "picture"}
    environment.pop("BAOKAO_DATABASE_URL", None)
    command = [sys.executable, "-m", "baokao", *words]
    return subprocess.run(command, env=environment, cwd=place.BASE, capture_output=True, text=True, timeout=60)


def wait_for(port: int, path: str = "/healthz") -> None:
    end = time.monotonic() + 20
    while True:
        try:
            assert answers(port, path) == 200
            return
        except OSError:
            assert time.monotonic() < end
            time.sleep(0.1)
