"""What an operator types: check, audit, rotate-keys, switch."""

import argparse
from importlib import import_module

import pytest

from baokao.core import clock, switches, watch
from tests.core.sealing import seal_soon

pytestmark = pytest.mark.django_db(transaction=True)


def call(command: str, *words: str) -> int:
    module = import_module(f"baokao.commands.{command}")
    parser = argparse.ArgumentParser()
    module.add_arguments(parser)
    return module.run(parser.parse_args(words))


def test_audit_is_content_with_a_sound_house(deed, capsys):
    deed()
    seal_soon()
    assert call("audit") == 0
    assert "0 violations of I1, I2, I3, I4, I5, I6, I7, I8, I9, I10, I11, I12, I14" in capsys.readouterr().out


def test_audit_names_what_was_violated_and_its_range(deed, run_sql, capsys, monkeypatch):
    monkeypatch.setattr("baokao.core.invariants.runner.time.sleep", lambda seconds: None)
    deed()
    link = seal_soon()
    run_sql("DELETE FROM core_audit")
    assert call("audit") == 1
    told = capsys.readouterr().out
    assert "I11" in told
    assert f"until={link.until}" in told


def test_check_fails_on_what_is_unsafe(run_sql, capsys, settings):
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    assert call("check") == 0
    assert "warning" in capsys.readouterr().out
    watch.beat("sealer", 0, clock.now())
    run_sql("INSERT INTO core_invariantrun VALUES ('I2', now(), 1)")
    assert call("check") == 1
    assert "unsafe   invariants: I2" in capsys.readouterr().out


def test_a_switch_is_turned(capsys):
    assert call("switch", "entries-paused", "on") == 0
    assert switches.entries_paused()
    assert call("switch", "entries-paused", "off") == 0
    assert not switches.entries_paused()
    with pytest.raises(SystemExit):
        call("switch", "everything", "on")


def test_every_switch_can_be_typed():
    parser = argparse.ArgumentParser()
    import_module("baokao.commands.switch").add_arguments(parser)
    for name in switches.NAMES:
        assert parser.parse_args([name, "on"]).name == name


def test_digests_are_not_rotated_while_people_write(capsys, monkeypatch):
    monkeypatch.setattr("baokao.commands.rotate_keys.SETTLE_SECONDS", 0)
    assert call("rotate_keys", "--digests") == 1
    assert "read-only" in capsys.readouterr().err
    switches.turn(switches.READ_ONLY, True, clock.now())
    assert call("rotate_keys", "--digests") == 0
    assert call("rotate_keys") == 0
    assert "0 values moved" in capsys.readouterr().out
