"""Candidates for the races, who sign in without a password."""

from baokao.core.invariants import runner
from baokao.registration import services
from tests.cast import NOW, a_record, agreed, passports_without_password


def candidates(stage, count, **record):
    """So many registered candidates of 993010."""
    found = passports_without_password(count)
    for passport in found:
        services.save_registration(agreed(passport).id, a_record(stage, **record).id, NOW)
    return found


def broken():
    """Names of the invariants that are broken now."""
    return {violation.name for violation in runner.run(patience=0)}
