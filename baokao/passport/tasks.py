"""What the worker carries out for accounts."""

import uuid
from typing import Any

from baokao.core import clock
from baokao.core.outbox.handlers import handles
from baokao.passport.services import recover


@handles(recover.KIND)
def mail_recovery(payload: dict[str, Any], row_id: uuid.UUID) -> None:
    """Look the account up and mail its links (rule A5)."""
    recover.mail_recovery(payload["account"], payload["at"], row_id, clock.now())
