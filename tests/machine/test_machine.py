"""Every service of exams, roster and registration against a small pure model, in any order (proof a11).

`MACHINE_SEED` names another number to choose everything from; a number that once found a fault stays in `SEEDS`.
"""

import os

import pytest
from django.db import IntegrityError
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from baokao.core.invariants import runner
from baokao.exams import counters
from baokao.registration import rules, services, speaking
from tests.machine.house import House
from tests.machine.model import NEAR, OWN, OWN_OTHER, Model, Record

pytestmark = [pytest.mark.django_db(transaction=True)]

SEEDS = [20170920]
PASSPORTS, SEATS = 3, 2
NUMBERS = {"993010WW1": OWN, "993010WW2": OWN, "991010WW3": NEAR, "991010WW4": NEAR}
# What Chinese rosters would give, and less usual things; the empty one may not be saved.
GIVEN = st.sampled_from(["1F", "12FS", "13F", "2S", "123FS", "3", "F", ""])

who = st.integers(0, PASSPORTS - 1)
number = st.sampled_from(sorted(NUMBERS))
written = st.sets(st.sampled_from("1123"), max_size=3)
hours = st.sampled_from([0.5, 2, 5, 11, 12, 23.5])


def machine(folder):
    """The machine's class. The house is set up once, through the imports, and made as new for each run."""
    house = House(folder, PASSPORTS)

    class Machine(RuleBasedStateMachine):
        def __init__(self):
            super().__init__()
            self.model, self.house = Model(SEATS), house
            for student, campus in NUMBERS.items():
                self.model.records[student] = Record(campus, set("12FS"))
            house.begin(self.model.records, SEATS)

        def same(self, found, expected, what="answers"):
            assert found == expected, f"{what} differ at {self.model.now} h: house {found}, model {expected}"

        @rule(who=who)
        def accept(self, who):
            self.model.accept(who)
            self.same(self.house.accept(who, self.model.version - 1), {("agreement_changed", "agree")})
            self.same(self.house.accept(who, self.model.version), set())

        @rule(who=who, number=number, named=st.booleans())
        def look_up(self, who, number, named):
            found = self.house.look_up(who, number, f"考生{number[-1]}" if named else "别人")
            if found != {("rate_limited", "")}:
                self.same(found, set() if named else {("record_not_found", "")})

        @rule(who=who, number=number)
        def save(self, who, number):
            self.same(self.house.save(who, number), self.model.save(who, number))

        @initialize(numbers=st.sets(number, min_size=1))
        def first_comers(self, numbers):
            for student in sorted(numbers):
                self.come_in(student, OWN)

        @rule(number=number, campus=st.sampled_from([OWN, OWN_OTHER, NEAR]))
        def come_in(self, number, campus):
            """The usual way to a registration with entries, so that most runs get somewhere."""
            who = int(number[-1]) % PASSPORTS
            self.accept(who)
            self.save(who, number)
            self.enter(who, {"1"}, set())
            self.speak(who, {"F": campus})

        @rule(who=who, hours=hours, codes=written)
        def change_ones_mind(self, who, hours, codes):
            """Give all written subjects up, and take some again later."""
            self.enter(who, set(), set("FS"))
            self.wait(hours)
            self.enter(who, codes, set())

        @rule(who=who, codes=written, along=st.sampled_from(["", "F", "FS"]))
        def enter(self, who, codes, along):
            self.same(self.house.enter(who, codes, set(along)), self.model.enter(who, codes, set(along)))

        @rule(who=who, places=st.dictionaries(st.sampled_from("FFS"), st.sampled_from([OWN, OWN_OTHER, NEAR])))
        def speak(self, who, places):
            self.same(self.house.speak(who, places), self.model.speak(who, places))

        @rule(who=who)
        def end(self, who):
            self.same(self.house.end(who), self.model.end(who))

        @rule(hours=hours)
        def wait(self, hours):
            self.model.now += hours
            self.house.hours = self.model.now

        @rule()
        def expire(self):
            self.same(services.expire_entries(self.house.now), self.model.expire())

        @rule()
        def expire_empty(self):
            self.same(services.expire_registrations(self.house.now), self.model.expire_empty())

        @rule()
        def warn(self):
            self.same(services.warn_of_entries(self.house.now), self.model.warn())
            self.same(services.warn_of_empty(self.house.now), self.model.warn_of_empty())

        @rule(place=st.sampled_from([(c, code) for c in (OWN, NEAR) for code in "1F"]), seats=st.integers(0, 3))
        def import_offering(self, place, seats):
            self.model.seats[place].lower_or_raise(seats)
            self.house.set_seats({place: seats})

        @rule(number=number, given=GIVEN, restricted=st.sampled_from(["", "", "1", "F"]))
        def import_record(self, number, given, restricted):
            record = self.model.records[number]
            record.given, record.restricted = set(given), set(restricted)
            self.house.set_records({number: record})

        @rule(number=number)
        def import_score(self, number):
            self.model.records[number].scored = True
            self.house.set_score(number)

        @rule()
        def write_a_new_agreement(self):
            self.model.version += 1
            self.house.new_agreement(self.model.version)

        @invariant()
        def both_hold_the_same(self):
            held = self.model.registrations
            self.same(
                self.house.registrations(),
                {who: (one.record, one.subjects, one.empty_since) for who, one in held.items()},
                "registrations",
            )
            self.same(
                self.house.entries(),
                {(who, c, entry.campus, entry.until) for who, one in held.items() for c, entry in one.entries.items()},
                "entries",
            )
            self.same(
                self.house.seats(),
                {place: [one.target, one.capacity, one.taken] for place, one in self.model.seats.items()},
                "seats",
            )

        def teardown(self):
            broken = {violation.name for violation in runner.run(patience=0)} - {"I11", "I14"}
            assert not broken, f"{sorted(broken)} broken"

    return Machine


