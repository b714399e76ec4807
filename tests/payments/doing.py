"""Short ways of saying what the tests of payments do."""

from datetime import timedelta

from baokao.payments import providers, services
from baokao.payments.models import Attempt, LedgerRow, Refund
from baokao.registration.models import Entry
from baokao.registration.services import save_entries, save_speaking
from tests.cast import NOW, SITTING

LASTS = timedelta(minutes=30)


def start(passport, codes, now=NOW, provider=""):
    """去支付 for these subjects, through the only provider there is or the one named: the attempt."""
    return services.start(passport.id, SITTING, frozenset(codes), provider or the_provider(), "", now)


def hear(message, now=NOW, provider=""):
    return services.hear(provider or the_provider(), message, "192.0.2.9", now)


def the_provider():
    [name] = providers.configured()
    return name


def work(now=NOW):
    """What the worker's loops do at this moment: ask about what is due, send what is owed, until nothing is."""
    for _ in range(20):
        asked = [services.ask(attempt, now) for attempt in services.ask_due(now)]
        sent = [services.send_refund(refund, now) for refund in services.claim_refunds(now)]
        if not asked and not sent:
            return
        now += timedelta(seconds=4)


def enter(passport, written, speaking=(), now=NOW):
    """Entries in these subjects, speaking ones at the own campus."""
    save_entries(passport.id, SITTING, frozenset(written), now)
    if speaking:
        save_speaking(passport.id, SITTING, dict.fromkeys(speaking, "993010"), now)


def states(passport):
    """`1 paid, 4 unpaid`: every entry that isn't cancelled, in the subjects' order, the newest last."""
    rows = Entry.objects.filter(registration__passport=passport).exclude(state="cancelled")
    return ", ".join(
        f"{code} {state}"
        for code, state in rows.order_by("subject__position", "made_at").values_list("subject_id", "state")
    )


def attempt_state(attempt):
    return Attempt.objects.get(id=attempt.id).state


def refunds():
    """Reason, amount and state of each refund, in the order of their making."""
    return list(Refund.objects.order_by("made_at", "number").values_list("why", "amount", "state"))


def balances():
    """What stands on each account of the ledger, debit less credit."""
    found = {}
    for debit, credit, amount in LedgerRow.objects.values_list("debit", "credit", "amount"):
        found[debit] = found.get(debit, 0) + amount
        found[credit] = found.get(credit, 0) - amount
    return {account: amount for account, amount in found.items() if amount}
