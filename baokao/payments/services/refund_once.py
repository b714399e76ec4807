"""A refund at a provider that would pay it twice if asked twice (rule D6).

It is asked for by one call, and it is written down before that it may have happened. Whoever comes later, after no
answer or a death in between, only looks for it, and where it can't be found a person decides.
"""

from datetime import datetime

from baokao.core import faults
from baokao.payments import rules
from baokao.payments.gateways.contract import Fact, Gateway, Rejected, Unknown
from baokao.payments.models import Refund

REASON = "报名费退款"


def once(gateway: Gateway, refund: Refund, now: datetime) -> Fact | Rejected | None:
    """What became of it: the fact, a refusal for a person, or None when it may still come to light. Raises `Unknown`
    like the provider's own verbs."""
    return _look(gateway, refund, now) if refund.asked_at else _ask(gateway, refund, now)


def _ask(gateway: Gateway, refund: Refund, now: datetime) -> Fact | Rejected:
    """The only place that asks for it. Nothing of this amount may be there that we don't know of: whether it was for
    this money nobody could tell, and later it couldn't be told from ours."""
    number = refund.settlement.attempt.number
    if there := gateway.query_refund(number, refund.number, refund.amount, _known(refund)):
        return Rejected("there_before", f"the provider has a refund of this amount already, {there.refund_trade}")
    # Claimed by this row's update, so that of two workers at one refund only one asks.
    waiting = Refund.objects.filter(id=refund.id, state=Refund.State.SENDING, asked_at=None)
    if not waiting.update(asked_at=now):
        raise Unknown("another worker asks for it in this moment")
    faults.point("refund.before_asking")
    answer = gateway.refund(number, refund.number, refund.amount, REASON)
    if isinstance(answer, Rejected):
        # Clearly refused: it has not happened.
        Refund.objects.filter(id=refund.id).update(asked_at=None)
    return answer


def _look(gateway: Gateway, refund: Refund, now: datetime) -> Fact | Rejected | None:
    assert refund.asked_at is not None
    number = refund.settlement.attempt.number
    try:
        found = gateway.query_refund(number, refund.number, refund.amount, _known(refund))
    except Unknown as unknown:
        if now - refund.asked_at < rules.UNCERTAIN_AFTER:
            raise
        return Rejected("uncertain", str(unknown))
    if found is None and now - refund.asked_at >= rules.MISSING_AFTER:
        return Rejected("missing", "asked for, and the provider does not have it; ask again only by hand")
    return found


def _known(refund: Refund) -> list[str]:
    """The provider's numbers of this settlement's refunds that we have."""
    others = Refund.objects.filter(settlement=refund.settlement_id).exclude(trade="")
    return list(others.values_list("trade", flat=True))
