"""Made-up people pass every flow, and nothing of theirs is found in clear afterwards (rules H2, H5; proof f1)."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection, connections

from baokao.payments.models import Attempt
from baokao.sandbox import smtp
from tests.files import ROSTER, SCORES, student, write_csv
from tests.journeys.paying import provider
from tests.privacy.people import invent
from tests.privacy.searching import Searcher
from tests.privacy.walking import Watched, walk
from tests.site import Site, Worker, environment_of
from tests.speaking import set_speaking_stage

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(7200)]

SEED = int(os.environ.get("PRIVACY_SEED", "20170920"))
# The one place where an address stands as it is: an account has to be found by it, and mails have to go there (A1).
ACCOUNT = {"passport_passport.account", "passport_passport.account_folded"}
# A person's name stands where exams are made of it; the rest of the tables must not know it.
NAMED = {
    "passport_passport.name", "registration_registration.name", "roster_studentrecord.name",
    "roster_studentrecord.name_key", "roster_pastscore.name", "roster_pastscore.name_key",
}  # fmt: skip


@pytest.fixture
def house(transactional_db, tmp_path):
    """A site, a worker whose mails arrive, and the sandbox's provider. Closing it gives what all of them said."""
    with provider(tmp_path) as (desk, known), smtp.catching(0, tmp_path / "mail") as catcher:
        site = Site(workers=2, **known)
        mails = {"BAOKAO_SMTP_PORT": str(catcher.server_address[1]), "BAOKAO_MAIL_PER_MINUTE": "600000"}
        worker = Worker(**known, **mails, BAOKAO_MAIL_DOMAIN_PER_MINUTE="600000")
        try:
            yield site, worker, desk
        finally:
            worker.stop()
            site.stop()


@pytest.mark.parametrize("count", [10, pytest.param(1000, marks=pytest.mark.prove)])
def test_f1_after_every_flow_nothing_of_a_person_stands_in_clear(house, tmp_path, count, record_property):
    site, worker, desk = house
    database_log = Path(settings.DATA) / "database.log"
    before = database_log.stat().st_size if database_log.exists() else 0
    people = invent(count, SEED)
    said = imported(tmp_path, people)
    visitors = everybody_walks(people, site.url, desk)
    worker.wait_until(lambda: not Attempt.objects.filter(state=Attempt.State.OPEN).exists())
    worker.wait_until(lambda: not unsent())
    places = {"site.log": site.said(), "worker.log": worker.said(), "imports": said}
    if database_log.exists():
        places["database.log"] = database_log.read_bytes()[before:]
    places["addresses"] = "\n".join(line for one in visitors for line in one.addresses)
    places["cookies"] = "\n".join(line for one in visitors for line in one.set_cookies)
    places |= {f"figures/{file.name}": file.read_bytes() for file in figures(site)}
    tables = dump()
    assert people[0].email in tables["passport_passport.account"], "the search looks where something is to be found"
    secrets = [(what, text) for one in people for what, text in one.secrets().items()]
    searcher, names = Searcher(secrets), Searcher(("name", one.name) for one in people)
    passwords = Searcher(("password", one.password) for one in people)
    found = [one for where, text in places.items() for search in (searcher, names, passwords)
             for one in search.search(where, text)]  # fmt: skip
    found += [one for where, text in tables.items() for one in passwords.search(where, text)]
    found += [one for where, text in tables.items() for one in searcher.search(where, text)
              if not (where in ACCOUNT and one.what == "address")]  # fmt: skip
    found += [one for where, text in tables.items() if where not in NAMED for one in names.search(where, text)]
    assert found == [], "\n".join(sorted(map(str, found))[:40])
    letters = sum(len(text) for text in [*places.values(), *tables.values()])
    record_property("people", f"{count} people, {letters:,} letters in {len(places) + len(tables)} places, seed {SEED}")
    assert all("no-store" in kept and not etag for one in visitors for path, kept, etag in one.caching), "f12"


