"""`/office/entries/`: a coordinator enters for a candidate (rules C11, G1)."""

import pytest

from baokao.passport.models import Role
from baokao.registration.models import Entry, Registration
from tests.cast import SITTING, a_candidate
from tests.office.desks import desk_client
from tests.registration.doing import enter, live
from tests.registration.test_pages import text
from tests.signing_in import signed_in_client
from tests.speaking import FAR, OWN, set_speaking_stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage():
    return set_speaking_stage()


@pytest.fixture
def one(stage):
    return a_candidate(stage, name="颜明", student_no="0001", class_name="1班", subjects="13456FS")


def address(passport):
    return f"/office/entries/{Registration.objects.get(passport=passport).id}/"


def test_g5_the_saved_registrations_are_listed(desk, one, stage):
    other = a_candidate(stage, name="王佳怡", student_no="0002")
    enter(other, "1")
    shown = text(desk.get("/office/entries/"))
    assert "颜明0001" in shown
    assert "王佳怡0002" in shown
    assert "王佳怡" not in text(desk.get("/office/entries/?f=empty"))
    assert "颜明" not in text(desk.get("/office/entries/?q=0002"))


def test_c11_a_coordinator_enters_and_the_candidate_sees_by_whom(desk, one):
    page = text(desk.get(address(one)))
    assert "(1)英语四级笔试" in page
    response = desk.post(address(one), {"subject": ["1"], "campus-F": OWN, "campus-S": ""})
    assert response.headers["Location"] == f"{address(one)}?saved=2"
    assert "保存成功！已代报2科，已发邮件告知考生。" in text(desk.get(response.headers["Location"]))
    assert set(Entry.objects.values_list("subject_id", "way")) == {("1", "school"), ("F", "school")}
    assert "学校代报" in text(signed_in_client(one).get("/my/registration/"))


def test_c2_c11_a_refusal_is_said_and_what_was_ticked_is_kept(desk, one):
    response = desk.post(address(one), {"subject": ["1", "3"], "campus-F": FAR})
    shown = text(response)
    assert "英语和小语种笔试同级别科目只能报考1科" in shown
    assert "该校区只接受本省考生。" in shown
    assert response.content.decode().count(" checked") == 2
    assert live(one) == ""


def test_c3_c11_what_can_not_be_entered_says_why(desk, one, stage):
    stage.set_seats("1", 0)
    assert "(1)英语四级笔试已报满。" in text(desk.get(address(one)))
    assert "请至少选择一个尚未报考的科目。" in text(desk.post(address(one), {}))


@pytest.mark.parametrize("campus", ["x", "99301", "000000", "9930100"])
def test_c11_a_campus_that_there_is_not_is_refused_or_nothing(desk, one, campus):
    enter(one, "1")
    assert desk.post(address(one), {"campus-F": campus}).status_code == 200
    assert live(one) == "1"


def test_g1_a_foreign_schools_candidate_is_as_if_there_were_none(one):
    foreign = desk_client(school=["99101"])
    assert foreign.get(address(one)).status_code == 404
    assert foreign.post(address(one), {"subject": ["1"]}).status_code == 404
    assert "颜明" not in text(foreign.get("/office/entries/"))
    assert live(one) == ""


def test_c11_a_registration_that_ended_is_not_there(desk, one):
    from baokao.registration import services
    from tests.cast import NOW

    where = address(one)
    services.end_registration(one.id, SITTING, NOW)
    assert desk.get(where).status_code == 404


@pytest.mark.parametrize("role", [role for role in Role if role != Role.COORDINATOR])
def test_g1_it_is_the_coordinators_page_alone(one, role):
    assert desk_client(role).get(address(one)).status_code == 404


def test_the_number_of_statements_does_not_grow_with_the_list(desk, stage, django_assert_max_num_queries):
    for _ in range(8):
        enter(a_candidate(stage), "1")
    with django_assert_max_num_queries(14):
        desk.get("/office/entries/")
