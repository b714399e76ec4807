"""Who did what, in rows that can only be appended and are sealed each second (rule G2, proof f5)."""

from baokao.core.audit.record import AuditAction, record
from baokao.core.audit.refusals import refusals

__all__ = ["AuditAction", "record", "refusals"]
