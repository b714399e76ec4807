"""A call of one of Alipay's methods: signed, sent, and its answer believed only with Alipay's signature."""

from collections.abc import Mapping
from urllib.parse import urlencode

from baokao.core import clock
from baokao.payments.gateways.alipay import answers, requests
from baokao.payments.gateways.alipay.account import Account
from baokao.payments.gateways.calls import Caller
from baokao.payments.gateways.http import Deadline, Request


class Api:
    """The methods that our server calls."""

    def __init__(self, account: Account, caller: Caller) -> None:
        self.account, self.caller = account, caller

    def deadline(self) -> Deadline:
        """The time that one of our verbs may take, when it makes more than one call."""
        return self.caller.deadline()

    def call(
        self, method: str, content: Mapping[str, str], repeat: bool, deadline: Deadline | None = None
    ) -> answers.Answer:
        """The signed answer, also one that refuses. `Unknown` otherwise.

        Everything travels in the body, where no proxy's log has it; only `charset` stands in the address, by which the
        body is decoded.
        """
        parameters = requests.signed(self.account, method, content, clock.now())
        charset = parameters.pop("charset")
        request = Request(f"{self.account.gateway}?charset={charset}", urlencode(parameters).encode())
        return self.caller.ask(request, lambda body: answers.read(self.account, method, body), repeat, deadline)
