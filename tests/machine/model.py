"""What the house should do, said once more in the plainest way: no database, no locks, one thing at a time.

Times are hours since the machine started. Each action answers the codes of what refuses it, as (code, subject), and
changes the model only when nothing does.
"""

from dataclasses import dataclass, field

HOLD, EMPTY_HOLD, WARNING = 24, 12, 2
OWN, OWN_OTHER, NEAR = "993010", "993011", "991010"
WRITTEN_LEVEL = {"1": 4, "2": 6, "3": 4}
# Speaking subjects with the written subject that each needs.
NEEDS = {"F": "1", "S": "2"}
# Opens, closes, pay-until: two pieces with a pause between.
PIECES = [(-1, 30, 40), (36, 60, 84)]
# For strangers NEAR's speaking subjects open later.
LATER = 12
OFFERED = {
    OWN: "123FS",
    OWN_OTHER: "FS",
    NEAR: "12FS",
}
# OWN_OTHER takes only its own school's students for speaking.
KEEPS_TO_ITSELF = OWN_OTHER

Refusals = set[tuple[str, str]]


@dataclass
class Record:
    """A student: where, what the roster gives, what is restricted, and whether a past score gives 英语六级."""

    campus: str
    given: set[str] = field(default_factory=set)
    restricted: set[str] = field(default_factory=set)
    scored: bool = False

    @property
    def kept(self) -> set[str]:
        # 英语六级 by a past score is the written subject where the campus offers it, and the speaking one.
        return self.given | ({"2", "S"} & {*OFFERED[self.campus], "S"} if self.scored else set())


@dataclass
class Held:
    """A live entry."""

    campus: str
    until: float
    warned: bool = False


@dataclass
class Registration:
    """A live registration. `first` are hold and end of the last entries that were given up, by subject; they outlive
    it."""

    record: str
    subjects: set[str]
    empty_since: float | None
    entries: dict[str, Held] = field(default_factory=dict)
    first: dict[str, tuple[float, float]] = field(default_factory=dict)
    warned: float | None = None


@dataclass
class Seats:
    """An offering."""

    target: int
    taken: int = 0

    def __post_init__(self) -> None:
        self.capacity = self.target

    def lower_or_raise(self, target: int) -> None:
        self.target, self.capacity = target, max(target, self.taken)

    def give_back(self) -> None:
        self.taken -= 1
        self.capacity = max(self.target, self.taken)


