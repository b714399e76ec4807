"""Fetching the bill of a day (rule D7): ask where it lies, fetch the zip into a file, read the member with the trades.

Nothing is held in memory but a piece of the download and a line of the bill.
"""

import tempfile
import zipfile
from collections.abc import Iterator
from datetime import date
from typing import IO
from urllib.parse import urlsplit, urlunsplit

from baokao.core.archives import BROKEN
from baokao.payments.gateways.alipay import billfile
from baokao.payments.gateways.alipay.account import Account
from baokao.payments.gateways.alipay.api import Api
from baokao.payments.gateways.contract import BillLine, NoBill, Unknown

_NONE = ("BILL_NOT_EXIST", "ISP.BILL_NOT_EXIST")
_METHOD = "alipay.data.dataservice.bill.downloadurl.query"
# A country's busiest day is some 350 MB of text; what unfolds to more is no bill.
MOST_UNPACKED = 2 * 1024 * 1024 * 1024


def lines(api: Api, day: date) -> Iterator[BillLine]:
    """The bill's lines. `NoBill` when there is none, `Unknown` when it can't be had, or is not whole."""
    # The address is good for 30 s, so it is fetched at once; in a retry the job asks for a new one.
    address = _address(api, day)
    with tempfile.TemporaryFile() as file:
        api.caller.download(_allowed(api.account, address), file)
        try:
            with zipfile.ZipFile(file) as packed, _detail(packed) as member:
                yield from billfile.read(member, api.account.seller, day)
        except BROKEN as failed:
            raise Unknown(f"The bill's file is broken ({type(failed).__name__}).") from failed


def _address(api: Api, day: date) -> str:
    answer = api.call(_METHOD, {"bill_type": "trade", "bill_date": day.isoformat()}, repeat=True)
    if answer.problem.upper() in _NONE:
        raise NoBill(f"Alipay has no bill of {day}.")
    address = answer.text("bill_download_url")
    if not answer.done or not address:
        raise Unknown(f"Alipay does not say where the bill is ({answer.code} {answer.problem[:60]}).")
    return address


def _allowed(account: Account, address: str) -> str:
    """The address if it lies on a host of the settings. Alipay still writes http; it is https wherever the gateway is,
    for what comes in clear may have been changed on its way."""
    gateway, parts = urlsplit(account.gateway), urlsplit(address)
    if parts.scheme not in ("http", "https") or (
        parts.netloc != gateway.netloc and parts.netloc not in account.bill_hosts
    ):
        raise Unknown("The bill lies on a host that is not among BAOKAO_ALIPAY_BILL_HOSTS.")
    return urlunsplit(parts._replace(scheme="https" if gateway.scheme == "https" else parts.scheme))


def _detail(packed: zipfile.ZipFile) -> IO[bytes]:
    """The member with the trades, known by its first line: names are written in GBK without saying so."""
    for member in packed.infolist():
        if member.file_size > MOST_UNPACKED:
            raise Unknown("The bill is longer than any bill can be.")
        opened = packed.open(member)
        if opened.readline(billfile.MOST_OF_A_LINE).rstrip(b"\r\n") == billfile.TITLE.encode("gb18030"):
            opened.seek(0)
            return opened
        opened.close()
    raise Unknown("The bill's file holds no list of trades.")
