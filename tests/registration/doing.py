"""Short ways of saying what the services' tests do."""

import pytest
from django.db.models.expressions import RawSQL

from baokao.core.crypto.sealed import unseal
from baokao.core.models import OutboxRow
from baokao.core.outbox import packing
from baokao.core.outbox.write import CONTEXT
from baokao.core.verdict import RefusedError
from baokao.registration import services
from baokao.registration.models import Entry
from tests.cast import NOW, SITTING

# The order in which rows were written: by transaction, and within one by command.
WRITTEN = (RawSQL("xmin::text::bigint", []), RawSQL("cmin::text::bigint", []))


def enter(passport, codes, now=NOW):
    """Submit the written page with these codes ticked."""
    return services.save_entries(passport.id, SITTING, frozenset(codes), now)


def refused(function, *args):
    """What the person reads when the function refuses."""
    with pytest.raises(RefusedError) as caught:
        function(*args)
    return [refusal.message for refusal in caught.value.refusals]


def live(passport):
    """Codes of the live entries, run together."""
    entries = Entry.objects.filter(registration__passport=passport, state__in=Entry.LIVE)
    return "".join(entries.order_by("subject_id").values_list("subject_id", flat=True))


def taken(stage, code):
    """The counter at 颜明's campus."""
    return stage.offering(code).taken


def mails():
    """Template and context of the mails that are asked for, the newest last."""
    rows = OutboxRow.objects.filter(kind="mail").order_by("made_at", *WRITTEN)
    payloads = [packing.unpack(unseal(bytes(row.payload), CONTEXT, row.id.bytes)) for row in rows]
    return [(payload["template"], payload["context"]) for payload in payloads]
