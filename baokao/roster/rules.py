"""How names and ID numbers are compared (B3), which subjects a record may enter (B11), and what looks odd in a number.

`name_key` and `number_key` are what both sides of a comparison go through; they are stored and digested, never shown.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from operator import mul

from baokao.roster.gb18030 import TO_STANDARD

SUBJECT_ORDER = "123456789FSJ"
# What a CET-4 written score of 425 gives (rule B11), the same as a passed review does (rule E3).
PASSING_SCORE = 425
GIVEN_BY_SCORE = "2S"

MIDDLE_DOT = "·"
_DOTS = "·•‧∙⋅・･᛫․⸱⸳ᐧ﹒●◦∘⚫⦁𐄁"
_OPENING = "([{（［｛﹙﹛﹝〔【〖〘〚⟨⟦⦅｟〈《⁽₍︵︷︹︻︿︽﹇"
_CLOSING = ")]}）］｝﹚﹜﹞〕】〗〙〛⟩⟧⦆｠〉》⁾₎︶︸︺︼﹀︾﹈"
_PUNCTUATION = (
    {ord(character): MIDDLE_DOT for character in _DOTS}
    | {ord(character): "(" for character in _OPENING}
    | {ord(character): ")" for character in _CLOSING}
)
_HALF_WIDTH: dict[int, int] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
# Kangxi radicals look exactly like the characters that they are radicals of; PDF files are full of them.
_RADICALS = {code: unicodedata.normalize("NFKC", chr(code)) for code in [*range(0x2F00, 0x2FD6), 0x2E9F, 0x2EF3]}
_FIRST: dict[int, int | str] = {**TO_STANDARD, **_HALF_WIDTH, **_RADICALS}

# Characters without width: format and control characters (zero-width, bidi marks, tags) and variation selectors.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U000e0000-\U000e0fff]"
)
_CJK = (
    "\u1100-\u11ff\u2e80-\u312f\u3130-\u318f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f"
    "\uac00-\ud7ff\ue000-\ufaff\uff66-\uff9f\U00016fe0-\U00016fff\U0001b000-\U0001b2ff\U00020000-\U0003ffff"
)
_SPACES = re.compile(r"\s+")
_NEEDLESS_SPACE = re.compile(rf"(?<=[{_CJK}·()]) | (?=[{_CJK}·()])")
# A full stop is a middle dot only between two Chinese characters; in `J.R. Li` it is a full stop.
_STOP_AS_DOT = re.compile(rf"(?<=[{_CJK}])[.。｡](?=[{_CJK}])")
_PLAIN_NAME = re.compile("[\u4e00-\u9fa5]+").fullmatch
# School 5, campus 1, year 2, half, subject, room 001–999, seat 01–30 (facts, Ticket numbers).
_WRITTEN_TICKET = re.compile(r"[1-9]\d{5}\d\d[12][1-9](?!000)\d{3}(0[1-9]|[12]\d|30)", re.ASCII).fullmatch


@lru_cache(maxsize=65536)
def name_key(name: str) -> str:
    """A name as it is compared (rule B3).

    Two spellings have one key when they differ only in: spaces at the ends, beside Chinese characters, or in number
    between Latin words; width of letters, digits and brackets; case; Unicode composition; the kind of middle dot;
    private-use code points of GB 18030; characters without width. Keys are stable: the key of a key is itself.
    """
    if _PLAIN_NAME(name):
        return name
    text = _composed(name).translate(_PUNCTUATION)
    text = _SPACES.sub(" ", text).strip()
    text = _NEEDLESS_SPACE.sub("", text)
    text = _STOP_AS_DOT.sub(MIDDLE_DOT, text)
    return unicodedata.normalize("NFC", text)


def shown_name(name: str) -> str:
    """A name as it is kept and shown: as the school wrote it, without what can't be seen and with standard characters
    in place of private-use ones (proof d4: the same on page, in exports and in print)."""
    if _PLAIN_NAME(name):
        return name
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", name).translate(TO_STANDARD))
    return _SPACES.sub(" ", text).strip()


def number_key(number: str) -> str:
    """An ID number as it is compared and digested (rule B3): as a name, but without any space or bracket.

    A Macao card's `1234567(8)` is 12345678.
    """
    if number.isascii() and number.isalnum():
        return number.upper()
    text = _composed(number).translate(_PUNCTUATION)
    return unicodedata.normalize("NFC", _SPACES.sub("", text).replace("(", "").replace(")", ""))


def is_written_ticket(key: str) -> bool:
    """Whether a normalised text is shaped like a written ticket number."""
    return bool(_WRITTEN_TICKET(key))


def _composed(text: str) -> str:
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text).translate(_FIRST))
    # Upper case may come apart again (ΐ has no single capital), hence the second composition; and a capital may
    # only then be one that has a simpler capital form.
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text.upper()).upper())


# First the official names, then the short and older ones that files bear.
_ID_TYPES = {
    "1": "中华人民共和国居民身份证 居民身份证 身份证 中国居民身份证 中华人民共和国身份证 二代身份证",
    "2": "台湾居民来往大陆通行证 台湾居民往来大陆通行证 台湾居民来往内地通行证 台湾通行证 台胞证",
    "3": "港澳居民来往内地通行证 港澳居民往来内地通行证 港澳居民来往大陆通行证 港澳通行证 回乡证",
    "4": "护照 外国护照 普通护照 中国护照 中华人民共和国护照",
    "5": "香港身份证 香港居民身份证 香港永久性居民身份证 香港特别行政区居民身份证 香港特别行政区永久性居民身份证",
    "6": "澳门身份证 澳门居民身份证 澳门永久性居民身份证 澳门特别行政区居民身份证 澳门特别行政区永久性居民身份证",
}
_ID_TYPE_OF = {name: code for code, names in _ID_TYPES.items() for name in [code, *names.split()]}


@lru_cache(maxsize=1024)
def id_type_of(text: str) -> str | None:
    """The code 1–6 of an ID type given by its digit, name, short name or an older name; None when unknown.

    A code in brackets before the name, as our own exports have it, is no hindrance.
    """
    key = name_key(text)
    return _ID_TYPE_OF.get(key) or _ID_TYPE_OF.get(re.sub(r"^\([1-6]\)", "", key))


def order_subjects(codes: Iterable[str]) -> str:
    """Subject codes in the order of the subjects' own list, each once; codes outside the list are left out."""
    wanted = set(codes)
    return "".join(code for code in SUBJECT_ORDER if code in wanted)


