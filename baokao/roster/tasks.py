"""The jobs of the roster: imports are checked, applied and taken back. Each is safe to run twice."""

import uuid
from typing import Any

from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import AlreadyEnqueued

from baokao.core import clock
from baokao.core.outbox.handlers import handles
from baokao.roster.models import RosterImport
from baokao.roster.services import imports
from baokao.roster.services.imports.work import WORK

_State = RosterImport.State


@handles(WORK)
def ask(payload: dict[str, Any], row: uuid.UUID) -> None:
    """Hand an import to the job queue; once is enough.

    Imports take turns: two large files at once would take twice the memory and end no sooner.
    """
    one = payload["import"]
    queue = app.with_connector(DjangoConnector())
    try:
        queue.configure_task("roster.work", lock="roster.work", queueing_lock=f"roster.work:{one}").defer(import_id=one)
    except AlreadyEnqueued:
        return


@app.task(name="roster.work")
def work(import_id: str) -> None:
    """Do what the import's state asks for."""
    one = RosterImport.objects.get(id=import_id)
    now = clock.now()
    if one.state in (_State.UPLOADED, _State.CHECKING):
        imports.check(one.id, now)
    elif one.state == _State.APPLYING:
        imports.apply(one.id, now)
    elif one.state == _State.UNDOING:
        imports.undo(one.id, now)
    elif one.state == _State.DISCARDED:
        imports.clear(one.id)
