"""Reads of 账号找回 (rule A8)."""

import uuid

from baokao.core.crypto.digests import digests
from baokao.core.raw import rows
from baokao.roster.rules import name_key

# Answers at least one row whether or not there is such a number, so that a miss costs the same however it misses. A
# number stands in one record a sitting, hence in one live registration.
_LATEST = """
SELECT r.id, r.id_type, r.name
  FROM (SELECT 1) one LEFT JOIN registration_registration r ON r.id_number_digest = ANY(%s) AND r.state = 'live'
 ORDER BY r.sitting_id DESC
"""
_WHOSE = """
SELECT p.account, s.name
  FROM registration_registration r
  JOIN passport_passport p ON p.id = r.passport_id
  JOIN exams_sitting s ON s.code = r.sitting_id
 WHERE r.id = %s
"""
# Compared with where there is nothing to compare with.
_NOBODY = "查无此人"


def latest_registration(id_type: str, number: str, name: str) -> uuid.UUID | None:
    """The live registration of the latest sitting that all three name, number and name as they are compared (rule B3);
    None for any miss."""
    for registration, its_type, its_name in rows(_LATEST, [digests("id_number", number)]):
        # Each comparison is made, whatever the one before it said.
        matches = (registration is not None, its_type == id_type, name_key(its_name or _NOBODY) == name)
        if all(matches):
            return registration
    return None


def whose(registration: uuid.UUID) -> tuple[str, str]:
    """Account and sitting's name of a registration."""
    [(account, sitting)] = rows(_WHOSE, [registration])
    return account, sitting
