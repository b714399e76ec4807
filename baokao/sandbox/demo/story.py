"""What the demonstration tells at the terminal."""

import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from baokao.config import place


class Story:
    """Lines of progress with the seconds since the start."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def step(self, line: str) -> None:
        """One line of progress."""
        _write(f"[{time.monotonic() - self._began:5.1f}s] {line}")

    def ready(self, port: int, data: Path, accounts: Iterable[Any]) -> None:
        """Addresses, then the accounts, a line each: desk, account, password, TOTP secret, with tabs between."""
        self.step("就绪。")
        _write(
            "",
            f"  网站  http://localhost:{port}/",
            f"  邮箱  http://localhost:{port}/sandbox/mail/",
            f"  支付  http://localhost:{place.provider_port()}/（沙箱，没有真实资金）",
            f"  数据  {data}（日志 serve.log worker.log provider.log database.log）",
            "",
            "身份\t账号\t密码\t动态码密钥",
        )
        for account in accounts:
            _write("\t".join((account.desk, account.account, account.password, account.totp)))
        _write("", "按 Ctrl-C 结束。")


def _write(*lines: str) -> None:
    for line in lines:
        sys.stdout.write(line + "\n")
    sys.stdout.flush()
