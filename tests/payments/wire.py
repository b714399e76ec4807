"""A site that takes real Alipay messages, and those messages, for tests over HTTP."""

import threading
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlencode

from cryptography.hazmat.primitives.serialization import PrivateFormat

from baokao.payments.models import Attempt
from tests.keys import public_text_of, text_of
from tests.payments.gateways.alipay import APP, OURS, PAID, SELLER, THEIRS, signed
from tests.races.volley import Answer

# The settings with which a process believes the test vectors' Alipay and sends nobody anywhere.
ENVIRONMENT = {
    "BAOKAO_ALIPAY_APP_ID": APP,
    "BAOKAO_ALIPAY_SELLER_ID": SELLER,
    "BAOKAO_ALIPAY_PRIVATE_KEY": text_of(OURS, PrivateFormat.PKCS8),
    "BAOKAO_ALIPAY_PUBLIC_KEYS": public_text_of(THEIRS),
}


@dataclass(frozen=True)
class Notice:
    """Alipay's notification that an attempt was paid, to be sent together with others."""

    attempt: Attempt

    def send(self, host: str, port: int, barrier: threading.Barrier) -> Answer:
        changed = {
            "out_trade_no": self.attempt.number,
            "trade_no": f"2026{self.attempt.id.int % 10**24:024d}",
            "total_amount": f"{self.attempt.amount:.2f}",
        }
        body = urlencode(signed(PAID | changed))
        headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8", "Host": f"{host}:{port}"}
        connection = HTTPConnection(host, port, timeout=60)
        connection.connect()
        barrier.wait()
        connection.request("POST", "/pay/notify/alipay/", body, headers)
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        return Answer(response.status, "", text)
