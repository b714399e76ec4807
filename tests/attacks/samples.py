"""What stands for the parts of each address, in one place: an address with parts that is not here fails the build.

An address without parts needs no line; it is attacked by being in the URL resolver.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from baokao.core import clock
from baokao.core.captcha import tokens
from baokao.exams.models import News
from baokao.passport import links
from baokao.passport.links import Purpose
from tests.attacks.people import House, Person
from tests.attacks.rosters import conflict_of, import_of
from tests.guards.urls import Route, routes

Parts = tuple[str, ...]
_PART = re.compile(r"<(?:\w+:)?\w+>")


@dataclass(frozen=True)
class Sample:
    """`own` names an object of this person, and `more` names those in other states; `missing` names nothing. Another's
    objects are what these name for another, unless `foreign` says otherwise; with `shared` it is nobody's, and
    everybody may name it; `also` are others that may be named."""

    own: Callable[[Person], Parts]
    missing: Parts
    foreign: Callable[[Person], Parts] | None = None
    shared: bool = False
    also: tuple[Parts, ...] = ()
    more: Callable[[Person], tuple[Parts, ...]] = lambda person: ()

    def all_own(self, person: Person) -> tuple[Parts, ...]:
        """Every object of this person, the one that shows most forms first."""
        return self.own(person), *self.more(person)

    def all_foreign(self, other: Person) -> tuple[Parts, ...]:
        """Every object of the other's that is no concern of anybody else's."""
        return (self.foreign(other),) if self.foreign else self.all_own(other)


def _everybodys(*own: str, missing: Parts, also: tuple[Parts, ...] = ()) -> Sample:
    return Sample(lambda person: own, missing, shared=True, also=also)


def _captcha() -> Sample:
    return Sample(lambda person: (tokens.issue("login"),), ("nothing",), shared=True)


def _link(purpose: Purpose) -> Sample:
    """Who holds a link may follow it, whoever it is; what another's link for another purpose opens is nothing."""
    other = Purpose.RESET if purpose != Purpose.RESET else Purpose.DISOWN
    return Sample(
        lambda person: (links.token(purpose, person.passport, clock.now()),),
        ("nothing",),
        lambda person: (links.token(other, person.passport, clock.now()),),
    )


# The id of no row.
NOTHING = "00000000-0000-4000-8000-000000000000"


def _of_a_group(first: str, second: str) -> Sample:
    """Of a group payment on whose list something stands (`group`), and of one that has been begun (`paying`)."""
    return Sample(
        lambda person: (str(getattr(person, first).id),), (NOTHING,),
        more=lambda person: ((str(getattr(person, second).id),),),
    )  # fmt: skip


def _of_an_import(first: str, second: str) -> Sample:
    return Sample(
        lambda person: (import_of(person.record, first),), (NOTHING,),
        more=lambda person: ((import_of(person.record, second),),),
    )  # fmt: skip


