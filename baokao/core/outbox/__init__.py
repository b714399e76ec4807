"""Effects that leave the house after a transaction: written in it as rows, carried out by the worker."""

from baokao.core.outbox.write import put, send_mail

__all__ = ["put", "send_mail"]
