"""The provider as the demonstration starts it: keys of its own, the site's settings, and never in production."""

import ast
import base64
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from cryptography.hazmat.primitives.serialization import load_der_private_key, load_der_public_key
from django.urls import reverse

from baokao.config import place
from baokao.sandbox.provider import demonstration
from baokao.sandbox.provider.alipay import rsa2
from tests.sandbox.provider.client import VECTORS
from tests.sandbox.provider.payease.client import VECTORS as PAYEASE_VECTORS
from tests.site import free_port

PROVIDER = place.BASE / "baokao" / "sandbox" / "provider"


def test_keys_are_made_once_for_a_data_folder_and_readable_by_nobody_else(tmp_path):
    first = demonstration.settings_of_the_site(tmp_path, "http://127.0.0.1:1")
    assert demonstration.settings_of_the_site(tmp_path, "http://127.0.0.1:1") == first
    assert demonstration.settings_of_the_site(tmp_path / "other", "http://127.0.0.1:1") != first
    files = list((tmp_path / "provider").iterdir())
    assert {file.suffix for file in files} == {".pem", ".txt"}
    for file in files:
        assert file.stat().st_mode & 0o077 == 0


def test_the_sites_settings_fit_the_providers_own(tmp_path):
    told = demonstration.settings_of_the_site(tmp_path, "http://127.0.0.1:1")
    config = demonstration.alipay(tmp_path, "http://127.0.0.1:1")
    assert told["BAOKAO_ALIPAY_GATEWAY"] == "http://127.0.0.1:1/gateway.do"
    application = config.applications[told["BAOKAO_ALIPAY_APP_ID"]]
    assert application.seller_id == told["BAOKAO_ALIPAY_SELLER_ID"]
    merchants = load_der_private_key(raw(told["BAOKAO_ALIPAY_PRIVATE_KEY"]), None)
    gateways = load_der_public_key(raw(told["BAOKAO_ALIPAY_PUBLIC_KEYS"]))
    assert rsa2.verifies("x", rsa2.sign("x", merchants), application.public_key)
    assert rsa2.verifies("x", rsa2.sign("x", config.gateway_key), gateways)


def test_payeases_settings_fit_too(tmp_path):
    told = demonstration.settings_of_the_site(tmp_path, "http://127.0.0.1:1")
    config = demonstration.payease(tmp_path, "http://127.0.0.1:1", "http://127.0.0.1:2")
    assert told["BAOKAO_PAYEASE_GATEWAY"] == told["BAOKAO_PAYEASE_API"] == "http://127.0.0.1:1"
    assert (told["BAOKAO_PAYEASE_MERCHANT"], told["BAOKAO_PAYEASE_KEYS"]) == (config.merchant.mid, config.merchant.key)
    assert re.fullmatch("[A-Za-z0-9]{16}", config.merchant.key)
    assert told["BAOKAO_PAYEASE_REFUND_OPERATOR"] == config.merchant.operator
    modulus = re.fullmatch("m=([0-9a-f]{256});e=010001;", told["BAOKAO_PAYEASE_PUBLIC_KEY"])[1]
    assert int(modulus, 16) == config.sign_key.public_key().public_numbers().n
    # The address is agreed with the operator: the site's page for it.
    assert config.merchant.notify_url == f"http://127.0.0.1:2{reverse('pay:notify', args=['payease'])}"


def test_the_keys_of_the_vectors_are_not_among_them(tmp_path):
    told = demonstration.settings_of_the_site(tmp_path, "http://127.0.0.1:1")
    known = {pair["rsa_numbers_hex"]["n"] for pair in VECTORS["keys"].values()}
    used = load_der_public_key(raw(told["BAOKAO_ALIPAY_PUBLIC_KEYS"]))
    assert f"{used.public_numbers().n:x}" not in known
    assert told["BAOKAO_PAYEASE_KEYS"] != PAYEASE_VECTORS["key"]
    assert told["BAOKAO_PAYEASE_PUBLIC_KEY"] != PAYEASE_VECTORS["rsa_key_for_v_sign"]["public_key_file_text"]


def raw(text: str) -> bytes:
    assert "\n" not in text
    return base64.b64decode(text, validate=True)


def test_it_refuses_to_start_in_production(tmp_path):
    told = subprocess.run(
        [sys.executable, "-m", "baokao", "provider"], cwd=place.BASE, capture_output=True, text=True, timeout=60,
        env=os.environ | {"BAOKAO_ENV": "production", "BAOKAO_DATA": str(tmp_path)},
    )  # fmt: skip
    assert told.returncode == 1
    assert "refuses to run with BAOKAO_ENV=production" in told.stderr
    assert "Traceback" not in told.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_command_serves_and_ends_in_order(tmp_path):
    port = free_port()
    child = subprocess.Popen(
        [sys.executable, "-m", "baokao", "provider", "--port", str(port)], cwd=place.BASE,
        env=os.environ | {"BAOKAO_ENV": "test", "BAOKAO_DATA": str(tmp_path)}, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        end = time.monotonic() + 30
        while not answers(port):
            assert child.poll() is None, child.stderr.read()
            assert time.monotonic() < end
            time.sleep(0.05)
        for house in ("alipay", "payease"):
            assert answers(port, f"/{house}/books.json", b"{}")
            assert (tmp_path / "provider" / f"{house}.sqlite").exists()
        child.send_signal(signal.SIGTERM)
        assert child.wait(20) == 0
        assert child.stderr.read() == ""
    finally:
        child.kill()
        child.wait()
        child.stderr.close()


def answers(port: int, path: str = "/healthz", with_this: bytes = b"ok\n") -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.read() == with_this
    except OSError:
        return False


def test_the_provider_knows_no_other_part_of_the_program():
    """What import-linter says of whole packages, here to the letter: outside, only where files lie is asked."""
    outside = set()
    for file in PROVIDER.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("baokao"):
                names = {f"{node.module}.{alias.name}" for alias in node.names}
                outside |= {name for name in names if not name.startswith("baokao.sandbox.provider")}
            if isinstance(node, ast.Import):
                outside |= {alias.name for alias in node.names if alias.name.startswith("baokao")}
    assert outside == {"baokao.config.place"}


def test_nor_does_any_adapter_know_the_provider():
    for file in (Path(place.BASE) / "baokao").rglob("*.py"):
        if "sandbox" not in file.parts and file.name != "provider.py":
            assert "sandbox.provider" not in file.read_text(), file
