"""`/office/offerings/`: look, open and close, size, and set when (rules C13, G1, G6)."""

from datetime import timedelta

import pytest
from django.test import Client

from baokao.core.zone import local
from baokao.exams.models import Campus, Freeze, Offering, WindowPiece
from baokao.exams.services import freezing
from baokao.registration.services import save_registration
from tests.cast import NOW, SITTING, a_candidate, a_passport, a_record, agreed
from tests.office.desks import desk_client
from tests.office.filling import form_of, save, shown
from tests.registration.doing import enter, refused

CAMPUS = "/office/offerings/993010/"
DAY = timedelta(days=1)


@pytest.fixture
def client(stage) -> Client:
    return desk_client()


def moment(days):
    return local(NOW + days * DAY).strftime("%Y-%m-%dT%H:%M:%S")


def test_the_list_shows_seats_lights_and_windows(stage, client):
    enter(a_candidate(stage), "1")
    page = shown(client, "/office/offerings/?q=英语四级")
    assert "(1) 英语四级笔试" in page
    assert 'data-level="ok"' in page
    assert "实际报名时间" in page
    assert "(3) 日语四级笔试" not in page


def test_g5_the_list_filters_by_chips(stage, client):
    stage.set_seats("4", 0)
    page = shown(client, "/office/offerings/?f=full")
    assert "(4) 日语六级笔试" in page
    assert "(1) 英语四级笔试" not in page


def test_g1_another_school_s_campus_is_not_in_it_and_not_there(stage, client):
    assert "991010" not in shown(client, "/office/offerings/")
    for path in ("/office/offerings/991010/", "/office/offerings/991010/1/", "/office/offerings/99101/written/"):
        assert client.get(path).status_code == 404
        assert client.post(path).status_code == 404


def test_a_subject_is_opened_sized_and_closed_in_one_form(stage, client):
    response = save(client, CAMPUS, target_1="150", offered_7="on", target_7="20", offered_2=None)
    assert response.status_code == 302
    assert stage.offering("1").capacity == 150
    assert stage.offering("7").target == 20
    assert not stage.offering("2").offered
    assert "保存成功！" in shown(client, response["Location"])


def test_h3_a_refusal_keeps_what_was_typed_and_says_what_to_do(stage, client):
    enter(a_candidate(stage), "1")
    page = save(client, CAMPUS, offered_1=None, target_3="77").content.decode()
    assert "英语四级笔试已有考生报考，不能停考。如不再接受新的报考，请把容量改为 0" in page
    assert 'value="77"' in page
    assert stage.offering("3").target == 100


def test_a_box_without_a_number_is_refused(stage, client):
    page = save(client, CAMPUS, target_1="").content.decode()
    assert "请填写英语四级笔试容量。" in page
    assert "<title>错误：" in page


def test_what_another_saved_meanwhile_is_told_and_then_may_be_overwritten(stage, client):
    mine = form_of(client, CAMPUS)
    save(desk_client(), CAMPUS, target_1="150")
    page = client.post(CAMPUS, mine | {"target_1": "120"}).content.decode()
    assert "其他人已修改：英语四级笔试现为开考，容量 150。" in page
    assert stage.offering("1").target == 150
    client.post(CAMPUS, form_of(client, CAMPUS, page))
    assert stage.offering("1").target == 120


def test_c13_a_window_is_set_for_one_subject_and_the_candidate_reads_it(stage, client):
    path = f"{CAMPUS}1/"
    response = save(client, path, opens_0=moment(1), closes_0=moment(3))
    assert response.status_code == 302
    piece = WindowPiece.objects.get(campus="993010")
    assert (piece.opens_at, piece.closes_at, piece.pay_until) == (NOW + DAY, NOW + 3 * DAY, NOW + 4 * DAY)
    assert refused(enter, a_candidate(stage), "1")[0].endswith("开始报名。")


