"""Bench 2: CPU of one journey over HTTP, web and database apart, hashing apart, request by request.

Many visitors take each step together; what the processes spent meanwhile, by their own accounting, is divided by their
number. Statements are counted by a second server that tells them in a header.
"""

import time

from tests.bench.client import Visitor
from tests.site import Site

VISITORS = 250
PASSWORD = "bench password of nobody"
# Where the visitors take the speaking test; the own campus is tests.speaking.OWN.
ELSEWHERE = "991010"
# How many campuses there are to choose from.
CAMPUSES = 60
GOALS = {"GET": (4.0, 4), "POST": (6.0, 9)}


def run() -> list[dict[str, object]]:
    """A row a request, and the sum of the journey."""
    hashing = hash_ms()
    stage(VISITORS)
    figures = spent()
    statements = _statements()
    rows = []
    for name, (web, database) in figures.items():
        method = name.split()[0]
        hashed = hashing if name in ("POST /passport/register/", "POST /login/") else 0.0
        most, count = GOALS[method]
        rows.append(
            _row(name, web - hashed, database, statements[name], f"≤ {most:g} web ms, ≤ {count} statements", hashed)
        )
    web, database = (sum(figure[part] for figure in figures.values()) for part in (0, 1))
    whole = _row("the whole journey", web - 2 * hashing, database, sum(statements.values()), "≤ 55 ms", 2 * hashing)
    rows.append(whole | {"ratio": f"{web - 2 * hashing + database:.1f} ms in all"})
    return rows


def _row(name: str, web: float, database: float, statements: int, goal: str, hashed: float) -> dict[str, object]:
    also = f" + {hashed:.1f} ms hashing" if hashed else ""
    return {
        "bench": f"journey: {name}", "ours": f"{web:.1f} ms web{also}, {database:.1f} ms database",
        "against": f"{statements} statements", "ratio": "", "goal": goal,
    }  # fmt: skip


def steps():  # type: ignore[no-untyped-def]
    """The journey's requests: name, and what a numbered visitor does."""
    captcha = {"captcha": "8888"}

    def with_captcha(visitor: Visitor) -> dict[str, str]:
        return captcha | {"captcha_token": visitor.hidden("captcha_token")}

    def register(visitor: Visitor, n: int) -> None:
        email = f"bench{n}-{visitor.url[-5:]}@example.com"
        visitor.post(
            "/passport/register/",
            email=email,
            password=PASSWORD,
            password2=PASSWORD,
            privacy="on",
            **with_captcha(visitor),
        )

    def sign_in(visitor: Visitor, n: int) -> None:
        visitor.post(
            "/login/", account=f"bench{n}-{visitor.url[-5:]}@example.com", password=PASSWORD, **with_captcha(visitor)
        )

    def look_up(visitor: Visitor, n: int) -> None:
        visitor.post("/my/eligibility/", id_type="6", id_number=_number(n), name="颜明")

    def confirm(visitor: Visitor, n: int) -> None:
        visitor.post("/my/confirm/", record=visitor.hidden("record"), sure="on")

    def speak(visitor: Visitor, n: int) -> None:
        visitor.post("/my/speaking/", **{"subject": "F", "campus-F": ELSEWHERE})

    return {
        "GET /": lambda v, n: v.get("/"),
        "GET /passport/register/": lambda v, n: v.get("/passport/register/"),
        "POST /passport/register/": register,
        "GET /login/": lambda v, n: v.get("/login/"),
        "POST /login/": sign_in,
        "GET /my/": lambda v, n: v.get("/my/"),
        "GET /my/agreement/": lambda v, n: v.get("/my/agreement/"),
        "POST /my/agreement/": lambda v, n: v.post("/my/agreement/", answer="yes", agree="on", version="1"),
        "GET /my/eligibility/": lambda v, n: v.get("/my/eligibility/"),
        "POST /my/eligibility/": look_up,
        "GET /my/confirm/": lambda v, n: v.get("/my/confirm/"),
        "POST /my/confirm/": confirm,
        "GET /my/registration/": lambda v, n: v.get("/my/registration/"),
        "GET /my/written/": lambda v, n: v.get("/my/written/"),
        "POST /my/written/": lambda v, n: v.post("/my/written/", subject=["1", "4"]),
        "GET /my/speaking/": lambda v, n: v.get("/my/speaking/"),
        "GET /my/speaking/F/": lambda v, n: v.get("/my/speaking/F/"),
        "POST /my/speaking/": speak,
        "GET /my/registration/ with entries": lambda v, n: v.get("/my/registration/"),
    }


