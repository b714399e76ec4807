"""Photos as schools send them."""

import io
import zipfile

from PIL import Image


def a_jpeg(width=240, height=320, kind="JPEG", **options):
    """A picture's bytes."""
    out = io.BytesIO()
    Image.effect_noise((width, height), 30).convert("RGB").save(out, kind, **options)
    return out.getvalue()


def a_zip(**photos):
    """Files by their name without `.jpg`, or by the whole name where it has a dot."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in photos.items():
            archive.writestr(name if "." in name else f"{name}.jpg", content)
    return out.getvalue()
