"""Two sittings open at once, as in 2020, and an earlier one that stays readable (rule B1)."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from baokao.core.brief import forget_all
from baokao.core.outbox.mail import render
from baokao.exams.models import Agreement, Offering, Sitting, SittingSubject, WindowPiece
from baokao.registration import services
from baokao.registration.models import AgreementAcceptance, Entry, Registration
from tests.cast import NOW, SITTING, a_passport, a_record, agreed
from tests.registration.doing import enter, live, mails, refused
from tests.registration.test_pages import hidden, text
from tests.speaking import set_speaking_stage

pytestmark = pytest.mark.django_db

SPRING, AUTUMN = "20261", SITTING
SPRING_NAME, AUTUMN_NAME = "2026年上半年CET考试", "2026年下半年CET考试"
HOUR = timedelta(hours=1)
READ_ONLY = "本考次已结束，仅供查看。"


@pytest.fixture
def autumn():
    """The usual stage."""
    return set_speaking_stage()


@pytest.fixture
def spring(autumn):
    """A second sitting, open as well, at the same campuses."""
    sitting = Sitting.objects.create(code=SPRING, name=SPRING_NAME, state="open", written_on=NOW.date())
    for code in "134F":
        SittingSubject.objects.create(sitting=sitting, subject_id=code, exam_on=NOW.date() + timedelta(days=30))
        Offering.objects.create(
            sitting=sitting, campus_id="993010", subject_id=code, fee=Decimal("0.02"), target=5, capacity=5
        )  # fmt: skip
    Agreement.objects.create(sitting=sitting, version=1, label="春季版", body="春季协议。")
    for kind in ("written", "speaking"):
        WindowPiece.objects.create(
            sitting=sitting, kind=kind, setter="national", opens_at=NOW - HOUR, closes_at=NOW + 48 * HOUR,
            pay_until=NOW + 72 * HOUR,
        )  # fmt: skip
    forget_all()
    return replace(autumn, sitting=sitting)


@pytest.fixture
def client(spring, autumn, signed_in):
    """The browser of somebody whom both rosters know, under names spelled differently."""
    a_record(spring, name="颜明", number="993010WW1", subjects="134F")
    a_record(autumn, name="颜明明", number="993010WW1", subjects="134F")
    passport = a_passport()
    client = signed_in(passport)
    client.passport = passport
    return client


def choose(client, sitting):
    assert client.post("/my/sitting/", {"sitting": sitting}).headers["Location"] == "/my/"


def register(client, name):
    """The agreement, the lookup and saving, in the sitting that is chosen."""
    assert client.get("/my/eligibility/").headers["Location"] == "/my/agreement/"
    client.post("/my/agreement/", {"answer": "yes", "agree": "on", "version": "1"})
    client.post("/my/eligibility/", {"id_type": "6", "id_number": "993010WW1", "name": name})
    record = hidden(client.get("/my/confirm/"), "record")
    answer = client.post("/my/confirm/", {"record": record, "sure": "on"})
    assert answer.headers["Location"] == "/my/registration/?saved=1"


def who_bar(client):
    html = client.get("/my/").content.decode()
    return "".join(html.partition('class="who"')[2].partition("</form>")[0].split())


@pytest.fixture
def both(client):
    """Registered in both: in spring with 英语四级 written and speaking, in autumn with 日语六级."""
    choose(client, SPRING)
    register(client, "颜明")
    client.post("/my/written/", {"subject": "1"})
    client.post("/my/speaking/", {"subject": "F", "campus-F": "993010"})
    choose(client, AUTUMN)
    register(client, "颜明明")
    client.post("/my/written/", {"subject": "4"})
    return client


def entries(sitting):
    found = Entry.objects.filter(sitting_id=sitting, state__in=Entry.LIVE)
    return "".join(found.order_by("subject_id").values_list("subject_id", flat=True))


# The journey through both


def test_b1_one_passport_goes_through_both_and_each_keeps_to_itself(both):
    assert (entries(SPRING), entries(AUTUMN)) == ("1F", "4")
    assert Registration.objects.filter(state="live").count() == 2
    assert set(AgreementAcceptance.objects.values_list("sitting_id", "version")) == {(SPRING, 1), (AUTUMN, 1)}
    assert set(Entry.objects.values_list("sitting_id", "fee")) == {(SPRING, Decimal("0.02")), (AUTUMN, Decimal("0.01"))}
    for sitting, name, there, elsewhere in (
        (SPRING, "颜明", ("(1)英语四级笔试", "(F)英语四级口试", "¥0.02"), "(4)日语六级笔试"),
        (AUTUMN, "颜明明", ("(4)日语六级笔试", "¥0.01"), "(1)英语四级笔试"),
    ):
        choose(both, sitting)
        page = text(both.get("/my/registration/"))
        assert f"姓名:{name}考次:" in page
        assert all(part in page for part in there)
        assert elsewhere not in page


def test_b1_the_who_bar_and_the_status_are_the_chosen_sittings(both, autumn):
    enter(both.passport, "", NOW)
    for sitting, name, title, status in (
        (SPRING, "颜明", SPRING_NAME, "已报考，未支付"),
        (AUTUMN, "颜明明", AUTUMN_NAME, "已保存，未报考科目"),
    ):
        choose(both, sitting)
        assert f"<b>{name}</b>" in who_bar(both)
        assert f"<b>{title}</b>" in who_bar(both)
        assert status in text(both.get("/my/"))


def test_b1_before_anything_is_saved_in_it_a_sitting_shows_nobodys_name(client):
    choose(client, SPRING)
    register(client, "颜明")
    choose(client, AUTUMN)
    assert "<b>未设置</b>" in who_bar(client)
    assert "未报名或当前通行证账号非报名时账号" in text(client.get("/my/"))
    assert client.get("/my/written/").headers["Location"] == "/my/agreement/"


def test_c9_the_lights_are_the_chosen_sittings(both, spring):
    spring.set_seats("3", 0)
    for sitting, level in ((SPRING, "none"), (AUTUMN, "ok")):
        choose(both, sitting)
        html = both.get("/my/written/").content.decode()
        assert f"/lights/993010/?sitting={sitting}" in html
        assert f'data-level="{level}" id="light-993010-3"' in html
        assert f'id="light-993010-3" data-level="{level}"' in both.get(
            f"/lights/993010/?sitting={sitting}"
        ).content.decode()  # fmt: skip


def test_c7_the_written_entry_of_one_sitting_serves_no_speaking_entry_of_the_other(both):
    answer = both.post("/my/speaking/", {"subject": "F", "campus-F": "993010"})
    assert "必须先完成英语四级笔试的报考，才可以报考同级别口试。" in text(answer)
    assert (entries(SPRING), entries(AUTUMN)) == ("1F", "4")


def test_c5_the_clocks_of_one_leave_the_other_alone_and_the_mail_names_it(both):
    Entry.objects.filter(sitting_id=AUTUMN).update(held_until=NOW + 90 * HOUR)
    services.warn_of_entries(NOW + 23 * HOUR)
    services.expire_entries(NOW + 25 * HOUR)
    assert (entries(SPRING), entries(AUTUMN)) == ("", "4")
    told = [render(template, context)[1] for template, context in mails()[-2:]]
    assert all(SPRING_NAME in body and AUTUMN_NAME not in body for body in told)
    assert Registration.objects.get(sitting_id=AUTUMN).empty_since is None


def test_b9_cancelling_one_registration_keeps_the_other(both):
    enter(both.passport, "", NOW)
    both.post("/my/cancel/")
    assert [one.sitting_id for one in Registration.objects.filter(state="live")] == [SPRING]


# Two pages open


def test_b1_a_form_acts_in_the_sitting_that_its_page_showed(both):
    """Two tabs: the page of one sitting was open when the other was chosen."""
    choose(both, SPRING)
    page = both.get("/my/written/")
    choose(both, AUTUMN)
    answer = both.post("/my/written/", {"subject": "3", "along": "F", "sitting": hidden(page, "sitting")}, follow=True)
    assert (entries(SPRING), entries(AUTUMN)) == ("3", "4")
    assert "(3)日语四级笔试" in text(answer)
    assert f"<b>{SPRING_NAME}</b>" in who_bar(both)


@pytest.mark.parametrize("path", ["agreement", "eligibility", "confirm", "written", "speaking", "cancel"])
def test_b1_each_form_names_its_sitting(client, path):
    choose(client, SPRING)
    if path != "agreement":
        register(client, "颜明")
        client.post("/my/eligibility/", {"id_type": "6", "id_number": "993010WW1", "name": "颜明"})
    assert hidden(client.get(f"/my/{path}/"), "sitting") == SPRING


@pytest.mark.parametrize("named", ["20191", "", "2026", "x' OR 1=1"])
def test_b1_a_form_of_a_sitting_that_is_not_ones_own_saves_nothing(both, named):
    Sitting.objects.create(code="20191", name="2019年上半年CET考试", state="closed")
    answer = both.post("/my/written/", {"subject": "3", "sitting": named})
    if named:
        assert answer.headers["Location"] == "/my/sitting/"
    assert entries(SPRING) == "1F"
    assert entries(AUTUMN) == ("4" if named else "3")


# The choice


@pytest.mark.parametrize("cookie", ["", "20191", "20271", "20262x", "ÿ", "../", "2026"])
def test_b1_a_choice_of_what_is_not_ones_own_is_no_choice(client, cookie):
    """A closed one without a registration, one in preparation, and what never was one."""
    Sitting.objects.create(code="20191", name="2019年上半年CET考试", state="closed")
    Sitting.objects.create(code="20271", name="2027年上半年CET考试", state="preparing")
    client.cookies["sitting"] = cookie
    for path in ("", "written/", "registration/"):
        assert client.get(f"/my/{path}").headers["Location"] == "/my/sitting/"
    page = text(client.get("/my/sitting/"))
    assert "2019年" not in page
    assert "2027年" not in page
    refused = client.post("/my/sitting/", {"sitting": cookie})
    assert "请选择考次。" in text(refused)


# An earlier one


@pytest.fixture
def earlier(both):
    """Spring is over; its windows would still be open."""
    Sitting.objects.filter(code=SPRING).update(state="closed")
    forget_all()
    choose(both, SPRING)
    return both


def test_b1_an_earlier_sitting_can_be_read(earlier):
    assert READ_ONLY.removesuffix("。").partition("，")[2] in text(earlier.get("/my/"))
    page = text(earlier.get("/my/registration/"))
    for part in ("颜明", "(1)英语四级笔试", "(F)英语四级口试", SPRING_NAME):
        assert part in page


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("written", {"subject": ["1", "4"]}),
        ("written", {"along": "F"}),
        ("speaking", {}),
        ("cancel", {}),
        ("eligibility", {"id_type": "6", "id_number": "993010WW1", "name": "颜明"}),
        ("agreement", {"answer": "yes", "agree": "on", "version": "1"}),
    ],
)
def test_b1_an_earlier_sitting_can_not_be_changed(earlier, path, form):
    answer = earlier.post(f"/my/{path}/", form | {"sitting": SPRING})
    assert READ_ONLY in text(answer)
    assert (entries(SPRING), entries(AUTUMN)) == ("1F", "4")
    assert Registration.objects.get(sitting_id=SPRING).state == "live"


def test_b1_nobody_is_bound_in_a_sitting_that_is_over(spring):
    record, passport = a_record(spring), a_passport()
    services.accept_agreement(passport.id, SPRING, 1, "192.0.2.7", NOW)
    Sitting.objects.filter(code=SPRING).update(state="closed")
    forget_all()
    assert refused(services.save_registration, passport.id, record.id, NOW) == [READ_ONLY]


def test_b1_the_sitting_that_is_open_alone_is_the_one_without_a_choice(earlier):
    del earlier.cookies["sitting"]
    assert f"<b>{AUTUMN_NAME}</b>" in who_bar(earlier)
    assert "sitting" not in earlier.cookies
    assert live(earlier.passport) == "14F"
    assert agreed(earlier.passport)
