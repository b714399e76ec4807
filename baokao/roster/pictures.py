"""What a photo must be, and what is kept of it (facts, Photos)."""

import io
import struct
import warnings

from PIL import Image, ImageOps

BYTES_AT_MOST = 200 * 1024
WIDTH_AT_LEAST, HEIGHT_AT_LEAST = 144, 192
# What is kept fits a ticket and a screen; and no picture may unfold to more than 48 MB.
_KEPT_WITHIN = (480, 640)
_SIDE_AT_MOST = 4_000
# A progressive picture has some ten scans. Each costs the decoder a pass over all pixels and the file a few bytes, so
# that 200 KB could keep it busy for many seconds.
_SCAN, _SCANS_AT_MOST = b"\xff\xda", 40
_QUALITIES = (88, 80, 70, 55, 40)
_BROKEN = (OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError, EOFError, OverflowError, struct.error)


class BadPhoto(Exception):
    """No photo to keep. Its message is Chinese, for who sent it."""


def kept(content: bytes) -> bytes:
    """The photo as it is kept: decoded and encoded anew, turned upright, without anything but the picture.

    The same bytes give the same bytes. Raises BadPhoto.
    """
    if len(content) > BYTES_AT_MOST:
        raise BadPhoto(f"照片文件过大（多于 {BYTES_AT_MOST // 1024} KB）")
    if content.count(_SCAN) > _SCANS_AT_MOST:
        raise BadPhoto("照片的编码过于复杂，请另存为普通的 JPEG")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _encoded(_picture(content))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise BadPhoto("照片的像素过多") from None
    except _BROKEN:
        raise BadPhoto("不是有效的 JPEG 照片，或文件已损坏") from None


def _picture(content: bytes) -> Image.Image:
    with Image.open(io.BytesIO(content), formats=["JPEG"]) as opened:
        width, height = opened.size
        if width < WIDTH_AT_LEAST or height < HEIGHT_AT_LEAST:
            raise BadPhoto(f"照片过小：{width}×{height}，至少 {WIDTH_AT_LEAST}×{HEIGHT_AT_LEAST} 像素")
        if max(width, height) > _SIDE_AT_MOST:
            raise BadPhoto(f"照片的像素过多：{width}×{height}，边长至多 {_SIDE_AT_MOST}")
        picture = ImageOps.exif_transpose(opened).convert("RGB")
    picture.thumbnail(_KEPT_WITHIN)
    return picture


def _encoded(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    for quality in _QUALITIES:
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=quality, optimize=True)
        if out.tell() <= BYTES_AT_MOST:
            break
    return out.getvalue()
