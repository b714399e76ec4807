"""`baokao staff …`: make, list, renew and end the accounts of the desks (rule G2)."""

import argparse

from baokao.core import clock
from baokao.core.verdict import RefusedError
from baokao.core.zone import local
from baokao.passport.models import Role, StaffAccount, StaffScope
from baokao.passport.staff import services
from baokao.passport.staff.services import Credentials, NewStaff

HELP = "make, list, renew and end staff accounts"
_BY = "operator"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A verb each, with the account that it is about."""
    verbs = parser.add_subparsers(dest="verb", required=True)
    add = verbs.add_parser("add", help="make an account and print its password, TOTP secret and recovery codes")
    add.add_argument("account", help="an e-mail address")
    add.add_argument("--name", required=True)
    add.add_argument("--role", required=True, choices=Role.values)
    for kind in StaffScope.Kind:
        named = "NAME" if kind == StaffScope.Kind.DEPARTMENT else "CODE"
        add.add_argument(f"--{kind}", action="append", default=[], metavar=named)
    verbs.add_parser("list", help="the accounts, a line each: account, name, role, scope, since")
    for verb, line in (("renew", "a new password and second factor"), ("end", "let nobody sign in with it any more")):
        verbs.add_parser(verb, help=line).add_argument("account")


def run(arguments: argparse.Namespace) -> None:
    """Do it; a refusal is a sentence."""
    now = clock.now()
    try:
        if arguments.verb == "list":
            _list()
        elif arguments.verb == "add":
            scopes = {kind: getattr(arguments, kind) for kind in StaffScope.Kind.values}
            new = NewStaff(arguments.account, arguments.name, arguments.role, scopes)
            _hand_over(services.make(new, _BY, now))
        elif arguments.verb == "renew":
            _hand_over(services.renew(arguments.account, _BY, now))
        else:
            services.end(arguments.account, _BY, now)
    except RefusedError as refused:
        raise SystemExit(refused.first.message + refused.first.remedy) from None


def _hand_over(given: Credentials) -> None:
    print(f"账号\t{given.account}\n密码\t{given.password}\n动态码密钥\t{given.totp_secret}")
    for code in given.recovery_codes:
        print(f"恢复码\t{code}")


def _list() -> None:
    for staff in StaffAccount.objects.filter(ended_at__isnull=True).order_by("role", "account_folded"):
        scope = " ".join(staff.scopes.order_by("kind", "value").values_list("value", flat=True))
        print("\t".join((staff.account, staff.name, staff.role, scope or "-", f"{local(staff.made_at):%Y-%m-%d}")))
