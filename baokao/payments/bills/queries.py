"""What is read of bills, differences and stuck refunds, for jobs, commands and, later, the desk."""

from datetime import date, datetime, time, timedelta

from django.db.models import Count, QuerySet
from django.db.models.functions import Coalesce

from baokao.core.zone import SHANGHAI
from baokao.payments.models import Bill, Difference, Refund, Settlement


def has_money_of(provider: str, day: date) -> bool:
    """Whether our books have a payment or a refund through this provider on this day in Beijing."""
    begins = datetime.combine(day, time(), SHANGHAI)
    span = (begins, begins + timedelta(days=1) - timedelta(microseconds=1))
    paid = Settlement.objects.filter(provider=provider, settled_at__gte=begins - timedelta(hours=1))
    return (
        paid.annotate(moment=Coalesce("paid_at", "settled_at")).filter(moment__range=span).exists()
        or Refund.objects.filter(settlement__provider=provider, done_at__range=span).exists()
    )


def latest(count: int) -> list[tuple[Bill, int]]:
    """The newest bills, each with how many of its differences wait for a person."""
    found = list(Bill.objects.order_by("-day", "provider")[:count])
    listed = Difference.objects.filter(bill__in=found, state=Difference.State.LISTED)
    counts = dict(listed.values_list("bill").annotate(Count("id")))
    return [(bill, counts.get(bill.id, 0)) for bill in found]


def differences(*, everything: bool) -> QuerySet[Difference]:
    """The listed differences, the oldest day first; with `everything` the settled ones too."""
    found = Difference.objects.select_related("bill").order_by("bill__day", "bill__provider", "kind", "subject")
    return found if everything else found.filter(state=Difference.State.LISTED)


def stuck_refunds() -> QuerySet[Refund]:
    """The refunds that wait for a person, the oldest first."""
    stuck = Refund.objects.filter(state=Refund.State.STUCK)
    return stuck.select_related("settlement__attempt").order_by("made_at", "id")
