"""500 candidates at once on 100 seats, over HTTP: the time to the last answer, and that it is exact."""

import os
import time
from statistics import median

from tests.site import Site

PEOPLE, SEATS, ROUNDS = 500, 100, 3


def run() -> list[dict[str, object]]:
    """One row: the median of the rounds, each with people of its own."""
    from django.core.management import call_command

    from tests import cast
    from tests.races.volley import fire, written

    call_command("flush", interactive=False, verbosity=0)
    stage = cast.set_stage()
    site = Site("tests.bench.bare:application", workers=os.cpu_count() or 1, threads=8, BAOKAO_IN_FLIGHT_LIMIT="1000")
    seconds = []
    try:
        for _ in range(ROUNDS):
            shots = [written(passport, "1") for passport in _candidates(stage)]
            stage.set_seats("1", SEATS)
            begun = time.monotonic()
            answers = fire(site.url, shots)
            seconds.append(time.monotonic() - begun)
            saved = sum(answer.saved for answer in answers)
            assert saved == SEATS, f"{saved} of {SEATS} seats were taken"
            assert not [answer.status for answer in answers if answer.failed]
    finally:
        site.stop()
    return [
        {
            "bench": f"{PEOPLE} candidates at once on {SEATS} seats",
            "ours": f"{median(seconds):.1f} s to the last answer, exact",
            "against": f"slowest of {ROUNDS}: {max(seconds):.1f} s", "ratio": "", "goal": "< 5 s",
        }
    ]  # fmt: skip


def _candidates(stage):  # type: ignore[no-untyped-def]
    from baokao.registration import services
    from tests import cast

    people = cast.passports_without_password(PEOPLE)
    for passport in people:
        services.save_registration(cast.agreed(passport).id, cast.a_record(stage).id, cast.NOW)
    return people