SAMPLES: dict[str, Sample] = {
    "/captcha/<str:token>.png": _captcha(),
    "/captcha/<str:token>.wav": _captcha(),
    "/lights/<str:campus>/": _everybodys("993010", missing=("000000",)),
    "/lights/<str:subject>/<str:province>/": _everybodys("F", "99", missing=("Z", "00")),
    "/my/pay/receipt/<str:number>/": Sample(lambda person: (person.attempt.number,), ("20260101nothing",)),
    # All are eligible for F and nobody for S.
    "/my/speaking/<str:code>/": Sample(lambda person: ("F",), ("Z",), lambda person: ("S",)),
    "/news/<int:news_id>/": Sample(lambda person: (str(News.objects.latest("id").id),), ("9999999",), shared=True),
    "/office/review/<uuid:application>/": Sample(lambda person: (str(person.application.id),), (NOTHING,)),
    "/office/review/behalf/<uuid:record>/": Sample(lambda person: (str(person.record.id),), (NOTHING,)),
    "/office/review/evidence/<uuid:page>/": Sample(lambda person: (str(person.scan.id),), (NOTHING,)),
    "/office/conflicts/<uuid:conflict_id>/": Sample(lambda person: (conflict_of(person.record),), (NOTHING,)),
    **{
        f"/office/roster/<uuid:import_id>/{page}": _of_an_import("ready", "applied")
        for page in ("", "apply/", "discard/", "faulty.xlsx", "findings/")
    },
    "/office/roster/<uuid:import_id>/undo/": _of_an_import("applied", "ready"),
    **{
        f"/office/students/<uuid:record_id>/{page}": Sample(lambda person: (str(person.record.id),), (NOTHING,))
        for page in ("", "edit/", "number/", "photo/", "remove/", "restrict/")
    },
    "/office/entries/<uuid:registration_id>/": Sample(lambda person: (str(person.held.id),), (NOTHING,)),
    "/office/release/<uuid:registration_id>/": Sample(lambda person: (str(person.held.id),), (NOTHING,)),
    "/office/release/proof/<uuid:release_id>/<int:position>/": Sample(
        lambda person: (str(person.release.id), "1"), (NOTHING, "1")
    ),
    "/office/group/<uuid:group_id>/": _of_a_group("group", "paying"),
    "/office/group/<uuid:group_id>/add/": _of_a_group("group", "paying"),
    "/office/group/<uuid:group_id>/pay/": _of_a_group("paying", "group"),
    "/office/group/<uuid:group_id>/refresh/": _of_a_group("paying", "group"),
    "/office/candidates/<uuid:record>/": Sample(lambda person: (str(person.record.id),), (NOTHING,)),
    "/office/contacts/<str:campus>/": Sample(lambda person: (person.record.campus_id,), ("000000",)),
    "/office/offerings/<str:campus>/": Sample(lambda person: (person.record.campus_id,), ("000000",)),
    "/office/offerings/<str:place>/<str:what>/": Sample(lambda person: (person.record.campus_id, "1"), ("000000", "Z")),
    "/pages/<slug:slug>/": _everybodys("intro", missing=("nothing",)),
    "/passport/disown/<str:token>/": _link(Purpose.DISOWN),
    "/passport/reset/<str:token>/": _link(Purpose.RESET),
    "/passport/verify/<str:token>/": _link(Purpose.VERIFY),
    "/pay/notify/<str:provider>/": _everybodys("alipay", missing=("nobody",), also=(("payease",),)),
    # The demonstration's mailbox shows everybody's mails to everybody, and production doesn't have it.
    "/sandbox/mail/<str:mail_id>/": _everybodys("20260101000000-000000-00000000", missing=("nothing",)),
    "/sandbox/mail/<str:mail_id>/html/": _everybodys("20260101000000-000000-00000000", missing=("nothing",)),
}


def parts_of(pattern: str) -> int:
    """How many parts the address has."""
    return len(_PART.findall(pattern))


def filled(pattern: str, parts: Parts) -> str:
    """The address with its parts filled in, as text."""
    found = iter(parts)
    return _PART.sub(lambda match: next(found), pattern)


@dataclass(frozen=True)
class Address:
    """An address of the site as somebody may name it."""

    route: Route
    path: str
    # `own`, `foreign` or `missing`; an address without parts is everybody's own.
    kind: str
    parts: Parts = ()


def addresses(house: House, person: Person | None) -> list[Address]:
    """Every address of the site with each kind of object, as this visitor would name it. Who isn't signed in owns
    nothing: to them all candidates are others, and a link that they hold is the owner's."""
    found = []
    for route in routes():
        if not parts_of(route.pattern):
            found.append(Address(route, route.pattern, "own"))
            continue
        sample = SAMPLES[route.pattern]
        own = (*sample.all_own(person or house.owner), *sample.also)
        named = {("missing", sample.missing)} | {("own", parts) for parts in own}
        if not sample.shared:
            others = house.others(person)
            named |= {("foreign", parts) for other in others for parts in sample.all_foreign(other)}
        found += [Address(route, filled(route.pattern, parts), kind, parts) for kind, parts in sorted(named)]
    return found


def missing_samples() -> set[str]:
    """Addresses with parts that have no sample, and samples of addresses that there are no more."""
    return {route.pattern for route in routes() if parts_of(route.pattern)} ^ set(SAMPLES)
