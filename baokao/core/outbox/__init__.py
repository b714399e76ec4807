"""Effects that leave the house after a transaction: written in it as rows, carried out by the worker."""

from baokao.core.outbox.urgency import Urgency
from baokao.core.outbox.write import put, send_mail

__all__ = ["Urgency", "put", "send_mail"]
