"""Consent to a new privacy notice (rule H5)."""

from datetime import datetime

from django.db import transaction

from baokao.core import audit
from baokao.core.verdict import RefusedError
from baokao.passport import rules
from baokao.passport.audit import PassportAction, actor
from baokao.passport.models import Passport


def consent(passport: Passport, version: str, now: datetime) -> None:
    """Keep which notice was consented to and when; consenting again keeps the first time. Raises RefusedError when a
    newer one has come since the page was shown."""
    who = actor(passport)
    with audit.refusals(PassportAction.PRIVACY_REFUSED, actor=who, subject=who, at=now):
        if version != rules.PRIVACY_VERSION:
            raise RefusedError(rules.OLD_NOTICE)
        with transaction.atomic():
            earlier = Passport.objects.filter(id=passport.id, ended_at__isnull=True).exclude(privacy_version=version)
            if earlier.update(privacy_version=version, privacy_consented_at=now):
                audit.record(
                    PassportAction.PRIVACY_CONSENTED,
                    actor=actor(passport),
                    subject=actor(passport),
                    detail={"privacy": version},
                    at=now,
                )
