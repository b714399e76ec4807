"""The house's own tables. None of them knows a word of the domain."""

from baokao.core.models.audit import AuditRow, Seal
from baokao.core.models.captcha import CaptchaPicture, CaptchaUse
from baokao.core.models.outbox import OutboxRow
from baokao.core.models.retention import RetentionRun
from baokao.core.models.switches import Switch
from baokao.core.models.throttle import Throttle
from baokao.core.models.uploads import Upload, UploadChunk
from baokao.core.models.watch import Heartbeat, InvariantRun

__all__ = [
    "AuditRow",
    "CaptchaPicture",
    "CaptchaUse",
    "Heartbeat",
    "InvariantRun",
    "OutboxRow",
    "RetentionRun",
    "Seal",
    "Switch",
    "Throttle",
    "Upload",
    "UploadChunk",
]
