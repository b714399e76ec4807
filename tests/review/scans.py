"""Files that somebody hands in as evidence."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def picture(kind="JPEG", size=(300, 200), mode="RGB", **options):
    """A picture's bytes."""
    out = io.BytesIO()
    Image.new(mode, size, options.pop("color", "red")).save(out, kind, **options)
    return out.getvalue()


def pdf(pages=1, size=(595, 842), **options):
    """A PDF's bytes, a picture a page."""
    out = io.BytesIO()
    sheets = [Image.new("RGB", size, "white") for _ in range(pages)]
    sheets[0].save(out, "PDF", save_all=True, append_images=sheets[1:], **options)
    return out.getvalue()


def a_scan(content=None, name="证书.jpg"):
    """A file as a form has it."""
    return SimpleUploadedFile(name, picture() if content is None else content)
