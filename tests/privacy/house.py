"""Where the scenarios of test_every_action.py play, and where they are kept."""

import pytest
from django.test import Client
from django.urls import resolve

from baokao.core import clock
from baokao.core.captcha import tokens
from baokao.core.verdict import RefusedError
from baokao.passport import links
from tests.files import run, write_csv
from tests.office.desks import at_desk
from tests.signing_in import signed_in_client
from tests.speaking import set_speaking_stage

SCENARIOS: dict[str, list] = {}
POSTED: dict[str, set[str]] = {}


def leaves(action: str, route: str = ""):
    """The scenario's deed leaves one row with this action; `route` is where it is posted."""

    def keep(scenario):
        SCENARIOS.setdefault(action, []).append(scenario)
        if route:
            POSTED.setdefault(route, set()).add(action)
        scenario.route = route
        return scenario

    return keep


class House:
    """What scenarios begin from: the speaking stage, a bank, a folder."""

    def __init__(self, bank, folder) -> None:
        self.stage, self.bank, self.folder = set_speaking_stage(), bank, folder
        self.posted: list[str] = []

    def post(self, who, path, purpose="", **form):
        """Post a form as a passport or, with None, as a visitor."""
        client = signed_in_client(who) if who else Client()
        if purpose:
            form |= {"captcha": "8888", "captcha_token": tokens.issue(purpose)}
        self.posted.append(f"/{resolve(path).route}")
        return client.post(path, form)

    def at_desk(self, staff, path, **form):
        """Post a form as staff."""
        self.posted.append(f"/{resolve(path).route}")
        return at_desk(staff).post(path, form)

    def link(self, purpose, passport):
        return f"/passport/{purpose}/{links.token(purpose, passport, clock.now())}/"

    def client(self, who):
        return signed_in_client(who)

    def notify(self, message, forged=False):
        """What the provider sends, or what somebody sends in its name."""
        body = message.body.replace(b"signed", b"forged", 1) if forged else message.body
        self.posted.append("/pay/notify/<str:provider>/")
        return Client().post("/pay/notify/alipay/", body, content_type="text/plain")

    def refused(self, service, *arguments, kind=RefusedError):
        """Call a service that refuses."""
        with pytest.raises(kind):
            service(*arguments)

    def import_(self, kind, columns, *rows):
        return run(kind, write_csv(self.folder / f"{kind}.csv", columns, *rows))
