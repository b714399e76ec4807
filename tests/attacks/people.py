"""Whom the attacks are played by, and against: three candidates with everything that a candidate can have, and visitors
at each step of the way there."""

import copy
from base64 import b64encode
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from django.test import Client

from baokao.core.words import masked_mobile, masked_number
from baokao.exams.models import News, Offering
from baokao.passport import services as passports
from baokao.passport.models import Passport, StaffAccount
from baokao.passport.services import NewPassport
from baokao.payments import services as payments
from baokao.payments.models import Attempt, GroupPayment
from baokao.registration import access
from baokao.registration.models import Entry, Registration, Release
from baokao.registration.services import release_registration, save_registration, save_speaking
from baokao.review.evidence import Page
from baokao.review.models import Application, Evidence
from baokao.roster.models import Photo, StudentRecord
from tests.attacks import rosters
from tests.cast import NOW, PASSWORD, SITTING, Stage, a_candidate, a_passport, a_record, agreed
from tests.office.desks import a_staff, at_desk
from tests.payments.bank import Bank
from tests.payments.doing import hear, start
from tests.registration.doing import enter
from tests.review.doing import a_score
from tests.signing_in import signed_in_client
from tests.speaking import FAR, OWN, set_speaking_stage


@dataclass(frozen=True)
class Person:
    """A candidate with a paid, an unpaid and a speaking entry, a photo and a receipt."""

    who: str
    passport: Passport
    record: StudentRecord
    attempt: Attempt
    application: Application
    scan: Evidence
    # The empty registration of a schoolmate, by which some passport holds that record.
    held: Registration
    # A group payment that has been begun, for the entry of another schoolmate.
    paying: GroupPayment

    @cached_property
    def registration(self) -> Registration:
        return Registration.objects.get(passport=self.passport)

    @cached_property
    def group(self) -> GroupPayment:
        """The group payment on whose list the speaking entry is."""
        return GroupPayment.objects.get(picks__registration=self.registration)

    @cached_property
    def release(self) -> Release:
        """The release of the registration by which another passport held the record before."""
        return Release.objects.get(passport=self.passport)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """What the person's rows are known by, as the database writes it."""
        own = (self.passport.id, self.record.id, self.registration.id, self.attempt.id, self.attempt.order_id)
        own += (self.application.id, self.scan.id, self.group.id, self.release.id, self.held.id, self.paying.id)
        return (*map(str, own), *map(str, self.entries), self.attempt.number)

    @cached_property
    def entries(self) -> list[object]:
        return list(Entry.objects.filter(registration=self.registration).values_list("id", flat=True))

    @cached_property
    def secrets(self) -> tuple[str, ...]:
        """What nobody else may read anywhere, as it would be written on a page."""
        person, passport = self.record, self.passport
        told = (person.name, person.id_number, masked_number(person.id_number), passport.account)
        told += (
            self.application.ticket_number,
            passport.mobile,
            masked_mobile(passport.mobile),
            person.student_no,
            person.class_name,
            person.remark,
        )
        numbers = (*self.ids, *(one.replace("-", "") for one in self.ids), passport.passport_id)
        made = (f"{what} of {self.who}" for what in ("photo", "scan", "proof", "reason", "group", "mate", "paying"))
        return (*told, *numbers, *made)


@dataclass
class House:
    """A sitting with its candidates."""

    stage: Stage
    owner: Person
    classmate: Person
    stranger: Person
    # A record that nobody has saved, for who is on the way to it.
    free: StudentRecord
    # A coordinator of the owner's school.
    staff: StaffAccount
    # Its CET-4 ticket number, by which whoever looked it up passes a review.
    ticket: str
    # A browser at each step of the way, by who holds it.
    visitors: dict[str, Client] = field(default_factory=dict)

    @property
    def people(self) -> tuple[Person, ...]:
        return self.owner, self.classmate, self.stranger

    def others(self, person: Person | None) -> tuple[Person, ...]:
        return tuple(one for one in self.people if one is not person)


def set_house(bank: Bank) -> House:
    """The whole stage; the owner and the classmate at 993010, the stranger in another province."""
    stage = set_speaking_stage()
    Offering.objects.create(
        sitting=stage.sitting, campus_id=FAR, subject_id="1", fee=Decimal("0.01"), target=10, capacity=10
    )
    News.objects.create(title="开始报名", body="正文", published_at=NOW)
    owner = _person(stage, bank, "owner", "颜如玉", "710010WW101", "14")
    classmate = _person(stage, bank, "classmate", "司徒乙酉", "820020XX202", "14")
    stranger = _person(stage, bank, "stranger", "北堂丙戌", "650030YY303", "1", campus_id=FAR)
    free = a_record(stage, name="尉迟丁亥", number="640040ZZ404", subjects="1345F")
    ticket = a_score(free.id_number, free.name).ticket_number
    made = House(stage, owner, classmate, stranger, free, a_staff(account="desk@example.com"), ticket)
    made.visitors.update(_on_the_way(made))
    return made


