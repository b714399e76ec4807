"""What about payments only an operator can put right (settings.TROUBLES)."""

from collections import Counter
from datetime import datetime

from django.db.models import Count

from baokao.core.watch import Trouble
from baokao.payments import providers
from baokao.payments.models import Attempt, Refund


def found(now: datetime) -> list[Trouble]:
    """Each provider that isn't configured and of which something is still to be asked, and each at which refunds are
    stuck."""
    there = list(providers.configured())
    asked = Attempt.objects.filter(ask_at__isnull=False).exclude(provider__in=there)
    owed = Refund.objects.filter(send_at__isnull=False).exclude(settlement__provider__in=there)
    attempts = Counter(dict(asked.values_list("provider").annotate(Count("id"))))
    refunds = Counter(dict(owed.values_list("settlement__provider").annotate(Count("id"))))
    missing = [
        _missing(provider, attempts[provider], refunds[provider]) for provider in sorted(set(attempts) | set(refunds))
    ]
    stuck = Refund.objects.filter(state=Refund.State.STUCK).values_list("settlement__provider").annotate(Count("id"))
    return missing + [_stuck(provider, count) for provider, count in stuck.order_by("settlement__provider")]


def _missing(provider: str, attempts: int, refunds: int) -> Trouble:
    sentence = (
        f"{attempts} payments and {refunds} refunds wait for {provider}, which is not among the settings: nobody can"
        " ask how they stand. Put its settings back until they have ended."
    )
    return Trouble("payment.provider_missing", provider, attempts + refunds, sentence)


def _stuck(provider: str, count: int) -> Trouble:
    sentence = f"{count} refunds at {provider} are stuck: a person has to decide (baokao refunds list)."
    return Trouble("payment.refunds_stuck", provider, count, sentence)
