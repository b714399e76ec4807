"""Pages of proof, which a desk may look at."""

from django.http import HttpResponse

# A scan is shown by the browser as a picture and nothing else, and saved when its address is opened (ASVS 5.4).
_PICTURE_ONLY = "sandbox; default-src 'none'; frame-ancestors 'none'; base-uri 'none'"


def scan(jpeg: bytes, name: str) -> HttpResponse:
    """The answer with a scanned page, which is saved under this name."""
    response = HttpResponse(jpeg, content_type="image/jpeg")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Security-Policy"] = _PICTURE_ONLY
    return response
