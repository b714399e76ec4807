"""Every page of the site, by its address's pattern, with objects in the states that it shows: what the guards open.

Made in the demonstration's data. A page that stands nowhere here fails `test_axe.py`.
"""

from baokao.core import clock
from baokao.exams.models import News, Sitting
from baokao.passport import links
from baokao.passport.links import Purpose
from baokao.passport.models import Passport, StaffAccount
from baokao.payments import services as payments
from baokao.payments.gateways.contract import Fact, State
from baokao.payments.models import Attempt, Settlement
from baokao.registration import services
from baokao.registration.models import Entry
from baokao.review.evidence import Page
from baokao.review.models import Application, Decision
from baokao.review.services import decide, keep_evidence
from baokao.roster.models import RosterImport, StudentRecord
from baokao.sandbox.data.people import record_of
from tests.attacks import rosters
from tests.cast import a_passport
from tests.review.doing import a_score
from tests.review.scans import picture

# What answers a look with no page: pictures, sounds, fragments, machines' addresses, and what only takes a form.
NO_PAGE = {
    "/captcha/<str:token>.png", "/captcha/<str:token>.wav", "/captcha/new/", "/lights/<str:campus>/",
    "/lights/<str:subject>/<str:province>/", "/logout/", "/my/photo/", "/my/pay/refresh/",
    "/pay/notify/<str:provider>/", "/healthz", "/readyz", "/metrics", "/sandbox/mail/<str:mail_id>/",
    "/sandbox/mail/<str:mail_id>/html/", "/office/logout/", "/office/account/codes/",
    "/office/review/evidence/<uuid:page>/", "/office/release/proof/<uuid:release_id>/<int:position>/",
    "/office/roster/<uuid:import_id>/apply/", "/office/roster/<uuid:import_id>/discard/",
    "/office/roster/<uuid:import_id>/undo/", "/office/roster/<uuid:import_id>/faulty.xlsx", "/office/students/find/",
    "/office/students/<uuid:record_id>/restrict/", "/office/students/<uuid:record_id>/remove/",
    "/office/students/<uuid:record_id>/photo/", "/office/students/<uuid:record_id>/number/",
    "/office/group/<uuid:group_id>/refresh/",
    "/office/standing/export/", "/office/check-list/print/",
}  # fmt: skip


def pages():
    """Addresses to open, in the order of a journey, by pattern."""
    slugs = ("intro", "candidates", "schedule", "process", "faq", "tips", "privacy")
    return {
        "/": ["/"],
        "/pages/<slug:slug>/": [f"/pages/{slug}/" for slug in slugs],
        "/news/<int:news_id>/": [f"/news/{News.objects.latest('id').id}/"],
        "/passport/register/": ["/passport/register/"],
        "/passport/": ["/passport/"],
        "/passport/edit/": ["/passport/edit/"],
        "/passport/password/": ["/passport/password/"],
        "/passport/verify/<str:token>/": [a_link(Purpose.VERIFY), "/passport/verify/x/"],
        "/passport/disown/<str:token>/": [a_link(Purpose.DISOWN), "/passport/disown/x/"],
        "/passport/recover/": ["/passport/recover/", "/passport/recover/?sent=1"],
        "/passport/reset/<str:token>/": [f"/passport/reset/{reset_token()}/", "/passport/reset/dead/"],
        "/retrieve/": ["/retrieve/"],
        "/login/": ["/login/"],
        "/sandbox/mail/": ["/sandbox/mail/"],
        "/my/": ["/my/"],
        "/my/sitting/": ["/my/sitting/"],
        "/my/agreement/": ["/my/agreement/"],
        "/my/eligibility/": ["/my/eligibility/"],
        "/my/confirm/": ["/my/confirm/"],
        "/my/written/": ["/my/written/"],
        "/my/speaking/": ["/my/speaking/"],
        "/my/speaking/<str:code>/": ["/my/speaking/F/"],
        "/my/pay/": ["/my/pay/"],
        "/my/pay/result/": ["/my/pay/result/"],
        "/my/pay/receipt/<str:number>/": [f"/my/pay/receipt/{Attempt.objects.get().number}/"],
        "/my/cancel/": ["/my/cancel/"],
        "/my/registration/": ["/my/registration/"],
        "/my/review/": ["/my/review/"],
        "/office/login/": ["/office/login/"],
        "errors": ["/nowhere/"],
    }