class Model:
    """The whole of it."""

    def __init__(self, seats: int) -> None:
        self.now = 0.0
        self.version = 1
        self.accepted: set[tuple[int, int]] = set()
        self.records: dict[str, Record] = {}
        self.registrations: dict[int, Registration] = {}
        self.first: dict[tuple[int, str], dict[str, tuple[float, float]]] = {}
        self.seats = {(campus, code): Seats(seats) for campus, codes in OFFERED.items() for code in codes}

    # Windows

    def open_piece(self, code: str, campus: str, home: str) -> tuple[float, float, float] | None:
        for opens, closes, pay_until in PIECES:
            if code in NEEDS and campus == NEAR and home[:5] != NEAR[:5]:
                opens = max(opens, LATER)
            if opens <= self.now < closes:
                return opens, closes, pay_until
        return None

    # What candidates do

    def accept(self, passport: int) -> None:
        self.accepted.add((passport, self.version))

    def save(self, passport: int, number: str) -> Refusals:
        record, own = self.records[number], self.registrations.get(passport)
        if (passport, self.version) not in self.accepted:
            return {("no_agreement", "")}
        if not record.kept - record.restricted:
            return {("no_subject", "")}
        if not self.open_piece("1", record.campus, record.campus):
            return {("closed", "")}
        if own and own.record == number:
            return set()
        if own:
            return {("passport_bound", "")}
        if any(one.record == number for one in self.registrations.values()):
            return {("record_bound", "")}
        first = self.first.setdefault((passport, number), {})
        self.registrations[passport] = Registration(number, record.kept, self.now, first=first)
        return set()

    def enter(self, passport: int, codes: set[str], along: set[str]) -> Refusals:
        if refused := self._barred(passport):
            return refused
        own = self.registrations[passport]
        home = self.records[own.record].campus
        held = {code for code in own.entries if code in WRITTEN_LEVEL}
        found: Refusals = set()
        # What isn't in the house at all, or not written, belongs to no level.
        for level in (4, 6):
            several = sorted(code for code in codes if WRITTEN_LEVEL.get(code) == level)
            if len(several) > 1:
                found.add((f"two_of_level_{level}", ",".join(several)))
        for code in codes - held:
            found |= self._unfit(own, code, home)
        found |= {("closed", code) for code in held - codes if not self.open_piece(code, home, home)}
        going = {code for code, needed in NEEDS.items() if code in own.entries and needed in held - codes}
        if not found and going - along:
            found = {("takes_along", ",".join(sorted(going)))}
        if not found:
            self._change(own, dict.fromkeys(codes - held, home), (held - codes) | going, home)
        return found

    def speak(self, passport: int, places: dict[str, str]) -> Refusals:
        if refused := self._barred(passport):
            return refused
        own = self.registrations[passport]
        home = self.records[own.record].campus
        held = {code: own.entries[code].campus for code in NEEDS if code in own.entries}
        added = {code: campus for code, campus in places.items() if held.get(code) != campus}
        given_up = {code for code, campus in held.items() if places.get(code) != campus}
        found: Refusals = set()
        for code, campus in added.items():
            found |= self._unfit(own, code, campus)
            if NEEDS[code] not in own.entries:
                found.add(("no_written", code))
            if campus == KEEPS_TO_ITSELF and home[:5] != campus[:5] and code in OFFERED[campus]:
                found.add(("not_admitted", code))
        found |= {("closed", code) for code in given_up if not self.open_piece(code, held[code], home)}
        if not found:
            self._change(own, added, given_up, home)
        return found

    def end(self, passport: int) -> Refusals:
        if passport not in self.registrations:
            return {("unbound", "")}
        if self.registrations[passport].entries:
            return {("not_empty", "")}
        del self.registrations[passport]
        return set()

    def _barred(self, passport: int) -> Refusals:
        if passport not in self.registrations:
            return {("unbound", "")}
        return set() if (passport, self.version) in self.accepted else {("no_agreement", "")}

    def _unfit(self, own: Registration, code: str, campus: str) -> Refusals:
        """Rule C3 for one subject at one campus."""
        record = self.records[own.record]
        found: Refusals = set()
        if code not in own.subjects:
            found.add(("not_eligible", code))
        if code in record.restricted:
            found.add(("restricted", code))
        seats = self.seats.get((campus, code))
        if seats is None:
            return found | {("not_offered", code)}
        if not self.open_piece(code, campus, record.campus):
            found.add(("closed", code))
        if seats.taken >= seats.capacity:
            found.add(("full", code))
        return found

    def _change(self, own: Registration, added: dict[str, str], given_up: set[str], home: str) -> None:
        before = {code: own.entries.pop(code) for code in given_up}
        for code, gone in before.items():
            self.seats[gone.campus, code].give_back()
            own.first[code] = (gone.until, self.now)
        for code, campus in added.items():
            piece = self.open_piece(code, campus, home)
            assert piece
            until = min(self.now + HOLD, piece[2])
            first, given_up_at = own.first.get(code, (0, 0))
            goes_on = first > self.now and given_up_at >= piece[0]
            own.entries[code] = Held(campus, min(until, first) if goes_on else until)
            self.seats[campus, code].taken += 1
        if added or given_up:
            own.empty_since = None if own.entries else self.now

    # What the clocks do

    def expire(self) -> int:
        ended = 0
        for own in self.registrations.values():
            due = {code for code, held in own.entries.items() if held.until <= self.now}
            due |= {code for code, needed in NEEDS.items() if code in own.entries and needed in due}
            for code in due:
                self.seats[own.entries.pop(code).campus, code].give_back()
            if due and not own.entries:
                own.empty_since = self.now
            ended += len(due)
        return ended

    def expire_empty(self) -> int:
        due = [
            passport
            for passport, own in self.registrations.items()
            if own.empty_since is not None and own.empty_since + EMPTY_HOLD <= self.now
        ]
        for passport in due:
            del self.registrations[passport]
        return len(due)

    def warn(self) -> int:
        warned = 0
        for own in self.registrations.values():
            fresh = {code: held for code, held in own.entries.items() if not held.warned}
            claimed = {code for code, held in fresh.items() if self.now < held.until <= self.now + WARNING}
            if claimed:
                ending = {c for c, held in own.entries.items() if held.until <= self.now + WARNING}
                claimed |= {code for code, needed in NEEDS.items() if code in fresh and needed in ending}
            for code in claimed:
                own.entries[code].warned = True
            warned += len(claimed)
        return warned

    def warn_of_empty(self) -> int:
        warned = 0
        for own in self.registrations.values():
            if own.empty_since is None or (own.warned is not None and own.warned >= own.empty_since):
                continue
            if self.now - EMPTY_HOLD < own.empty_since <= self.now - EMPTY_HOLD + WARNING:
                own.warned = self.now
                warned += 1
        return warned
