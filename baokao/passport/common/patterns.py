"""The patterns of Chinese passwords; pure.

What leaked lists of Chinese sites have in common: one of a few words (a declaration of love in pinyin, a surname, a row
of keys, `a`) with one of a few numbers (`123456`, `520`, `1314`) before or behind it; numbers alone that run, repeat or
sound like words; and birthdays. No list of such passwords is ever whole, so they are made up here.
"""

import re
from datetime import date
from itertools import pairwise

# Love and home in pinyin, greetings, surnames, rows of keys, and single letters.
_LOVE = """
woaini woaiwo woaiwojia woaita woaimama woaibaba woaizhongguo woaiwoziji woaiwolaopo woaiwolaogong aini ainiyiwannian
wobuaini woshishui woshinibaba woshiwo nishishui nihao nihaoma xiangni wanan zaijian laopo laogong baobao baobei
baobeiwoaini qinaide xiaobao dabao xingfu kuaile xiexie haha hehe tiantian mingtian zhongguo beijing shanghai caonima
nimade tamade iloveyou loveyou love iloveu ilove lovely forever
"""
_NAMES = """
wang li zhang liu chen yang zhao huang zhou wu xu sun hu zhu gao lin he guo ma luo liang song zheng xie han tang feng yu
dong xiao cheng cao yuan deng fu shen zeng peng lv su lu jiang cai jia ding wei xue ye yan pan du dai xia zhong tian ren
fan fang shi yao tan zou xiong jin hao kong bai cui kang mao qiu qin gu hou shao meng long wan duan lei qian yin yi
chang wangwei zhangwei liwei wangfang wangjing lina zhangli wangyan liyan zhanghao wanghao liuyang xiaoming xiaohong
"""
_KEYS = """
qwerty qwertyuiop qwert qwer qwe asdfgh asdfghjkl asdfg asdf asd zxcvbn zxcvbnm zxcvb zxcv zxc qaz qazwsx qazwsxedc wsx
edc qweasd qweasdzxc asdzxc qwaszx asdqwe zaq zaqwsx poiuytrewq lkjhgfdsa mnbvcxz abc abcd abcde abcdef abcdefg abcdefgh
"""
_OTHERS = "qq cet siji liuji baokao kaoshi tongguo yingyu password passwd pass admin root test user guest welcome hello"
_WORDS = frozenset(f"{_LOVE} {_NAMES} {_KEYS} {_OTHERS}".split()) | frozenset("abcdefghijklmnopqrstuvwxyz")
# Numbers that sound like words (520: I love you; 1314: for a life), or lie side by side on the keys.
_SOUNDING = """
520 521 1314 5201314 1314520 5211314 1314521 7758521 7758258 5845201314 584520 5845211314 3344520 3344521 1234520 520520
521521 1314258 201314 5204 52013 7708801 1573 147258 147258369 159357 159753 258369 357159 741852 741852963 789456
789456123 321654 321654987 951753 963852741 112233 11223344 1122334455 123321 1234321 12344321 123454321 654321 7654321
87654321 987654321 9876543210 0987654321 123123 321321 456456 789789 123456789 1234567890 123 1234 12345 123456 1234567
12345678 666 888 999 168 168168 518 518518 618 886 110 119 120 007 1010 1212 2008 100200 100200300 123789 123654
123698745 147852 147852369 102030 10203040
"""
_NUMBERS = frozenset(_SOUNDING.split())
_PARTS = re.compile(r"(?P<first>[a-z]+)?(?P<number>\d+)?(?P<second>[a-z]+)?")
_UNIT_AT_MOST, _REPEATED_AT_MOST = 4, 24
_BORN = range(1930, 2031)


def is_pattern(password: str) -> bool:
    """Whether a password, in lower case, follows a pattern that many Chinese passwords follow."""
    return _repeats(password) or _runs(password) or _is_birthday(password) or _word_and_number(password)


def _word_and_number(password: str) -> bool:
    parts = _PARTS.fullmatch(password)
    if parts is None:
        return False
    words = [word for word in (parts["first"], parts["second"]) if word]
    number = parts["number"] or ""
    known = not number or number in _NUMBERS or _runs(number) or _repeats(number) or _is_birthday(number)
    return known and all(_is_word(word) for word in words)


def _is_word(word: str) -> bool:
    """A word of the list, or one letter again and again."""
    return word in _WORDS or len(set(word)) == 1


def _repeats(text: str) -> bool:
    """`88888888`, `abcabcabc`, `12341234`: a short unit again and again. Long ones are nobody's first guess."""
    if len(text) > _REPEATED_AT_MOST:
        return False
    return any(
        len(text) % size == 0 and text == text[:size] * (len(text) // size)
        for size in range(1, min(_UNIT_AT_MOST, len(text) // 2) + 1)
    )


def _runs(text: str) -> bool:
    """`12345678`, `87654321`, `abcdefgh`; after 9 comes 0."""
    if len(text) < 3 or not text.isascii() or not text.isalnum():
        return False
    steps = {ord(after) - ord(before) for before, after in pairwise(text)}
    return steps in ({1}, {-1}) or text in "012345678901234567890" or text in "098765432109876543210"


def _is_birthday(text: str) -> bool:
    """`19980608`: a day on which a candidate, a parent or a child may have been born."""
    if len(text) != 8 or not text.isascii() or not text.isdigit():
        return False
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:])).year in _BORN
    except ValueError:
        return False
