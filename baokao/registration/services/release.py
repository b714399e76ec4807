"""释放: a school ends an unpaid registration by which a stranger's passport holds its student's record (rule B10)."""

import uuid
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from baokao.core import audit, faults
from baokao.core.outbox import send_mail
from baokao.core.raw import raw_connection
from baokao.core.verdict import RefusedError
from baokao.exams import counters
from baokao.exams import queries as exams
from baokao.passport import queries as passports
from baokao.passport.models import Passport
from baokao.passport.rules import folded
from baokao.registration import standing
from baokao.registration.audit import RegistrationAction
from baokao.registration.models import Registration, Release
from baokao.registration.services.paying import Raw
from baokao.registration.services.refusals import (
    BEING_PAID,
    CLOSED,
    GROUP_HOLDS,
    HAS_PAID,
    NO_PASSPORT,
    NO_PROOF,
    NO_REASON,
    NO_REGISTRATION,
    SAME_PASSPORT,
)
from baokao.registration.standing import Bound
from baokao.review.evidence import Page

_HOLD = "SELECT FROM passport_passport WHERE id = %s AND ended_at IS NULL FOR KEY SHARE"
_LIVE = """
SELECT e.id, e.offering_id, e.state, e.lock FROM registration_entry e
 WHERE e.registration_id = %s AND e.state IN ('unpaid', 'paid') ORDER BY e.offering_id
"""
_CANCEL = "UPDATE registration_entry SET state = 'cancelled', ended_at = %s WHERE id = ANY(%s) AND state = 'unpaid'"


def release_registration(
    registration: uuid.UUID, account: str, reason: str, proof: Sequence[Page], actor: str, by_name: str, now: datetime
) -> Release:
    """End the registration and free its record and passport. `account` is the student's own passport's address, `proof`
    the scanned pages, re-encoded (`review.evidence`), `actor` and `by_name` who does it. Both sides are mailed; whose
    record it was the holder's mail doesn't tell.

    Raises RefusedError: no such registration, the sitting is over, something is paid (that goes by rebinding, rule A7),
    a payment is under way, a group payment holds it, no such passport, no reason, or no proof.
    """
    subject = f"registration:{registration}"
    with (
        audit.refusals(RegistrationAction.RELEASE_REFUSED, actor=actor, subject=subject, at=now),
        transaction.atomic(),
        connection.wrap_database_errors,
    ):
        if not reason.strip():
            raise RefusedError(NO_REASON)
        if not proof:
            raise RefusedError(NO_PROOF)
        raw = raw_connection()
        own = _own(raw, account)
        row = raw.execute(standing.LOCK_THIS, [registration], prepare=True).fetchone()
        if row is None:
            raise RefusedError(NO_REGISTRATION)
        bound = standing.bound_from(row)
        if own.id == bound.passport:
            raise RefusedError(SAME_PASSPORT)
        offerings = _end(raw, bound, now)
        release = Release(
            sitting_id=bound.sitting,
            registration_id=bound.id,
            passport=own,
            reason=reason.strip()[:200],
            released_at=now,
            released_by=actor,
            released_by_name=by_name,
        )
        release.proof = "\n".join(b64encode(page.jpeg).decode() for page in proof)
        release.save(force_insert=True)
        audit.record(
            RegistrationAction.RELEASED,
            actor=actor,
            subject=subject,
            sitting=bound.sitting,
            detail={"release": release.id, "record": bound.record, "entries": len(offerings), "pages": len(proof)},
            at=now,
        )
        context = {"sitting": exams.sitting_name(bound.sitting), "school": bound.school[1]}
        send_mail(bound.account, "registration/released_from_holder", context, now)
        send_mail(own.account, "registration/released_for_owner", context, now)
        faults.point("release.before_counters")
        counters.move(raw, taken=[], given_back=offerings)
    return release


def proof_shown(actor: str, release: Release, position: int, now: datetime) -> None:
    """Record that a page of a release's proof, which may bear an ID number, was shown."""
    audit.record(
        RegistrationAction.PROOF_SHOWN,
        actor=actor,
        subject=f"registration:{release.registration_id}",
        sitting=release.sitting_id,
        detail={"release": release.id, "position": position},
        at=now,
    )


def _end(raw: Raw, bound: Bound, now: datetime) -> list[int]:
    """End the registration and its entries; the offerings whose seats come free."""
    if not exams.is_open(bound.sitting):
        raise RefusedError(CLOSED)
    entries = raw.execute(_LIVE, [bound.id]).fetchall()
    if any(state == "paid" for _, _, state, _ in entries):
        raise RefusedError(HAS_PAID)
    locks = {lock for _, _, _, lock in entries}
    if "payment" in locks:
        raise RefusedError(BEING_PAID)
    if "group" in locks:
        raise RefusedError(GROUP_HOLDS)
    raw.execute(_CANCEL, [now, [entry for entry, _, _, _ in entries]])
    Registration.objects.filter(id=bound.id).update(state=Registration.State.RELEASED, ended_at=now)
    return [offering for _, offering, _, _ in entries]


def _own(raw: Raw, account: str) -> Passport:
    """The student's own passport, kept from ending until the transaction is over. Raises RefusedError."""
    found = passports.by_account(folded(account))
    if found is None or raw.execute(_HOLD, [found.id]).rowcount == 0:
        raise RefusedError(NO_PASSPORT)
    return found