def _number(n: int) -> str:
    return f"9930{n:06}W"


def stage(people: int) -> None:
    """An empty house with so many records to look up."""
    from django.core.management import call_command

    from tests import cast, speaking

    call_command("flush", interactive=False, verbosity=0)
    place = speaking.set_speaking_stage(seats=10**6)
    _province(place.sitting)
    for n in range(people):
        cast.a_record(place, number=_number(n))


def _province(sitting) -> None:  # type: ignore[no-untyped-def]
    """Campuses of the same province to choose from for the speaking test, as many as a large province has."""
    from baokao.exams.models import Campus, Offering, School

    codes = [str(99501 + n) for n in range(CAMPUSES)]
    School.objects.bulk_create(School(code=code, province_id="99", name=f"测试大学{code}") for code in codes)
    Campus.objects.bulk_create(Campus(code=f"{code}0", school_id=code, name="主校区") for code in codes)
    Offering.objects.bulk_create(
        Offering(sitting=sitting, campus_id=f"{code}0", subject_id="F", fee="0.01", target=10**6, capacity=10**6)
        for code in codes
    )


def _walk(site: Site, visitors: int, after, seconds: list[float] | None = None, more=None):  # type: ignore[no-untyped-def]
    """Each step by all visitors, then `after(name, visitor)`; how long each request took is added to `seconds`. `more`
    are steps after the journey's."""
    people = [Visitor(site.url) for _ in range(visitors)]
    for name, step in (steps() | (more or {})).items():
        before = after(None, people[0])
        for n, visitor in enumerate(people):
            begun = time.perf_counter()
            step(visitor, n)
            assert visitor.status == (302 if name.startswith("POST") else 200), f"{name}: {visitor.status}"
            if seconds is not None:
                seconds.append(time.perf_counter() - begun)
        yield name, before, after(name, people[-1])
    for visitor in people:
        visitor.close()


def spent(seconds: list[float] | None = None, more=None, **settings: str) -> dict[str, tuple[float, float]]:  # type: ignore[no-untyped-def]
    """CPU milliseconds of each request, web and database; with `more` steps, by a site of these settings."""
    from tests.bench import cpu

    # One process, so that what it spends is the journey's alone.
    site = Site("tests.bench.bare:application", workers=1, threads=1, **settings)
    try:
        _warm(site)
        found = {}
        for name, before, after in _walk(site, VISITORS, lambda name, visitor: cpu.spent(site), seconds, more):
            difference = after - before
            found[name] = (difference.web / VISITORS * 1000, difference.database / VISITORS * 1000)
        return found
    finally:
        site.stop()


def _statements() -> dict[str, int]:
    stage(3)
    site = Site("tests.bench.counted:application", workers=1, threads=1)
    try:
        _warm(site)
        told = {}
        for name, _, count in _walk(site, 3, lambda name, visitor: visitor.headers.get("x-statements", "0")):
            told[name] = int(count)
        return told
    finally:
        site.stop()


def _warm(site: Site) -> None:
    visitor = Visitor(site.url)
    for _ in range(30):
        for path in ("/", "/login/", "/passport/register/"):
            visitor.get(path)
    visitor.close()


def hash_ms() -> float:
    """CPU of one Argon2id hash with our parameters, in this very moment."""
    from django.contrib.auth.hashers import check_password, make_password

    encoded = make_password(PASSWORD)
    begun = time.process_time()
    for _ in range(40):
        check_password(PASSWORD, encoded)
    return (time.process_time() - begun) / 40 * 1000
