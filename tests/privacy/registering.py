"""Scenarios of registrations and payments (proof f6); as in telling.py."""

from datetime import timedelta

from baokao.core.http.refusals import RateLimited
from baokao.payments import services as payments
from baokao.payments.models import Refund, Settlement
from baokao.payments.rules import Back
from baokao.payments.services.give_back import owe
from baokao.registration import access, limits, services
from tests.cast import NOW, SITTING, a_candidate, a_passport, a_record, agreed
from tests.payments.doing import LASTS, hear, start, work
from tests.privacy.house import leaves
from tests.registration.doing import enter
from tests.speaking import a_speaker

DAY = timedelta(days=1)
NUMBER = "993010WW4711"


@leaves("agreement.accepted", "/my/agreement/")
def accepted(house):
    passport = a_passport()
    yield
    house.post(passport, "/my/agreement/", agree="on", version="1")


@leaves("agreement.refused", "/my/agreement/")
def accepted_an_old_version(house):
    passport = a_passport()
    yield
    house.post(passport, "/my/agreement/", agree="on", version="7")


def asked(**changed):
    return {"id_type": "6", "id_number": NUMBER, "name": "颜明"} | changed


@leaves("eligibility.looked_up", "/my/eligibility/")
def looked_up(house):
    passport = agreed(a_passport())
    a_record(house.stage, number=NUMBER)
    yield
    house.post(passport, "/my/eligibility/", **asked())


@leaves("eligibility.missed", "/my/eligibility/")
def looked_up_in_vain(house):
    passport = agreed(a_passport())
    yield
    house.post(passport, "/my/eligibility/", **asked())


@leaves("eligibility.throttled", "/my/eligibility/")
def looked_up_too_often(house):
    passport = agreed(a_passport())
    for place in range(limits.LOOK_UP_PASSPORT.limit):
        house.refused(services.look_up, passport.id, SITTING, "6", f"{NUMBER}{place}", "颜明", "192.0.2.7", NOW)
    yield
    house.refused(services.look_up, passport.id, SITTING, "6", NUMBER, "颜明", "192.0.2.7", NOW, kind=RateLimited)
    house.posted.append("/my/eligibility/")


@leaves("eligibility.number_shown")
def the_whole_number_is_shown(house):
    passport = agreed(a_passport())
    record = a_record(house.stage, number=NUMBER)
    client = house.client(passport)
    client.cookies["looked_up"] = access.record_token(passport.id, record.id)
    yield
    assert NUMBER in client.get("/my/confirm/").content.decode()


@leaves("account.retrieved", "/retrieve/")
def retrieved(house):
    a_candidate(house.stage, number=NUMBER)
    yield
    house.post(None, "/retrieve/", "retrieve", **asked())


@leaves("account.retrieve_missed", "/retrieve/")
def retrieved_in_vain(house):
    yield
    house.post(None, "/retrieve/", "retrieve", **asked())


@leaves("account.retrieve_throttled")
def retrieved_too_often(house):
    for _ in range(limits.RETRIEVE_NUMBER.limit):
        house.refused(services.retrieve_account, "6", NUMBER, "颜明", "192.0.2.7", NOW)
    yield
    house.refused(services.retrieve_account, "6", NUMBER, "颜明", "192.0.2.7", NOW)


def confirmed(passport, record):
    return {"sure": "on", "record": access.record_token(passport.id, record.id), "sitting": SITTING}


@leaves("registration.saved", "/my/confirm/")
def saved(house):
    passport, record = agreed(a_passport()), a_record(house.stage)
    yield
    house.post(passport, "/my/confirm/", **confirmed(passport, record))


@leaves("registration.save_refused")
def saved_a_record_of_another_passport(house):
    a_candidate(house.stage, number=NUMBER)
    passport = agreed(a_passport())
    record = services.look_up(passport.id, SITTING, "6", NUMBER, "颜明", "192.0.2.7", NOW)
    yield
    house.refused(services.save_registration, passport.id, record.id, NOW)


@leaves("entries.saved", "/my/written/")
def entered(house):
    passport = a_candidate(house.stage)
    yield
    house.post(passport, "/my/written/", subject="1")


