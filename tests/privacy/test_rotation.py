"""Keys are renewed as docs/keys.md says, step by step, while candidates use the site: nobody notices.

Two web servers with processes of their own stand for two machines, restarted one after the other behind a balancer
that asks the one that serves.
"""

import base64
import itertools
import os
import subprocess
import sys
import threading

import pytest
from django.db import connection, connections

from baokao.core.crypto.rotation import columns
from baokao.passport.models import Passport
from baokao.roster.models import StudentRecord
from tests.cast import a_record
from tests.privacy.people import invent
from tests.privacy.searching import Searcher
from tests.privacy.test_nothing_in_clear import dump
from tests.privacy.walking import Watched
from tests.site import Site, environment_of
from tests.speaking import set_speaking_stage

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(3600)]

SEED = int(os.environ.get("PRIVACY_SEED", "20170920"))


def ring(**keys: bytes) -> str:
    """`1:BASE64,2:BASE64`, as the settings read it."""
    return ",".join(f"{name[1:]}:{base64.b64encode(key).decode()}" for name, key in keys.items())


OLD, NEW, OLD_DIGEST, NEW_DIGEST = (bytes(range(start, start + 32)) for start in (0, 40, 80, 120))
FIRST = {
    "BAOKAO_SECRET_KEY": "o" * 60,
    "BAOKAO_ENCRYPTION_KEYS": ring(k1=OLD),
    "BAOKAO_DIGEST_KEYS": ring(k1=OLD_DIGEST),
}
BOTH = FIRST | {"BAOKAO_ENCRYPTION_KEYS": ring(k1=OLD, k2=NEW)}
# docs/keys.md, «Encryption keys»; the secret key goes along, the old one still verifying.
STEPS = {
    "known": BOTH | {"BAOKAO_SEAL_WITH": "1", "BAOKAO_OLD_SECRET_KEYS": "n" * 60},
    "writing": BOTH | {"BAOKAO_SECRET_KEY": "n" * 60, "BAOKAO_OLD_SECRET_KEYS": "o" * 60},
}
LAST = STEPS["writing"] | {"BAOKAO_ENCRYPTION_KEYS": ring(k2=NEW)}


class Machines:
    """Two servers; one is restarted while the other serves."""

    def __init__(self, settings: dict[str, str]) -> None:
        self.sites = [self._started(settings), self._started(settings)]

    def any(self, turn: int) -> str:
        """The address of one that serves."""
        serving = list(self.sites)
        return serving[turn % len(serving)].url

    def restart(self, settings: dict[str, str]) -> None:
        """One after the other: the new one serves before the old one is asked to finish what it has in hand."""
        for place in range(len(self.sites)):
            before, self.sites[place] = self.sites[place], self._started(settings)
            self.drain(before)

    def drain(self, site: Site) -> None:
        for crowd in self.crowds:
            crowd.pause_at(site.url)
        site.stop()

    crowds: tuple["Crowd", ...] = ()

    def stop(self) -> None:
        for site in self.sites:
            site.stop()

    @staticmethod
    def _started(settings: dict[str, str]) -> Site:
        return Site(workers=1, threads=4, **settings)


class Crowd(threading.Thread):
    """One candidate after another, in a thread: signs in, looks around, tells a mobile, confirms, looks again."""

    def __init__(self, machines: Machines, people) -> None:
        super().__init__(daemon=True)
        self.machines, self.people = machines, people
        self.faults: list[str] = []
        self.answers, self.rounds = 0, 0
        self.over = threading.Event()
        self._between = threading.Lock()

    def pause_at(self, url: str) -> None:
        """Returns when nothing of this thread is on the way to that server, and it goes there no more."""
        with self._between:
            assert all(site.url != url for site in self.machines.sites)

    def run(self) -> None:
        try:
            signed_in = [self._sign_in(person) for person in self.people]
            for turn in itertools.count():
                for person, visitor in zip(self.people, signed_in, strict=True):
                    self._round(person, visitor, turn)
                self.rounds += 1
                if self.over.is_set():
                    return
        except BaseException as fault:
            self.faults.append(repr(fault))
        finally:
            connections.close_all()

    def _sign_in(self, person) -> Watched:
        visitor = Watched(self.machines.any(0))
        self._ask(visitor, "fill", "/login/", account=person.email, password=person.password)
        self._ask(visitor, "fill", "/my/agreement/", agree="on", version="1")
        return visitor

    def _round(self, person, visitor, turn: int) -> None:
        """The last digit of the mobile tells the turn, so that something sealed is written all the time."""
        mobile = f"{person.mobile[:-1]}{turn % 10}"
        self._ask(visitor, "fill", "/passport/edit/", email=person.email, mobile=mobile, id_type="1",
                  id_number=person.number, name=person.name)  # fmt: skip
        self._ask(visitor, "get", "/passport/")
        assert f"****{mobile[-4:]}" in visitor.page, "the session ended, or another mobile is shown"
        if not turn:
            self._ask(visitor, "fill", "/my/eligibility/", id_type="1", id_number=person.number, name=person.name)
            self._ask(visitor, "get", "/my/confirm/")
            form = {"sure": "on", "record": visitor.hidden("record"), "sitting": visitor.hidden("sitting")}
            self._ask(visitor, "post", "/my/confirm/", **form)
        self._ask(visitor, "get", "/my/registration/")
        assert person.name in visitor.page

    def _ask(self, visitor: Watched, what: str, path: str, **form) -> None:
        with self._between:
            self.answers += 1
            visitor.move_to(self.machines.any(self.answers))
            getattr(visitor, what)(path, **form)
        assert "/login/" not in visitor.headers.get("location", ""), f"{path}: the session has ended"


