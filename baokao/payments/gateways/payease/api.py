"""A question of ours to PayEase's server, and its answer as read."""

from collections.abc import Mapping
from urllib.parse import urlencode

from baokao.payments.gateways.calls import Caller
from baokao.payments.gateways.http import Deadline, Request
from baokao.payments.gateways.payease import answers, digests
from baokao.payments.gateways.payease.account import Account
from baokao.payments.gateways.payease.answers import Answer

ORDER = "/merchant/order/order_ack_oid_list.jsp"
ORDERS_OF_A_DAY = "/merchant/order/order_ack_day_list.jsp"
REFUND = "/merchant/refund/ref_ack_submit.jsp"
REFUNDS_OF_AN_ORDER = "/merchant/refund/ref_ack_oid_list_utf8.jsp"
REFUNDS_OF_A_DAY = "/merchant/refund/ref_ack_day_list_utf8.jsp"
VERSION = "1.1"


class Api:
    """The calls that our server makes."""

    def __init__(self, account: Account, caller: Caller) -> None:
        self.account, self.caller = account, caller

    def deadline(self) -> Deadline:
        """The time that one of our verbs may take, when it makes more than one call."""
        return self.caller.deadline()

    def call(
        self,
        path: str,
        fields: Mapping[str, str],
        repeat: bool,
        deadline: Deadline | None = None,
        method: str = "POST",
        unsigned: Mapping[str, str] | None = None,
    ) -> Answer:
        """The answer, also one that refuses. `Unknown` otherwise. The digest is over our merchant number and `fields`
        in their order; `unsigned` is not in it. `method` is how it travels: `POST` as a form, `GET`, or `QUERY`, a
        POST with everything in the address."""
        mac = digests.mac(self.account.keys[0], self.account.merchant, *fields.values())
        form = urlencode({"v_mid": self.account.merchant, **fields, **(unsigned or {}), "v_mac": mac})
        url = self.account.api + path
        bodies = {"POST": form.encode(), "QUERY": b"", "GET": None}
        request = Request(url if method == "POST" else f"{url}?{form}", bodies[method])
        charset = "utf-8" if "_utf8." in path else "gb18030"
        return self.caller.ask(request, lambda body: answers.read(body, charset), repeat, deadline)