def run(folder, number, examples, steps):
    chosen = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, database=None,
        suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.generate),
    )  # fmt: skip
    run_state_machine_as_test(seed(number)(machine(folder)), settings=chosen)


@pytest.mark.parametrize("number", [int(os.environ["MACHINE_SEED"])] if "MACHINE_SEED" in os.environ else SEEDS)
def test_a11_the_services_do_what_the_model_says(tmp_path, number):
    run(tmp_path, number, examples=20, steps=30)


@pytest.mark.prove
@pytest.mark.parametrize("number", range(1, 11))
def test_a11_at_length(tmp_path, number):
    run(tmp_path, number, examples=100, steps=80)


MUTANTS = {
    "seats come back without lowering the capacity": (
        counters, "GIVE_BACK", "UPDATE exams_offering SET taken = taken - 1 WHERE id = %s AND taken > 0",
        "capacity_is_target_or_taken",
    ),
    "speaking stays when its written entry goes": (
        speaking, "going_along", lambda held, given_up: [], "I10|entries",
    ),
    "a new clock for a subject that is taken again": (
        rules, "held_until", lambda facts, hold, now: min(now + hold, rules.open_span(facts.spans, now).pay_until),
        "entries",
    ),
    "two of a level": (rules, "level_refusals", lambda wanted, both: [], "one_live_written_entry_a_level|answers"),
    "speaking without a written entry": (speaking, "has_written", lambda facts, written: True, "answers"),
    "every campus takes everybody": (
        speaking, "closed_to", lambda home, school, province, inbound: None, "answers",
    ),
}  # fmt: skip


@pytest.mark.breaks_invariants
@pytest.mark.parametrize("mutant", MUTANTS)
def test_a11_control_a_fault_in_the_house_is_found(tmp_path, monkeypatch, mutant):
    *fault, broken = MUTANTS[mutant]
    monkeypatch.setattr(*fault)
    with pytest.raises((AssertionError, IntegrityError), match=broken):
        run(tmp_path, SEEDS[0], examples=60, steps=30)