def command(settings: dict[str, str], *words: str) -> tuple[int, str]:
    """`baokao …` as the owner with these keys: its exit code and what it said."""
    ran = subprocess.run(
        [sys.executable, "-m", "baokao", *words], env=os.environ | environment_of("owner") | settings,
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    return ran.returncode, ran.stdout + ran.stderr


def sealed_by_their_look() -> set[tuple[str, str]]:
    """Every column whose values all begin as sealed ones do, with the algorithm and one of the two keys, and are as
    long, whether or not the program knows of them."""
    found = set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND data_type = 'bytea'"
        )
        for table, column in cursor.fetchall():
            cursor.execute(
                f"SELECT bool_and(get_byte({column}, 0) = 1 AND get_byte({column}, 1) IN (1, 2)) FROM {table}"
                f" WHERE length({column}) >= 30"
            )
            if cursor.fetchone()[0]:
                found.add((table, column))
    return found


def keys_in_use() -> set[int]:
    """Under which encryption keys anything stands. Nothing is sealed that rotation hasn't heard of."""
    found, known = set(), {(column.table, column.sealed) for column in columns()}
    looks = sealed_by_their_look()
    assert ("passport_passport", "mobile_sealed") in looks <= known, looks - known
    with connection.cursor() as cursor:
        for table, column in looks:
            cursor.execute(f"SELECT DISTINCT get_byte({column}, 1) FROM {table} WHERE {column} IS NOT NULL")
            found |= {key for (key,) in cursor.fetchall()}
    return found


@pytest.fixture
def under_the_first_key(transactional_db, settings):
    """This process writes under the old keys, as the site does."""
    settings.SECRET_KEY, settings.ENCRYPTION_KEYS, settings.DIGEST_KEYS = "o" * 60, {1: OLD}, {1: OLD_DIGEST}
    settings.SECRET_KEY_FALLBACKS, settings.SEAL_WITH = [], 0
    return settings


def populate(count: int):
    """So many people with passports and records, and as many records again of nobody."""
    from baokao.passport import services
    from baokao.passport.services import NewPassport
    from tests.cast import NOW

    stage = set_speaking_stage(seats=count + 10)
    people = invent(2 * count, SEED)
    for one in people:
        a_record(stage, name=one.name, number=one.number, id_type="1", subjects="1F")
    for one in people[:count]:
        services.register(NewPassport(one.email, one.password, one.mobile, "1", one.number, one.name), NOW)
    return people


@pytest.mark.parametrize("count", [4, pytest.param(60, marks=pytest.mark.prove)])
def test_keys_are_rotated_while_candidates_use_the_site_and_nobody_notices(under_the_first_key, count, record_property):
    people = populate(count)
    machines = Machines(FIRST)
    crowds = tuple(Crowd(machines, people[:count][start::2]) for start in range(2))
    machines.crowds = crowds
    try:
        for crowd in crowds:
            crowd.start()
        machines.restart(STEPS["known"])
        assert command(STEPS["known"], "rotate-keys")[0] == 0
        assert keys_in_use() == {1}
        machines.restart(STEPS["writing"])
        code, said = command(STEPS["writing"], "rotate-keys")
        assert code == 0, said
        code, again = command(STEPS["writing"], "rotate-keys")
        assert (code, again.split()[0]) == (0, "0"), again
        assert keys_in_use() == {2}
        machines.restart(LAST)
        rounds = [crowd.rounds for crowd in crowds]
        for crowd in crowds:
            crowd.over.set()
            crowd.join(120)
    finally:
        machines.stop()
    assert [crowd.faults for crowd in crowds] == [[], []]
    assert all(crowd.rounds > before for crowd, before in zip(crowds, rounds, strict=True)), "the new keys were used"
    everything_opens_under_the_new_key_alone(people, count, under_the_first_key)
    asked = sum(crowd.answers for crowd in crowds)
    record_property("traffic", f"{asked} pages and forms in three restarts of two servers, {said.splitlines()[-1]}")