@leaves("entries.saved", "/my/speaking/")
def entered_speaking(house):
    passport = a_speaker(house.stage)
    yield
    house.post(passport, "/my/speaking/", subject="F", **{"campus-F": "993010"})


@leaves("entries.saved", "/my/written/")
def gave_up(house):
    passport = a_speaker(house.stage)
    yield
    house.post(passport, "/my/written/")


@leaves("entries.refused", "/my/written/")
def entered_where_it_is_full(house):
    passport = a_candidate(house.stage)
    house.stage.set_seats("1", 0)
    yield
    house.post(passport, "/my/written/", subject="1")


@leaves("entries.refused", "/my/speaking/")
def entered_speaking_alone(house):
    passport = a_candidate(house.stage)
    yield
    house.post(passport, "/my/speaking/", subject="F", **{"campus-F": "993010"})


@leaves("entries.expired")
def entries_expired(house):
    passport = a_candidate(house.stage)
    enter(passport, "14")
    yield
    services.expire_entries(NOW + 2 * DAY)


@leaves("registration.expired")
def registration_expired(house):
    a_candidate(house.stage)
    yield
    services.expire_registrations(NOW + DAY)


@leaves("registration.cancelled", "/my/cancel/")
def cancelled(house):
    passport = a_candidate(house.stage)
    yield
    house.post(passport, "/my/cancel/")


@leaves("registration.cancel_refused", "/my/cancel/")
def cancelled_with_entries(house):
    passport = a_speaker(house.stage)
    yield
    house.post(passport, "/my/cancel/")


# Paying


@leaves("payment.started", "/my/pay/")
def started(house):
    passport = a_speaker(house.stage)
    yield
    house.post(passport, "/my/pay/", step="go", way="alipay", subject="1")


@leaves("payment.start_refused")
def started_with_nothing(house):
    passport = a_speaker(house.stage)
    yield
    house.refused(start, passport, "")


def an_attempt(house):
    return start(a_speaker(house.stage), "1")


@leaves("payment.settled", "/pay/notify/<str:provider>/")
def settled(house):
    attempt = an_attempt(house)
    message = house.bank.pay(attempt.number, attempt.amount)
    yield
    house.notify(message)


@leaves("payment.message_rejected", "/pay/notify/<str:provider>/")
def a_forged_message(house):
    attempt = an_attempt(house)
    message = house.bank.pay(attempt.number, attempt.amount)
    yield
    house.notify(message, forged=True)


@leaves("payment.ended")
def ended(house):
    an_attempt(house)
    yield
    work(NOW + LASTS)


def owed(house):
    """The provider took money twice: the second is owed back."""
    attempt = an_attempt(house)
    work(NOW + LASTS)
    services.expire_entries(NOW + 2 * DAY)
    house.stage.set_seats("1", 0)
    house.bank.facts.pop(attempt.number, None)
    hear(house.bank.pay(attempt.number, attempt.amount), NOW + 2 * DAY)
    return Refund.objects.get()


@leaves("refund.due")
def refund_due(house):
    attempt = an_attempt(house)
    hear(house.bank.pay(attempt.number, attempt.amount))
    settlement = Settlement.objects.get()
    yield
    owe(settlement, settlement.amount, Back.TWICE, NOW)


@leaves("refund.done")
def refunded(house):
    owed(house)
    yield
    work(NOW + 2 * DAY)


@leaves("refund.stuck")
def refund_stuck(house):
    refund = owed(house)
    house.bank.refunds["other"] = (refund.settlement.attempt.number, refund.amount)
    yield
    (claimed,) = payments.claim_refunds(NOW + 2 * DAY)
    payments.send_refund(claimed, NOW + 2 * DAY)


def stuck(house):
    """A refund that waits for a person."""
    refund = owed(house)
    Refund.objects.update(state="stuck", send_at=None, trouble="exceeds: 6")
    return refund


@leaves("refund.sent_again")
def refund_sent_again(house):
    refund = stuck(house)
    yield
    payments.send_refund_again(refund.id, "张三", "平台无此退款", NOW + 2 * DAY)


@leaves("refund.booked_by_hand")
def refund_booked_by_hand(house):
    refund = stuck(house)
    yield
    payments.book_refund(refund.id, "张三", "已在平台退回", NOW + 2 * DAY, "R9")
