"""The same program with one protection taken away, for the races' controls. `UNPROTECTED` names it.

A control that passes with the protection gone proves that its race would not have found the fault, and fails the build.
"""

import hashlib
import os
import random
import threading
import time

from django.db import connection
from django.db.models import QuerySet

from baokao.core.captcha import tokens
from baokao.exams import counters
from baokao.registration import standing
from tests.live import application

# What has models can be imported once the site is set up, which the line above does.
from baokao.passport import queries as passports  # isort: skip
from baokao.passport import services as passport_services  # isort: skip
from baokao.passport.models import Passport  # isort: skip
from baokao.payments import services as payments  # isort: skip
from baokao.registration.services import save  # isort: skip
from baokao.roster import services as roster  # isort: skip
from baokao.roster.models import StudentRecord  # isort: skip

__all__ = ["application"]


def _asked_first(token, now):  # type: ignore[no-untyped-def]
    content = hashlib.sha256(token.picture.bytes + token.nonce + token.mac).digest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM core_captchause WHERE digest = %s", [content])
        free = cursor.fetchone()[0] == 0
        cursor.execute(
            "INSERT INTO core_captchause (digest, used_at) VALUES (%s, %s) ON CONFLICT DO NOTHING", [content, now]
        )
    return free


def _whoever_asks_verifies(passport, now):  # type: ignore[no-untyped-def]
    Passport.objects.filter(id=passport.id).update(verified_at=now)


def _in_any_order(raw, taken, given_back):  # type: ignore[no-untyped-def]
    steps = [(offering, counters.TAKE) for offering in taken] + [(one, counters.GIVE_BACK) for one in given_back]
    random.shuffle(steps)
    moved = []
    for offering, statement in steps:
        moved.append((offering, raw.execute(statement, [offering])))
        # The server works on one statement while the next is still on its way.
        raw.execute("SELECT pg_sleep(0.05)")
    return moved


def _acknowledged_first(*heard):  # type: ignore[no-untyped-def]
    def later() -> None:
        time.sleep(1)
        hear(*heard)
        connection.close()

    threading.Thread(target=later, daemon=True).start()
    return True


hear = payments.hear

match os.environ["UNPROTECTED"]:
    case "counter":
        # The seat is counted without asking whether one is free; the question before it was asked too early.
        counters.TAKE = "UPDATE exams_offering SET taken = taken + 1 WHERE id = %s"
    case "registration-lock":
        standing.LOCK = standing.LOCK.replace("FOR NO KEY UPDATE OF r", "")
    case "counter-order":
        # Each basket locks its offerings in an order of its own.
        counters.move = _in_any_order
    case "captcha":
        # Whether the token was used is asked first and marked afterwards.
        tokens.use_up = _asked_first
    case "record-lock":
        # The record that a review is about is read, not locked.
        roster.lock_record = lambda record: StudentRecord.objects.filter(id=record).first()
    case "passport-lock":
        # An account that is to end is read, not locked.
        passports._LOCKED = passports._BY_ID
    case "passport-hold":
        # Saving a registration reads that the account lives, and doesn't keep it from ending.
        save._HOLD = save._HOLD.replace("FOR KEY SHARE OF p", "")
    case "verification":
        # Whether the link was used is asked by the page and not by the statement that marks the address.
        passport_services.verify = _whoever_asks_verifies
    case "reset-link":
        # That the link is still good was asked when it was opened; nothing is asked when the password is written.
        from baokao.passport.models import Passport
        from baokao.passport.services import reset

        reset.replace_password = lambda passport, hashed, now: bool(
            Passport.objects.filter(id=passport.id).update(password=hashed)
        )
    case "attempt-lock":
        # Neither the registration nor the attempt is locked before it is asked whether the money was booked.
        standing.LOCK_THESE = standing.LOCK_THESE.replace("FOR NO KEY UPDATE OF r", "")
        QuerySet.select_for_update = lambda found, **_: found
    case "acknowledge-first":
        # The provider is told that its message was understood, and then it is booked.
        payments.hear = _acknowledged_first
    case other:
        raise SystemExit(f"no protection is called {other}")
