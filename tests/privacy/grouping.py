"""Scenarios of what a school does for its candidates: group payments, entries on behalf, releases, reminders
(proof f6); as in telling.py."""

from baokao.payments import services
from baokao.registration import services as registration
from baokao.registration.models import Registration
from baokao.review.evidence import Page
from tests.cast import NOW, SITTING, a_candidate, a_passport
from tests.payments.grouping import TEACHER, a_group, a_locked_group, entries_of, release, start_group
from tests.privacy.house import leaves
from tests.speaking import a_speaker

PROOF = [Page(b"jpeg", 1, 1)]


@leaves("group.picked")
def a_group_made(house):
    passport = a_speaker(house.stage)
    yield
    a_group(passport)


@leaves("group.picked")
def a_group_added_to(house):
    group, other = a_group(a_speaker(house.stage)), a_speaker(house.stage)
    yield
    services.add_picks(group.id, entries_of(other), TEACHER, NOW)


@leaves("group.pick_refused")
def a_group_of_nobody(house):
    yield
    house.refused(services.make_group, "99301", SITTING, "1班", [], TEACHER, "王老师", NOW)


@leaves("group.pick_refused")
def a_group_added_nothing_to(house):
    group = a_group(a_speaker(house.stage))
    yield
    house.refused(services.add_picks, group.id, [], TEACHER, NOW)


@leaves("group.locked")
def a_group_locked(house):
    group = a_group(a_speaker(house.stage))
    yield
    services.lock_group(group.id, TEACHER, NOW)


@leaves("group.lock_refused")
def a_group_locked_while_it_is_paid(house):
    group = a_locked_group(a_speaker(house.stage))
    start_group(group)
    yield
    house.refused(services.lock_group, group.id, TEACHER, NOW)


@leaves("group.released")
def a_group_released(house):
    group = a_locked_group(a_speaker(house.stage))
    yield
    release(group)


@leaves("group.release_refused")
def a_group_released_while_it_is_paid(house):
    group = a_locked_group(a_speaker(house.stage))
    start_group(group)
    yield
    house.refused(release, group)


@leaves("group.payment_started")
def a_group_on_its_way_to_pay(house):
    group = a_locked_group(a_speaker(house.stage))
    yield
    start_group(group)


@leaves("group.payment_refused")
def a_group_that_holds_nothing_paid(house):
    group = a_group(a_speaker(house.stage))
    yield
    house.refused(start_group, group)


@leaves("payment.settled")
def a_group_paid(house):
    attempt = start_group(a_locked_group(a_speaker(house.stage), a_speaker(house.stage)))
    message = house.bank.pay(attempt.number, attempt.amount)
    yield
    services.hear("alipay", message, "192.0.2.9", NOW)


# What a school does within a registration (rules B10, C11)


def saved(passport):
    return Registration.objects.get(passport=passport).id


@leaves("entries.saved_on_behalf")
def entered_on_behalf(house):
    own = saved(a_candidate(house.stage))
    yield
    registration.enter_on_behalf(own, frozenset("1"), {}, TEACHER, NOW)


@leaves("entries.on_behalf_refused")
def entered_on_behalf_what_is_not_allowed(house):
    own = saved(a_candidate(house.stage))
    yield
    house.refused(registration.enter_on_behalf, own, frozenset("2"), {}, TEACHER, NOW)


@leaves("entries.reminded")
def reminded(house):
    own = saved(a_speaker(house.stage))
    yield
    registration.remind([own], "99301", TEACHER, NOW)


@leaves("registration.released")
def released(house):
    own, account = saved(a_speaker(house.stage)), a_passport().account
    yield
    registration.release_registration(own, account, "核验", PROOF, TEACHER, "王老师", NOW)


@leaves("registration.release_refused")
def released_to_nobody(house):
    own = saved(a_speaker(house.stage))
    yield
    house.refused(registration.release_registration, own, "x@example.com", "核验", PROOF, TEACHER, "王老师", NOW)
