"""Making one picture with its sound. 2 ms for the picture and 110 ms for the sound, so that it is done ahead."""

import secrets
import uuid
from dataclasses import dataclass
from functools import lru_cache

from captcha.audio import AudioCaptcha
from captcha.image import ImageCaptcha
from django.conf import settings

LENGTH = 4
FIXED = "8888"


@dataclass(frozen=True)
class Drawn:
    """A finished picture: PNG of 160 × 60 pixels, WAV of about eight seconds, and what they say."""

    id: uuid.UUID
    answer: str
    png: bytes
    wav: bytes


def draw() -> Drawn:
    """A new picture with a new answer, which is always 8888 where BAOKAO_CAPTCHA is fixed."""
    answer = FIXED if settings.CAPTCHA == "fixed" else "".join(secrets.choice("0123456789") for _ in range(LENGTH))
    png = _pictures().generate(answer).getvalue()
    return Drawn(uuid.uuid4(), answer, png, bytes(_voices().generate(answer)))


@lru_cache(maxsize=1)
def _pictures() -> ImageCaptcha:
    return ImageCaptcha(160, 60)


@lru_cache(maxsize=1)
def _voices() -> AudioCaptcha:
    return AudioCaptcha()
