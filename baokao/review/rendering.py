"""Decodes one file of evidence and writes its pages as JPEGs: run as a program of its own, on its standard input.

What somebody scanned and sent is parsed by large libraries. They run here, in a process without secrets, without the
database, and within limits of time and memory: a file that breaks one breaks nothing else. It must import nothing of
ours. Standard output is, a page: width, height and length (4 bytes each, big-endian), then the JPEG. It exits with one
of the codes below when there is nothing to show.
"""

import io
import resource
import sys
from collections.abc import Iterator

import pypdfium2
from PIL import Image, ImageOps

UNKNOWN, BROKEN, TOO_MANY_PAGES, TOO_LARGE = 3, 4, 5, 6

MEMORY, CPU_SECONDS = 1 << 30, 8
PAGES_AT_MOST = 10
PIXELS_AT_MOST = 40_000_000
# Of the longer side: an A4 page is legible at 200 dots an inch.
LONGEST = 2000
QUALITY = 80
_FORMATS = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG", b"RIFF": "WEBP"}


class Refused(Exception):
    """This file can't be taken; the argument is the exit code."""


def pages(content: bytes) -> Iterator[Image.Image]:
    """The pages of a PDF, or the one picture, told by what the file begins with and never by its name."""
    if content.startswith(b"%PDF-"):
        yield from _pdf(content)
        return
    for beginning, kind in _FORMATS.items():
        if content.startswith(beginning):
            yield _picture(content, kind)
            return
    raise Refused(UNKNOWN)


def _pdf(content: bytes) -> Iterator[Image.Image]:
    document = pypdfium2.PdfDocument(content)
    if not 1 <= len(document) <= PAGES_AT_MOST:
        raise Refused(TOO_MANY_PAGES if len(document) else BROKEN)
    for page in document:
        longer = max(page.get_size())
        if not longer > 0:
            raise Refused(BROKEN)
        yield page.render(scale=LONGEST / longer).to_pil()


def _picture(content: bytes, kind: str) -> Image.Image:
    # Its size is told by its head, before anything is decoded.
    picture = Image.open(io.BytesIO(content), formats=(kind,))
    if picture.width * picture.height > PIXELS_AT_MOST:
        raise Refused(TOO_LARGE)
    return ImageOps.exif_transpose(picture)


def jpeg(picture: Image.Image) -> tuple[int, int, bytes]:
    """Width, height and bytes of a picture on white ground, with nothing of the file but its look."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        seen = picture.convert("RGBA")
        seen.thumbnail((LONGEST, LONGEST))
        ground = Image.new("RGBA", seen.size, "white")
        picture = Image.alpha_composite(ground, seen)
    picture = picture.convert("RGB")
    picture.thumbnail((LONGEST, LONGEST))
    # A picture of its own, so that no profile, comment or thumbnail comes along.
    bare = Image.new("RGB", picture.size)
    bare.paste(picture)
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=QUALITY)
    return bare.width, bare.height, out.getvalue()


def main() -> int:
    """Read, decode, write; the exit code."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    try:
        for picture in pages(sys.stdin.buffer.read()):
            width, height, encoded = jpeg(picture)
            for number in (width, height, len(encoded)):
                sys.stdout.buffer.write(number.to_bytes(4, "big"))
            sys.stdout.buffer.write(encoded)
    except Refused as refused:
        return int(refused.args[0])
    except Exception:
        # Whatever such a library raises about such a file, the file is what is wrong.
        return BROKEN
    return 0


if __name__ == "__main__":
    sys.exit(main())
