"""Private-use code points that old GB systems wrote, and the standard characters they stand for (rule B3, proof d4).

Before Unicode had them, GBK and GB 18030-2000 put a few dozen characters at private-use code points: the 80 of the
bytes FE50–FEA0 (U+E815–U+E864), the vertical forms of A6D9 and on, and some signs. A name typed on such a system and
one typed today differ in bytes and look the same.

Most of the table is derived: at the same bytes, Python's codec of GB 18030-2000 already gives the standard character.
What that edition itself left at a private-use code point is listed here by hand, from GB 18030-2005 and -2022.
"""

_BY_HAND = {
    0xE78D: 0xFE10, 0xE78E: 0xFE12, 0xE78F: 0xFE11, 0xE790: 0xFE13, 0xE791: 0xFE14, 0xE792: 0xFE15, 0xE793: 0xFE16,
    0xE794: 0xFE17, 0xE795: 0xFE18, 0xE796: 0xFE19, 0xE7C7: 0x1E3F, 0xE816: 0x20087, 0xE817: 0x20089, 0xE818: 0x200CC,
    0xE81E: 0x9FB4, 0xE826: 0x9FB5, 0xE82B: 0x9FB6, 0xE82C: 0x9FB7, 0xE831: 0x215D7, 0xE832: 0x9FB8, 0xE83B: 0x2298F,
    0xE843: 0x9FB9, 0xE854: 0x9FBA, 0xE855: 0x241FE, 0xE864: 0x9FBB,
}  # fmt: skip

# Where GBK laid a run of private-use code points over a run of double bytes: first code point, lead byte, first trail
# byte, how many. Trail byte 7F does not exist.
_RUNS = [(0xE815, 0xFE, 0x50, 80), (0xE7C7, 0xA8, 0xBC, 1), (0xE7C8, 0xA8, 0xBF, 1), (0xE7E7, 0xA9, 0x89, 13),
         (0xE76C, 0xA2, 0xE3, 1)]  # fmt: skip


def private(code_point: int) -> bool:
    """Whether a code point lies in the private-use area of the basic plane."""
    return 0xE000 <= code_point <= 0xF8FF


def _derived() -> dict[int, int]:
    found = {}
    for first, lead, trail, count in _RUNS:
        trails = [byte for byte in range(trail, trail + count + 1) if byte != 0x7F][:count]
        for offset, byte in enumerate(trails):
            standard = ord(bytes((lead, byte)).decode("gb18030"))
            if not private(standard):
                found[first + offset] = standard
    return found


# For str.translate: private-use code point to standard code point.
TO_STANDARD: dict[int, int] = {**_derived(), **_BY_HAND}
