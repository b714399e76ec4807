"""Pages that are the same for everybody, kept as bytes: rendered for a moment, compressed once, answered with an ETag.

How long an answer is remembered is said where it is made, with `core.brief`; this is only what is remembered and how it
is served. Nothing here may be personal: no cookie is read and none is set.
"""

import gzip
import hashlib
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags

# At most half a second old in this process (a second while it is being remade, see `core.brief`) and a second in
# anybody else's cache: never staler than two seconds in all.
SECONDS = 0.5
_HEADERS = {"Cache-Control": "public, max-age=1", "Vary": "Accept-Encoding"}
# Below this, compressing saves less than its headers cost.
_WORTH_PACKING = 256


@dataclass(frozen=True)
class Answer:
    """A page in the form in which it leaves: as it is and compressed, each with its own ETag."""

    plain: bytes
    packed: bytes
    etag: str
    packed_etag: str


def answer_of(html: str) -> Answer:
    """The page's bytes; the same text always gives the same ETags, in every process."""
    plain = html.encode()
    mark = hashlib.sha256(plain).hexdigest()[:20]
    packed = gzip.compress(plain, 6, mtime=0) if len(plain) >= _WORTH_PACKING else b""
    return Answer(plain, packed, f'"{mark}"', f'"{mark}-gz"')


def serve(request: HttpRequest, answer: Answer) -> HttpResponse:
    """The page, or 304 if the visitor has it already."""
    packs = bool(answer.packed) and _takes_gzip(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    etag = answer.packed_etag if packs else answer.etag
    headers = {**_HEADERS, "ETag": etag}
    if _has_it(request.META.get("HTTP_IF_NONE_MATCH", ""), etag):
        return HttpResponseNotModified(headers=headers)
    if packs:
        headers["Content-Encoding"] = "gzip"
    body = answer.packed if packs else answer.plain
    headers["Content-Length"] = str(len(body))
    return HttpResponse(body, headers=headers)


def _takes_gzip(accepted: str) -> bool:
    for offer in accepted.lower().split(","):
        coding, _, weight = offer.partition(";")
        if coding.strip() in ("gzip", "*"):
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def _has_it(asked: str, etag: str) -> bool:
    """Weak comparison, as RFC 9110 has it for If-None-Match: a proxy in between may have weakened the tag."""
    return bool(asked) and any(one == "*" or one.removeprefix("W/") == etag for one in parse_etags(asked))
