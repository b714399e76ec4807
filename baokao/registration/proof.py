"""证明材料: a picture that is handed in is decoded and encoded anew, so that nothing of the file itself is kept."""

from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from baokao.core.verdict import Refused, RefusedError

LARGEST = 5 * 1024 * 1024
_MOST_PIXELS = 40_000_000
_SIDE = 1600
_QUALITY = 80

NO_PROOF = Refused("no_proof", "请上传证明材料。", "JPG 或 PNG 图片，不超过5 MB。", about="proof")
NOT_A_PICTURE = Refused("not_a_picture", "证明材料不是可以识别的图片。", "请上传 JPG 或 PNG 图片。", about="proof")
TOO_LARGE = Refused("too_large", "证明材料太大。", "请上传不超过5 MB、4000万像素的图片。", about="proof")


def picture(content: bytes) -> bytes:
    """A JPEG of our own making of a JPEG or PNG, 1600 pixels at its longer side at most. Raises RefusedError."""
    if not content:
        raise RefusedError(NO_PROOF)
    if len(content) > LARGEST:
        raise RefusedError(TOO_LARGE)
    try:
        with Image.open(BytesIO(content), formats=("JPEG", "PNG")) as found:
            # Asked before anything is decoded, so that a small file can't fill the memory.
            if found.width * found.height > _MOST_PIXELS:
                raise RefusedError(TOO_LARGE)
            upright = ImageOps.exif_transpose(found).convert("RGB")
            upright.thumbnail((_SIDE, _SIDE))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as broken:
        raise RefusedError(NOT_A_PICTURE) from broken
    made = BytesIO()
    upright.save(made, "JPEG", quality=_QUALITY)
    return made.getvalue()
