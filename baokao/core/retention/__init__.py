"""What is deleted or blanked when its time is over (rule H5, docs/retention.md)."""

from baokao.core.retention.duty import Duty

__all__ = ["Duty"]
