"""`baokao staff …`: make, list, renew and end the accounts of the desks (rule G2)."""

import argparse

HELP = "make, list, renew and end staff accounts"
_BY = "operator"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A verb each, with the account that it is about."""
    verbs = parser.add_subparsers(dest="verb", required=True)
    add = verbs.add_parser("add", help="make an account and print its password, TOTP secret and recovery codes")
    add.add_argument("account", help="an e-mail address")
    add.add_argument("--name", required=True)
    add.add_argument("--role", required=True, choices=["national", "province", "coordinator", "agent", "supervisor"])
    for kind in ("province", "school", "campus", "department"):
        add.add_argument(f"--{kind}", action="append", default=[], metavar="CODE" if kind != "department" else "NAME")
    verbs.add_parser("list", help="the accounts, a line each: account, name, role, scope, since")
    for verb, line in (("renew", "a new password and second factor"), ("end", "let nobody sign in with it any more")):
        verbs.add_parser(verb, help=line).add_argument("account")


def run(arguments: argparse.Namespace) -> None:
    """Do it; a refusal is a sentence."""
    from baokao.core import clock
    from baokao.core.verdict import RefusedError
    from baokao.passport.staff import services

    now = clock.now()
    try:
        if arguments.verb == "list":
            _list()
        elif arguments.verb == "add":
            scopes = {kind: getattr(arguments, kind) for kind in ("province", "school", "campus", "department")}
            _hand_over(
                services.make(services.NewStaff(arguments.account, arguments.name, arguments.role, scopes), _BY, now)
            )
        elif arguments.verb == "renew":
            _hand_over(services.renew(arguments.account, _BY, now))
        else:
            services.end(arguments.account, _BY, now)
    except RefusedError as refused:
        raise SystemExit(refused.first.message + refused.first.remedy) from None


def _hand_over(given) -> None:  # type: ignore[no-untyped-def]
    print(f"账号\t{given.account}\n密码\t{given.password}\n动态码密钥\t{given.totp_secret}")
    for code in given.recovery_codes:
        print(f"恢复码\t{code}")


def _list() -> None:
    from baokao.passport.models import StaffAccount

    for staff in StaffAccount.objects.filter(ended_at__isnull=True).order_by("role", "account_folded"):
        scope = " ".join(staff.scopes.order_by("kind", "value").values_list("value", flat=True))
        print("\t".join((staff.account, staff.name, staff.role, scope or "-", f"{staff.made_at:%Y-%m-%d}")))
