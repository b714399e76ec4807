"""A new version of the agreement is accepted again at the next step, wherever that is (rule B2)."""

from datetime import timedelta

import pytest

from baokao.core import clock
from baokao.core.brief import forget_all
from baokao.exams.models import Agreement
from baokao.registration import access
from baokao.registration.models import AgreementAcceptance, Entry, Registration
from tests.cast import NOW, SITTING, a_passport, a_record, agreed
from tests.registration.doing import enter, live
from tests.registration.test_pages import hidden, text
from tests.speaking import NEAR, a_speaker, set_speaking_stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage():
    return set_speaking_stage()


@pytest.fixture
def passport(stage):
    """Who entered 英语四级笔试 under the first version, before the second came."""
    found = a_speaker(stage, subjects="134F")
    new_version(stage, 2)
    return found


def new_version(stage, version):
    Agreement.objects.create(
        sitting=stage.sitting, version=version, label=f"第{version}版", body=f"第{version}版的新条款。"
    )  # fmt: skip
    forget_all()


def accept(client, version, **headers):
    return client.post("/my/agreement/", {"answer": "yes", "agree": "on", "version": str(version)}, **headers)


@pytest.mark.parametrize("path", ["eligibility/", "confirm/", "written/", "speaking/", "speaking/F/"])
def test_b2_every_page_of_a_next_step_leads_to_the_new_version_first(passport, signed_in, path):
    client = signed_in(passport)
    answer = client.get(f"/my/{path}")
    assert answer.headers["Location"] == "/my/agreement/"
    page = client.get("/my/agreement/")
    assert "第2版的新条款。" in text(page)
    assert hidden(page, "version") == "2"
    accept(client, 2)
    assert "/my/agreement/" not in client.get(f"/my/{path}").headers.get("Location", "")


@pytest.mark.parametrize("path", ["", "registration/", "pay/", "cancel/"])
def test_b2_where_one_stands_can_be_read_and_ended_without_it(passport, signed_in, path):
    assert signed_in(passport).get(f"/my/{path}").status_code == 200


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("written/", {"subject": ["1", "4"]}),
        ("written/", {}),
        ("speaking/", {"subject": "F", "campus-F": NEAR}),
        ("eligibility/", {"id_type": "6", "id_number": "993010WW1", "name": "颜明"}),
    ],
)
def test_b2_every_submission_leads_there_too_and_saves_nothing(passport, signed_in, path, form):
    client = signed_in(passport)
    assert client.post(f"/my/{path}", form).headers["Location"] == "/my/agreement/"
    assert live(passport) == "1"
    accept(client, 2)
    assert client.post(f"/my/{path}", form).headers.get("Location") != "/my/agreement/"


def test_b2_saving_leads_there_too(stage, signed_in):
    passport, record = agreed(a_passport()), a_record(stage)
    new_version(stage, 2)
    client = signed_in(passport)
    form = {"record": access.record_token(passport.id, record.id), "sure": "on"}
    assert client.post("/my/confirm/", form).headers["Location"] == "/my/agreement/"
    assert not Registration.objects.exists()
    assert accept(client, 2).headers["Location"] == "/my/eligibility/"
    assert client.post("/my/confirm/", form).headers["Location"] == "/my/registration/?saved=1"


def test_b2_who_accepts_again_goes_back_to_what_is_saved(passport, signed_in):
    client = signed_in(passport)
    assert accept(client, 2).headers["Location"] == "/my/registration/"
    enter(passport, "14")
    assert live(passport) == "14"


def test_b2_it_is_kept_which_version_when_and_from_where(stage, passport, signed_in):
    client = signed_in(passport)
    later = NOW + timedelta(hours=1)
    with clock.travel(later):
        accept(client, 2, REMOTE_ADDR="198.51.100.7")
    new_version(stage, 3)
    with clock.travel(later + timedelta(hours=1)):
        accept(client, 3, REMOTE_ADDR="2001:db8::7")
    kept = AgreementAcceptance.objects.filter(passport=passport, sitting=SITTING).order_by("version")
    assert list(kept.values_list("version", "accepted_at", "address")) == [
        (1, NOW, "192.0.2.7"),
        (2, later, "198.51.100.7"),
        (3, later + timedelta(hours=1), "2001:db8::7"),
    ]


@pytest.mark.parametrize("version", ["1", "3", "0", "-2", "x", "99999999999"])
def test_b2_another_version_than_the_one_that_holds_is_no_acceptance(passport, signed_in, version):
    """Shown before the new one came, not written yet, or made up: the version that holds is shown to be read."""
    client = signed_in(passport)
    page = accept(client, version)
    assert "<title>错误：" in page.content.decode()
    assert "第2版的新条款。" in text(page)
    assert not AgreementAcceptance.objects.filter(passport=passport).exclude(version=1).exists()
    assert client.get("/my/written/").headers["Location"] == "/my/agreement/"


def test_b2_clocks_run_on_whatever_is_accepted(passport, signed_in):
    from baokao.registration.services import expire_entries

    assert expire_entries(NOW + timedelta(hours=24)) == 1
    assert Entry.objects.get().state == "expired"
