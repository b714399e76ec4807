"""Made-up people, each chosen from one seed: with a sound ID number, a mobile, an address and a name of their own."""

import random
from dataclasses import dataclass

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
_GIVEN = "安邦才丹恩帆歌涵佳凯岚敏宁佩琪瑞珊彤薇欣雅哲"
# 千字文, from which each person's three last letters are counted, so that no two share a name.
_COUNT = "天地玄黄宇宙洪荒日月盈昃辰宿列张"


@dataclass(frozen=True)
class Person:
    """What a person tells, and knows."""

    number: str
    mobile: str
    email: str
    name: str
    password: str

    def secrets(self) -> dict[str, str]:
        """What is to be found nowhere in clear, by what it is."""
        return {"ID number": self.number, "mobile": self.mobile, "address": self.email}


def invent(count: int, seed: int) -> list[Person]:
    """So many people; the same ones for the same seed."""
    chance = random.Random(seed)
    return [_person(chance, place) for place in range(count)]


def with_check_digit(seventeen: str) -> str:
    """An ID number of GB 11643 from its first 17 digits."""
    total = sum(int(digit) * weight for digit, weight in zip(seventeen, _WEIGHTS, strict=True))
    return seventeen + _CHECKS[total % 11]


def _person(chance: random.Random, place: int) -> Person:
    born = f"{chance.randint(1998, 2008)}{chance.randint(1, 12):02}{chance.randint(1, 28):02}"
    number = with_check_digit(f"{chance.choice(('110105', '330101', '440106', '510104'))}{born}{place % 1000:03}")
    tail = "".join(_COUNT[(place >> shift) & 15] for shift in (8, 4, 0))
    return Person(
        number=number,
        mobile=f"1{chance.choice('3578')}{chance.randrange(10**5):05}{place:04}",
        email=f"Xs.{chance.randrange(10**6):06}.{place:04}@mail{chance.randrange(40)}.example.com",
        name=chance.choice(_FAMILY) + chance.choice(_GIVEN) + tail,
        password=f"{chance.randrange(10**9):09} mima {place}",
    )
