"""The unpaid entries of a candidate with what decides whether they can be paid, for page and service alike."""

from collections.abc import Sequence

from baokao.payments.rules import Due
from baokao.registration.rules import SubjectFacts


def due(found: Sequence[SubjectFacts]) -> list[Due]:
    """The unpaid entries among these facts, in the subjects' order, written before speaking."""
    unpaid = [one for one in found if one.entry and one.entry.state == "unpaid"]
    return [_due(one, unpaid) for one in sorted(unpaid, key=lambda one: one.kind != "written")]


def _due(facts: SubjectFacts, unpaid: Sequence[SubjectFacts]) -> Due:
    assert facts.entry is not None
    # A speaking entry goes with its unpaid written one, if that goes earlier (rule C7), unless a group holds that one.
    ends = [facts.entry.held_until]
    if facts.kind == "speaking":
        ends += [
            one.entry.held_until
            for one in unpaid
            if one.entry
            and one.entry.lock != "group"
            and (one.kind, one.level, one.language) == ("written", facts.level, facts.language)
        ]
    return Due(facts.entry.id, facts.entry.offering, facts, facts.entry.fee, min(ends))