def _person(stage: Stage, bank: Bank, who: str, name: str, number: str, written: str, campus_id: str = OWN) -> Person:
    mobile = f"1{number[:2]}5550{number[-3:]}9"
    passport = agreed(
        passports.register(NewPassport(f"{who}.of.it@example.com", PASSWORD, mobile, "6", number, name), NOW)
    )
    record = a_record(
        stage, name=name, number=number, subjects="1345F", campus_id=campus_id, student_no=f"no-of-{who}",
        class_name=f"class-of-{who}", remark=f"remark-on-{who}",
    )  # fmt: skip
    Photo.objects.create(record=record, sitting=stage.sitting, jpeg=f"photo of {who}".encode())
    rosters.give(record)
    held = save_registration(agreed(a_passport()).id, record.id, NOW)
    proof = [Page(f"proof of {who}".encode(), 1, 1)]
    release_registration(held, passport.account, f"reason of {who}", proof, "staff:x", "王老师", NOW)
    save_registration(passport.id, record.id, NOW)
    enter(passport, written)
    save_speaking(passport.id, SITTING, {"F": campus_id}, NOW)
    attempt = start(passport, "1", provider="alipay")
    hear(bank.pay(attempt.number, attempt.amount), provider="alipay")
    # Only the name stands in a past score, so it waits for the school.
    ticket = f"9930101621{number[-3:]}01"
    a_score(f"{number}X", name, ticket)
    application = Application.objects.create(
        sitting=stage.sitting, passport=passport, record=record, ticket_number=ticket, submitted_at=NOW
    )
    scan = Evidence(
        sitting=stage.sitting, application=application, position=1, width=1, height=1, added_by="staff:", added_at=NOW
    )
    scan.scan = b64encode(f"scan of {who}".encode()).decode()
    scan.save(force_insert=True)
    speaking = Entry.objects.filter(registration__passport=passport, subject_id="F").values_list("id", flat=True)
    payments.make_group(campus_id[:5], SITTING, f"group of {who}", list(speaking), "staff:x", "王老师", NOW)
    paid = Attempt.objects.get(id=attempt.id)
    holder = a_candidate(stage, name=f"mate of {who}", campus_id=campus_id)
    held = Registration.objects.get(passport=holder)
    paying = _paying(stage, f"paying of {who}", campus_id)
    return Person(who, Passport.objects.get(id=passport.id), record, paid, application, scan, held, paying)


def _paying(stage: Stage, name: str, campus_id: str) -> GroupPayment:
    """A group payment that waits for its provider."""
    passport = a_candidate(stage, name=name, campus_id=campus_id)
    enter(passport, "1")
    entries = Entry.objects.filter(registration__passport=passport).values_list("id", flat=True)
    group = payments.make_group(campus_id[:5], SITTING, name, list(entries), "staff:x", "王老师", NOW)
    payments.lock_group(group.id, "staff:x", NOW)
    payments.start_group(group.id, "alipay", "", "staff:x", NOW)
    return group


def client_of(person: Person | None) -> Client:
    """A browser of this person, or of who isn't signed in."""
    return copy_of(signed_in_client(person.passport) if person else Client())


def copy_of(client: Client) -> Client:
    """Another browser with the same cookies, before a site that answers a fault with its page, as the real one does."""
    other = Client(raise_request_exception=False)
    other.cookies = copy.deepcopy(client.cookies)
    return other


def _on_the_way(house: House) -> dict[str, Client]:
    """A browser at each step of the way, by what its visitor has done: between them every form is shown."""
    newcomer = a_passport("newcomer@example.com")
    looker = agreed(a_passport("looker@example.com"))
    saver = agreed(a_passport("saver@example.com"))
    save_registration(saver.id, a_record(house.stage, name="东郭戊子", subjects="1345F").id, NOW)
    outdated = a_passport("outdated@example.com")
    Passport.objects.filter(id=outdated.id).update(privacy_version="2020-1")
    clients = {
        "anonymous": Client(),
        "newcomer": signed_in_client(newcomer),
        "looker": signed_in_client(looker),
        "saver": signed_in_client(saver),
        "owner": client_of(house.owner),
        "outdated": signed_in_client(outdated),
        "desk": at_desk(house.staff),
    }
    clients["looker"].cookies["looked_up"] = access.record_token(looker.id, house.free.id)
    return {who: copy_of(client) for who, client in clients.items()}