def a_link(purpose):
    """The address of a mail's link, for a passport that nobody is signed in with."""
    return f"/passport/{purpose}/{links.token(purpose, a_passport(), clock.now())}/"


def outdated():
    """A passport whose owner has consented to an earlier privacy notice only."""
    passport = a_passport()
    Passport.objects.filter(id=passport.id).update(privacy_version="2020-1")
    return passport


# Pages that show themselves to another passport than the rest's.
OTHERS = {"/passport/close/": a_passport, "/passport/privacy/": outdated}


def desk_pages():
    """The office's addresses, by pattern, as the demonstration's coordinator opens them."""
    record = yan()
    rosters.give(record)
    one, applied = rosters.import_of(record), rosters.an_import(record, "applied", "写入.csv")
    roster, student = f"/office/roster/{one}/", f"/office/students/{record.id}/"
    working, replacing = (
        rosters.an_import(record, "checking", "核对.csv"),
        rosters.an_import(record, "ready", "替换.csv"),
    )
    RosterImport.objects.filter(id=replacing).update(mode="replace", removed=3)
    return {
        "/office/roster/": ["/office/roster/"],
        "/office/photos/": ["/office/photos/"],
        "/office/roster/<uuid:import_id>/": [roster, *(f"/office/roster/{i}/" for i in (applied, working, replacing))],
        "/office/roster/<uuid:import_id>/findings/": [f"{roster}findings/"],
        "/office/students/": ["/office/students/", "/office/students/?f=removed"],
        "/office/students/new/": ["/office/students/new/"],
        "/office/students/<uuid:record_id>/": [student],
        "/office/students/<uuid:record_id>/edit/": [f"{student}edit/"],
        "/office/conflicts/": ["/office/conflicts/", "/office/conflicts/?f=settled"],
        "/office/conflicts/<uuid:conflict_id>/": [f"/office/conflicts/{rosters.conflict_of(record)}/"],
        "/office/": ["/office/"],
        "/office/account/": ["/office/account/"],
        "/office/review/": ["/office/review/", "/office/review/?f=passed"],
        "/office/review/<uuid:application>/": reviews(),
        "/office/review/behalf/": ["/office/review/behalf/"],
        "/office/review/behalf/<uuid:record>/": [f"/office/review/behalf/{yan().id}/"],
        "/office/accounts/": ["/office/accounts/"],
        "/office/candidates/": ["/office/candidates/", "/office/candidates/?f=missing"],
        "/office/candidates/<uuid:record>/": [f"/office/candidates/{yan().id}/"],
        "/office/candidates/export/": ["/office/candidates/export/"],
        "/office/check-list/": ["/office/check-list/"],
        "/office/contacts/": ["/office/contacts/"],
        "/office/contacts/<str:campus>/": ["/office/contacts/993010/"],
        "/office/notice/": ["/office/notice/"],
        "/office/offerings/": ["/office/offerings/"],
        "/office/offerings/<str:campus>/": ["/office/offerings/993010/"],
        "/office/offerings/<str:place>/<str:what>/": [
            "/office/offerings/993010/1/",
            "/office/offerings/99301/written/",
        ],
        "/office/settings/": ["/office/settings/"],
        "/office/standing/": ["/office/standing/"],
        "/office/sitting/": ["/office/sitting/"],
    } | group_pages()


