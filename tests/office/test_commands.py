"""`baokao staff`: the accounts of the desks from the command line (rule G2)."""

import argparse
from datetime import UTC, datetime

import pyotp
import pytest
from django.test import Client

from baokao.commands import staff as command
from baokao.core import clock
from baokao.passport.models import StaffAccount
from tests.cast import set_stage
from tests.office.desks import a_staff, at_desk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stage():
    set_stage()


def staff(capsys, *words):
    """What the command told, as pairs."""
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    command.run(parser.parse_args(words))
    return [line.split("\t") for line in capsys.readouterr().out.splitlines()]


def signs_in(given):
    told = dict(given)
    code = pyotp.TOTP(told["动态码密钥"]).at(clock.now())
    typed = {"account": told["账号"], "password": told["密码"], "code": code}
    return Client().post("/office/login/", typed).status_code == 302


def test_g2_an_account_is_made_and_signs_in(capsys):
    given = staff(capsys, "add", "zhou@example.com", "--name", "周", "--role", "coordinator", "--school", "99301")
    assert [name for name, _ in given].count("恢复码") == 10
    assert signs_in(given)


def test_g1_an_account_without_its_scope_is_not_made(capsys):
    with pytest.raises(SystemExit, match="必须属于一个学校"):
        staff(capsys, "add", "zhou@example.com", "--name", "周", "--role", "coordinator")


def test_g2_a_renewed_account_has_a_new_password_and_second_factor(capsys):
    member = a_staff(account="zhou@example.com")
    client = at_desk(member)
    given = staff(capsys, "renew", "zhou@example.com")
    assert client.get("/office/").status_code == 302
    assert StaffAccount.objects.get(id=member.id).totp_secret != member.totp_secret
    assert signs_in(given)


def test_g2_an_ended_account_signs_in_no_more(capsys):
    member = a_staff(account="zhou@example.com")
    client = at_desk(member)
    staff(capsys, "end", "ZHOU@example.com")
    assert client.get("/office/").status_code == 302
    assert staff(capsys, "list") == []


def test_the_list_tells_role_and_scope(capsys):
    a_staff(account="zhou@example.com", department=["化学学院"])
    ((account, _, role, scope, _),) = staff(capsys, "list")
    assert (account, role, scope) == ("zhou@example.com", "coordinator", "化学学院 99301")


def test_h1_the_list_tells_the_day_in_beijing(capsys):
    a_staff(account="zhou@example.com")
    StaffAccount.objects.update(made_at=datetime(2026, 9, 19, 16, 30, tzinfo=UTC))
    ((*_, made),) = staff(capsys, "list")
    assert made == "2026-09-20"


def test_an_unknown_account_is_a_sentence(capsys):
    with pytest.raises(SystemExit, match="没有该账号"):
        staff(capsys, "end", "nobody@example.com")
