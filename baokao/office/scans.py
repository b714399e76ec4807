"""Pages of proof, which a desk hands in and may look at."""

from django.http import HttpResponse

from baokao.core.http.uploads import MEBIBYTE
from baokao.review.evidence import BYTES_AT_MOST, FILES_AT_MOST

# What a form with pages of proof may weigh: its files, and all that stands beside them.
LIMIT = FILES_AT_MOST * BYTES_AT_MOST + MEBIBYTE

# A scan is shown by the browser as a picture and nothing else, and saved when its address is opened (ASVS 5.4).
_PICTURE_ONLY = "sandbox; default-src 'none'; frame-ancestors 'none'; base-uri 'none'"


def scan(jpeg: bytes, name: str) -> HttpResponse:
    """The answer with a scanned page, which is saved under this name."""
    response = HttpResponse(jpeg, content_type="image/jpeg")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Security-Policy"] = _PICTURE_ONLY
    return response