def eligible_subjects(given: str, by_score: str, by_review: str, restricted: str, offered: str | None) -> str:
    """The eligible subjects of a record (rule B11), in order.

    What the roster gives, what past scores give where it is offered (`offered` None: not asked), what a passed review
    gave, minus restrictions.
    """
    counted = by_score if offered is None else set(by_score) & set(offered)
    return order_subjects({*given, *counted, *by_review} - set(restricted))


def number_warning(id_type: str, number: str) -> str | None:
    """What looks wrong with a normalised ID number of a type, in Chinese; None when nothing does.

    Never a reason to refuse: rosters hold odd numbers (rule B3).
    """
    if id_type == "1":
        return _mainland_warning(number)
    pattern = _PATTERNS.get(id_type)
    if pattern and not pattern.fullmatch(number):
        return "证件号码与证件类型的格式不符"
    if id_type == "5" and not _hong_kong_check(number):
        return "香港身份证号码校验位不符"
    return None


_PATTERNS = {
    "2": re.compile(r"\d{8}|\d{10}[A-Z]?|[A-Z]\d{8,9}"),
    "3": re.compile(r"[HM](\d{8}|\d{10})"),
    "4": re.compile(r"[A-Z0-9]{5,20}"),
    "5": re.compile(r"[A-Z]{1,2}\d{6}[0-9A]"),
    "6": re.compile(r"[157]\d{7}"),
}
_MAINLAND = re.compile(r"[1-9]\d{5}(18|19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dX]", re.ASCII)
_MAINLAND_OLD = re.compile(r"[1-9]\d{7}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}", re.ASCII)
_MAINLAND_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_MAINLAND_ZEROS = ord("0") * sum(_MAINLAND_WEIGHTS)


def _mainland_warning(number: str) -> str | None:
    if _MAINLAND_OLD.fullmatch(number):
        return None
    if not _MAINLAND.fullmatch(number):
        return "居民身份证号码格式不符"
    # Digits by their character codes, which is quicker than to make numbers of them one by one.
    total = sum(map(mul, _MAINLAND_WEIGHTS, number.encode())) - _MAINLAND_ZEROS
    return None if "10X98765432"[total % 11] == number[17] else "居民身份证号码校验位不符"


def _hong_kong_check(number: str) -> bool:
    """Letters count from A = 10, the check letter too, a missing first letter 36; the weighted sum is 0 modulo 11."""
    padded = number.rjust(9)
    values = [36 if character == " " else int(character, 36) for character in padded]
    return sum(value * weight for value, weight in zip(values, range(9, 0, -1), strict=True)) % 11 == 0