def everything_opens_under_the_new_key_alone(people, count, settings):
    settings.ENCRYPTION_KEYS = {2: NEW}
    assert sorted(one.number for one in people) == sorted(one.id_number for one in StudentRecord.objects.all())
    for one in people[:count]:
        kept = Passport.objects.get(account=one.email)
        assert (kept.id_number, kept.mobile[:-1]) == (one.number, one.mobile[:-1])
    code, said = command(LAST, "check")
    assert code == 0, said
    assert "under key" not in said
    # Nor does the dump hold any of it in clear now.
    searcher = Searcher((what, text) for one in people for what, text in one.secrets().items() if what != "address")
    assert [str(one) for where, text in dump().items() for one in searcher.search(where, text)] == []


def test_control_the_old_key_taken_out_before_the_job_ran_is_found_and_put_back_nothing_is_lost(under_the_first_key):
    people = populate(2)
    code, said = command(LAST, "check")
    assert code == 1
    assert "stand under key 1" in said
    code, said = command(LAST, "rotate-keys")
    assert code == 1
    assert "key 1 is not in the ring" in said
    assert command(STEPS["writing"], "rotate-keys")[0] == 0
    under_the_first_key.ENCRYPTION_KEYS = {2: NEW}
    assert {one.id_number for one in Passport.objects.all()} == {one.number for one in people[:2]}


def test_control_without_the_step_in_which_the_new_key_is_made_known_a_machine_fails(under_the_first_key):
    """What the second server wrote under the new key, the first can't open: docs/keys.md's step 1 is needed."""
    (person, *_) = populate(2)
    machines = Machines(FIRST)
    try:
        # With the old secret, so that it is the sealed mobile alone on which the first one fails.
        second = Site(workers=1, threads=4, **BOTH)
        machines.sites.append(second)
        visitor = Watched(second.url)
        visitor.fill("/login/", account=person.email, password=person.password)
        visitor.fill("/passport/edit/", email=person.email, mobile=f"{person.mobile[:-1]}9", id_type="1",
                     id_number=person.number, name=person.name)  # fmt: skip
        visitor.move_to(machines.sites[0].url)
        with pytest.raises(AssertionError, match="GET /passport/: 500"):
            visitor.get("/passport/")
    finally:
        machines.stop()


def test_control_a_column_that_was_sealed_behind_rotations_back_is_found(under_the_first_key):
    populate(4)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE hidden AS SELECT mobile_sealed AS note FROM passport_passport")
        try:
            with pytest.raises(AssertionError, match="hidden"):
                keys_in_use()
        finally:
            cursor.execute("DROP TABLE hidden")


@pytest.mark.prove
def test_digest_keys_are_rotated_while_pages_are_read_and_people_are_found_again(under_the_first_key):
    people = populate(3)
    with_both = FIRST | {"BAOKAO_DIGEST_KEYS": ring(k1=OLD_DIGEST, k2=NEW_DIGEST)}
    machines = Machines(FIRST)
    try:
        visitor = Watched(machines.any(0))
        visitor.fill("/login/", account=people[0].email, password=people[0].password)
        visitor.fill("/my/agreement/", agree="on", version="1")
        assert command(FIRST, "switch", "read-only", "on")[0] == 0
        machines.restart(with_both)
        visitor.move_to(machines.any(0))
        visitor.get("/passport/")
        assert people[0].mobile[-4:] in visitor.page
        code, said = command(with_both, "rotate-keys", "--digests")
        assert code == 0, said
        visitor.get("/passport/")
        assert command(with_both, "switch", "read-only", "off")[0] == 0
        machines.restart(FIRST | {"BAOKAO_DIGEST_KEYS": ring(k2=NEW_DIGEST)})
        visitor.move_to(machines.any(0))
        visitor.fill("/my/eligibility/", id_type="1", id_number=people[0].number, name=people[0].name)
        visitor.get("/my/confirm/")
        assert people[0].number in visitor.page
    finally:
        machines.stop()