@pytest.mark.parametrize("table", ["core_audit.detail", "core_outbox.last_error"])
def test_f1_control_a_leak_in_a_table_is_found(transactional_db, table):
    (person,) = invent(1, SEED)
    name = table.partition(".")[0]
    leaks = {"core_audit": "INSERT INTO core_audit (id, at, action, actor, subject, sitting, detail, key_id, mac)"
             " VALUES (gen_random_uuid(), now(), 'x', 'x', 'x', '', jsonb_build_object('seen', %s::text), 1, 'x')",
             "core_outbox": "INSERT INTO core_outbox (id, kind, payload, urgency, made_at, due_at, tries, last_error)"
             " VALUES (gen_random_uuid(), 'mail', NULL, 0, now(), now(), 0, %s)"}  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(leaks[name], [person.number])
    searcher = Searcher(person.secrets().items())
    assert [str(one) for one in searcher.search(table, dump()[table])] == [f"{table}: ID number in the form plain"]
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {name}")


def test_f1_the_database_s_log_quotes_neither_row_nor_statement(transactional_db):
    """A refused registration is an error to the database, whose log would else hold address and name."""
    log = Path(settings.DATA) / "database.log"
    if not log.exists():
        # A server that somebody lends keeps its log to itself; what keeps it discreet is the roles' settings.
        assert as_role("web", "SHOW log_error_verbosity") == "terse"
        return
    before = log.stat().st_size
    as_role("web", "INSERT INTO core_switch (name, state) VALUES ('leaked-by-log', NULL)")
    said = log.read_bytes()[before:]
    assert b"ERROR" in said
    assert b"leaked-by-log" not in said
    assert as_role("worker", "SHOW log_min_error_statement") == "panic"


def as_role(role, statement):
    """What a statement answers to a role, or nothing if it fails."""
    import psycopg

    from tests.site import address

    with psycopg.connect(address(role), autocommit=True) as own:
        try:
            return own.execute(statement).fetchone()[0]
        except psycopg.Error:
            return None


def everybody_walks(people, url, desk):
    """Everybody's visitor, after all have walked, four at a time."""

    def go(place):
        visitor = Watched(url)
        try:
            return walk(people[place], visitor, desk, stays=place % 2 == 0)
        finally:
            visitor.close()
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(go, range(len(people))))


def imported(folder, people):
    """What the roster's and the scores' imports print, of sound files and of one full of faults."""
    set_speaking_stage(seats=len(people) + 10)
    rows = [
        student(证件号码=one.number, 姓名=one.name, 校区代码="993010", 学号=str(place), 备注="")
        for place, one in enumerate(people)
    ]
    scores = [score(place, one) for place, one in enumerate(people)]
    bad = [*rows[:2], *rows[:2], student(证件号码=people[0].number, 姓名="", 校区代码="000000")]
    files = [
        ("roster", write_csv(folder / "roster.csv", ROSTER, *rows), 0),
        ("scores", write_csv(folder / "scores.csv", SCORES, *scores), 0),
        ("roster", write_csv(folder / "bad.csv", ROSTER, *bad), 1),
    ]
    said = ""
    for kind, path, code in files:
        ran = subprocess.run(
            [sys.executable, "-m", "baokao", "import", kind, str(path)],
            env=os.environ | environment_of("worker"), capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip
        assert ran.returncode == code, ran.stdout + ran.stderr
        said += ran.stdout + ran.stderr
    return said


def score(place, person):
    """A past score by which a person may enter 英语六级."""
    ticket = f"9930101621{place // 30 + 1:03}{place % 30 + 1:02}"
    cells = (ticket, "居民身份证", person.number, person.name, "英语四级笔试", "430")
    return dict(zip(SCORES, cells, strict=True))


def unsent():
    """How many mails have not left yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM core_outbox WHERE sent_at IS NULL AND given_up_at IS NULL")
        return cursor.fetchone()[0]


def figures(site):
    """The files in which the web processes count."""
    return (Path(settings.DATA) / f"metrics.{urlsplit(site.url).port}").glob("*")


def dump():
    """Every column of every table of the database as pg_dump would write it, a value a line."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_schema || '.' || quote_ident(table_name), quote_ident(column_name), table_name, column_name"
            " FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)"
            " WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')"
        )
        for place, column, table, name in cursor.fetchall():
            cursor.execute(f"SELECT {column}::text FROM {place} WHERE {column} IS NOT NULL")
            found[f"{table}.{name}"] = "\n".join(value for (value,) in cursor.fetchall())
    return found
