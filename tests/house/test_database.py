"""The embedded database: whatever happened before, the next start has a sound one or says in a sentence why not."""

import errno
import os
import shutil
import signal
import socket
import subprocess
import sys
import time

import psutil
import psycopg
import pytest

from baokao.sandbox.database import Trouble, identity, making, server
from baokao.sandbox.database.layout import LONGEST, Layout
from baokao.sandbox.database.trouble import explain, of_system
from tests.site import free_port

# A shell that runs the tests behind it has its children ignore Ctrl-C; a person's doesn't.
HOLD = """
import signal, sys, time
from pathlib import Path
from baokao.sandbox.database import running
signal.signal(signal.SIGINT, signal.default_int_handler)
"""


def write_note(database, text="kept"):
    with psycopg.connect(database.urls["owner"]) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS note (text text)")
        connection.execute("INSERT INTO note VALUES (%s)", [text])


def notes(database):
    with psycopg.connect(database.urls["owner"]) as connection:
        return [text for (text,) in connection.execute("SELECT text FROM note")]


def ask(database, role, question):
    with psycopg.connect(database.urls[role]) as connection:
        return connection.execute(question).fetchone()[0]


def holder(data, **options):
    """Another process that holds the database until it is killed."""
    code = (
        HOLD
        + f"with running(Path({str(data)!r}), durable=False, **{options!r}): print('up', flush=True); time.sleep(99)"
    )
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert child.stdout.readline() == "up\n"
    return child


def gone(number, seconds=10):
    end = time.monotonic() + seconds
    while server.command_line(number) not in ([], [""]) and time.monotonic() < end:
        time.sleep(0.02)
    return server.command_line(number) in ([], [""])


def test_a_second_start_keeps_the_data_and_leaves_nothing_running(start, tmp_path):
    with start() as database:
        write_note(database)
        number = server.postmaster(Layout(tmp_path))
    assert gone(number)
    with start() as database:
        assert notes(database) == ["kept"]


def test_roles_have_passwords_of_their_own_and_time_outs(start, tmp_path):
    with start() as database:
        assert ask(database, "web", "SELECT current_setting('lock_timeout')") == "1s"
        assert ask(database, "worker", "SELECT current_setting('lock_timeout')") == "3s"
        assert ask(database, "web", "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = user") is False
        wrong = database.urls["web"].replace("baokao_web:", "baokao_web:x")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(wrong)
        assert ask(database, "superuser", "SELECT setting FROM pg_settings WHERE name = 'server_encoding'") == "UTF8"
    assert (tmp_path / "roles.json").stat().st_mode & 0o777 == 0o600


def test_two_use_one_server_and_the_last_one_stops_it(start, tmp_path):
    with start() as first:
        number = server.postmaster(Layout(tmp_path))
        other = holder(tmp_path)
        assert server.postmaster(Layout(tmp_path)) == number
    assert not gone(number, 0.3)
    other.send_signal(signal.SIGINT)
    assert gone(number)
    other.wait()
    assert not first.alive()


def test_after_kill_9_of_the_postmaster_it_starts_again(start):
    with start() as database:
        write_note(database)
        os.kill(server.postmaster(Layout(database.data)), signal.SIGKILL)
        while database.alive():
            time.sleep(0.02)
        database.restart()
        assert notes(database) == ["kept"]


def test_after_kill_9_of_everybody_the_next_start_recovers(start, tmp_path):
    with start() as database:
        write_note(database)
    child = holder(tmp_path)
    number = server.postmaster(Layout(tmp_path))
    child.kill()
    os.kill(number, signal.SIGKILL)
    child.wait()
    with start() as database:
        assert notes(database) == ["kept"]


def test_a_server_of_its_own_dies_with_a_demonstration_that_is_killed(tmp_path):
    child = holder(tmp_path, alone=True, port=free_port())
    number = server.postmaster(Layout(tmp_path))
    child.kill()
    child.wait()
    assert gone(number)


def test_a_stale_pid_file_with_a_living_stranger_s_number_is_no_obstacle(start, tmp_path):
    with start():
        pass
    layout = Layout(tmp_path)
    layout.pid_file.write_text(f"{os.getppid()}\n{layout.cluster}\n1\n5432\n\n\n\nready\n")
    (layout.sockets / ".s.PGSQL.5432.lock").write_text(f"{os.getppid()}\n")
    with start() as database:
        assert ask(database, "owner", "SELECT 1") == 1


def test_a_half_made_cluster_is_made_anew(start, tmp_path, monkeypatch):
    layout = Layout(tmp_path)
    half = layout.home / "cluster.new99"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    layout.cluster.mkdir()
    with start() as database:
        assert ask(database, "owner", "SELECT 1") == 1
    assert not half.exists()


def test_lost_passwords_are_made_anew(start, tmp_path):
    with start() as database:
        write_note(database)
    (tmp_path / "roles.json").unlink()
    with start() as database:
        assert notes(database) == ["kept"]


def test_a_moved_data_folder_goes_on(start, tmp_path):
    with start(tmp_path / "before") as database:
        write_note(database)
    (tmp_path / "before").rename(tmp_path / "after")
    with start(tmp_path / "after") as database:
        assert notes(database) == ["kept"]


def test_a_path_too_long_for_a_socket(start, tmp_path):
    deep = tmp_path / ("x" * 80) / ("y" * 80)
    with start(deep) as database:
        sockets = Layout(deep).sockets
        assert ask(database, "web", "SELECT 1") == 1
        assert len(os.fsencode(sockets)) <= LONGEST
        assert sockets.stat().st_mode & 0o777 == 0o700
    shutil.rmtree(sockets)


def test_a_port_in_use_is_a_sentence(start, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Trouble, match=f"端口 {port} 已被占用.*BAOKAO_PORT"), start(port=port, alone=True):
            pass
    assert server.postmaster(Layout(tmp_path)) is None


def test_a_full_disk_is_a_sentence(start, tmp_path, monkeypatch):
    monkeypatch.setattr(making, "ROOM", 1 << 62)
    with pytest.raises(Trouble, match="磁盘空间不足"), start():
        pass
    assert "磁盘空间不足" in str(explain("could not write: No space left on device", tmp_path, None))
    assert "磁盘空间不足" in str(of_system(OSError(errno.ENOSPC, "full", str(tmp_path)), tmp_path))


# Root has two ways; an ordinary user needs none of them.
WAYS = {"namespace": 0, "nobody": 65534} if os.geteuid() == 0 else {"self": os.geteuid()}


@pytest.mark.parametrize("how", WAYS)
def test_it_runs_as_somebody_whom_postgresql_accepts(start, how, monkeypatch):
    monkeypatch.setattr(server, "choose", lambda program: identity.choose.__wrapped__(program, (how,)))
    with start() as database:
        number = server.postmaster(Layout(database.data))
        assert psutil.Process(number).uids().real == WAYS[how]
        assert ask(database, "web", "SELECT 1") == 1