def test_c13_what_reaches_outside_is_warned_of_with_what_is_left(stage, client):
    response = save(client, f"{CAMPUS}1/", opens_0=moment(1), closes_0=moment(20))
    page = shown(client, response["Location"])
    assert "超出上级所设时间的部分不会开放" in page
    assert "实际只开放" in page


def test_c13_a_window_wholly_outside_is_said_not_to_open(stage, client):
    save(client, f"{CAMPUS}1/", opens_0=moment(15), closes_0=moment(20))
    assert "实际不开放" in shown(client, f"{CAMPUS}1/")
    assert "不开放" in shown(client, "/office/offerings/?q=英语四级")


def test_c13_a_school_s_window_for_a_grade(stage, client):
    save(
        client, "/office/offerings/99301/written/", opens_0=moment(0), closes_0=moment(3), group_0="grade", value_0="01"
    )
    piece = WindowPiece.objects.get(school="99301")
    assert (piece.kind, piece.subject_id, piece.group, piece.group_value) == ("written", None, "grade", "01")
    assert enter(a_candidate(stage, grade="01"), "1").added == ("1",)
    other = agreed(a_passport())
    assert refused(save_registration, other.id, a_record(stage, grade="02").id, NOW) == ["报名时间未公布。"]


def test_c13_emptied_rows_are_taken_away(stage, client):
    path = f"{CAMPUS}1/"
    save(client, path, opens_0=moment(0), closes_0=moment(3))
    assert form_of(client, path)["opens_0"] == moment(0)
    save(client, path, opens_0="", closes_0="", pay_until_0="")
    assert not WindowPiece.objects.filter(campus="993010").exists()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"opens_0": "gestern", "closes_0": moment(1)}, "应为 2026-09-20 14:00 的形式"),
        ({"opens_0": moment(1)}, "请填写第 1 段截止时间。"),
        ({"opens_1": moment(3), "closes_1": moment(1)}, "截止时间须晚于开放时间"),
        ({"opens_0": moment(1), "closes_0": moment(2), "group_0": "grade"}, "请填写年级"),
    ],
)
def test_h3_pieces_that_are_no_window_are_refused_beside_their_field(stage, client, typed, told):
    page = save(client, f"{CAMPUS}1/", **typed).content.decode()
    assert told in page
    assert 'aria-invalid="true"' in page


def test_g6_a_freeze_is_shown_and_nothing_can_be_saved(stage, client):
    mine = form_of(client, CAMPUS)
    freezing.freeze(SITTING, "99", None, Freeze.Area.SETTINGS, "报名已开始", "staff:2", NOW)
    page = shown(client, CAMPUS)
    assert "冻结开考与设置" in page
    assert "保存开考科目与容量" not in page
    assert "冻结开考与设置：报名已开始。" in client.post(CAMPUS, mine | {"target_1": "5"}).content.decode()
    assert stage.offering("1").target == 100


def test_g1_who_has_some_campuses_sets_those_and_not_the_school(stage):
    Campus.objects.create(code="993011", school_id="99301", name="二校区")
    client = desk_client(campus=["993010"])
    assert client.get(CAMPUS).status_code == 200
    assert client.get("/office/offerings/993011/").status_code == 404
    assert client.get("/office/offerings/99301/written/").status_code == 404
    assert "设置全校" not in shown(client, "/office/offerings/")


def test_g1_who_has_departments_looks_and_sets_nothing(stage):
    client = desk_client(department=["化学学院"])
    page = shown(client, "/office/offerings/")
    assert "(1) 英语四级笔试" in page
    assert ">设时间<" not in page
    assert client.get(CAMPUS).status_code == 404


def test_the_list_takes_as_many_statements_for_many_campuses_as_for_one(stage, client, django_assert_max_num_queries):
    for n in range(1, 9):
        Campus.objects.create(code=f"99301{n}", school_id="99301", name=f"{n}校区")
        Offering.objects.create(
            sitting=stage.sitting, campus_id=f"99301{n}", subject_id="1", target=5, capacity=5, fee=1
        )
    with django_assert_max_num_queries(12):
        shown(client, "/office/offerings/")