def group_pages():
    """A group that holds its entry, one that has paid, and one that only picked."""
    entries = []
    for number in range(3):
        record = record_of(
            Sitting.objects.get(state="open"),
            number=f"993010AXE{number}",
            name="王佳怡",
            subjects_given="1",
            id_type="6",
            gender="女",
            campus_id="993010",
            department="化学学院",
            class_name="1班",
            student_no=f"0{number}",
        )
        record.save(force_insert=True)
        passport = agreed_demo(a_passport())
        services.save_registration(passport.id, record.id, clock.now())
        services.save_entries(passport.id, record.sitting_id, frozenset("1"), clock.now())
        entries.append(Entry.objects.get(registration__passport=passport))
    made = [
        payments.make_group("99301", entry.sitting_id, "化学学院", [entry.id], "staff:x", "王老师", clock.now())
        for entry in entries
    ]
    for group in made[:2]:
        payments.lock_group(group.id, "staff:x", clock.now())
    attempt = payments.start_group(made[1].id, "alipay", "", "staff:x", clock.now())
    paid = Fact(attempt.number, State.PAID, attempt.amount, "T2")
    payments.settle(attempt.id, paid, Settlement.Proof.NOTIFICATION, clock.now())
    own = [f"/office/group/{group.id}/" for group in made]
    return {
        "/office/entries/": ["/office/entries/"],
        "/office/entries/<uuid:registration_id>/": [f"/office/entries/{entries[0].registration_id}/"],
        "/office/release/": ["/office/release/", "/office/release/?f=released"],
        "/office/release/<uuid:registration_id>/": releases(entries),
        "/office/reminders/": ["/office/reminders/"],
        "/office/group/": ["/office/group/"],
        "/office/group/new/": ["/office/group/new/"],
        "/office/group/<uuid:group_id>/": own,
        "/office/group/<uuid:group_id>/add/": [f"{own[0]}add/"],
        "/office/group/<uuid:group_id>/pay/": [f"{own[0]}pay/"],
    }


def releases(entries):
    """A registration that can be released, one that a group holds, and one that was released."""
    record = record_of(
        Sitting.objects.get(state="open"), number="993010AXE9", name="赵一", subjects_given="1", id_type="6",
        gender="男", campus_id="993010", department="化学学院", class_name="1班", student_no="09",
    )  # fmt: skip
    record.save(force_insert=True)
    held = services.save_registration(agreed_demo(a_passport()).id, record.id, clock.now())
    services.release_registration(
        held, a_passport().account, "本人到场", [Page(picture(size=(20, 20)), 20, 20)], "staff:x", "王老师", clock.now()
    )
    again = services.save_registration(agreed_demo(a_passport()).id, record.id, clock.now())
    return [f"/office/release/{one}/" for one in (held, again, entries[0].registration_id)]


def reviews():
    """An application of the coordinator's school with its score and a decision that may be undone, and one that waits
    with evidence."""
    addresses = []
    for seat, decided in (("02", True), ("03", False)):
        ticket = f"9930101621001{seat}"
        a_score(f"993010YY{seat}", ticket=ticket)
        record = yan()
        application = Application.objects.create(
            sitting_id=record.sitting_id, passport=a_passport(), record=record, ticket_number=ticket,
            submitted_at=clock.now(),
        )  # fmt: skip
        keep_evidence("staff:" + "0" * 32, application.id, [Page(picture(size=(20, 20)), 20, 20)], clock.now())
        if decided:
            decide(f"staff:{the_teacher().id.hex}", application.id, Decision.Verdict.FAIL, "未带原件", clock.now())
        addresses.append(f"/office/review/{application.id}/")
    return addresses


def the_teacher():
    return StaffAccount.objects.get(account="teacher@example.com")


def yan():
    return StudentRecord.objects.get(name="颜明", campus_id="993010")


def reset_token():
    return links.token(Purpose.RESET, Passport.objects.get(account="kaosheng@example.com"), clock.now())


def the_passport():
    """A visitor of the demonstration who saved 颜明's registration and entered, and has just looked 李博 up."""
    passport = agreed_demo(Passport.objects.get(account="kaosheng@example.com"))
    record = yan()
    services.save_registration(passport.id, record.id, clock.now())
    services.save_entries(passport.id, record.sitting_id, frozenset("14"), clock.now())
    attempt = payments.start(passport.id, record.sitting_id, frozenset("1"), "alipay", "", clock.now())
    fact = Fact(attempt.number, State.PAID, attempt.amount, "2026")
    payments.settle(attempt.id, fact, Settlement.Proof.QUERY, clock.now())
    return passport


def agreed_demo(passport):
    services.accept_agreement(passport.id, Sitting.objects.get().code, 1, "192.0.2.7", clock.now())
    return passport
