"""口试科目报考 and its list of campuses (rules C7, C8, C9, C10)."""

import re
from datetime import timedelta

import pytest

from baokao.core import clock
from baokao.exams.models import Campus, Notice, Offering, School, WindowPiece
from baokao.registration import services
from baokao.registration.models import Entry
from tests.cast import NOW, SITTING, a_candidate
from tests.registration.doing import live
from tests.speaking import FAR, NEAR, OWN, OWN_OTHER, a_piece, a_speaker, set_speaking_stage

pytestmark = pytest.mark.django_db

PAGE = "/my/speaking/"


@pytest.fixture
def stage():
    return set_speaking_stage()


@pytest.fixture
def passport(stage):
    return a_speaker(stage, subjects="1F")


def read(client, path=PAGE):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def words(html):
    """The text of a page, blanks run together."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def links(html):
    """Campus codes that can be chosen in a list."""
    return re.findall(r'<a class="choice" href="[^"]*F=(\d{6})', html)


# The page


def test_c8_the_own_campus_is_there_to_be_ticked_and_choosing_leads_elsewhere(passport, signed_in):
    html = read(signed_in(passport))
    assert '<button class="btn second" name="choose" value="F"' in html
    assert 'name="campus-F" value="993010"' in html
    assert "考试日期" in html
    assert "不具有CET六级口试报考资格！" in html
    assert 'value="S"' not in html


def test_c8_choosing_a_campus_loads_its_row_and_its_schools_notice_and_ticks_it(stage, passport, signed_in):
    Notice.objects.create(sitting=stage.sitting, school_id="99101", body="请提前30分钟到指定机房签到。")
    html = read(signed_in(passport), f"{PAGE}?F={NEAR}&tick=F")
    assert f'name="campus-F" value="{NEAR}"' in html
    assert re.search(r'value="F" id="subject-F" checked', html)
    assert "请提前30分钟到指定机房签到。" in html


def test_c8_submitting_saves_and_leads_to_the_registration_page(stage, passport, signed_in):
    client = signed_in(passport)
    response = client.post(PAGE, {"subject": "F", "campus-F": NEAR})
    assert (response.status_code, response["Location"]) == (302, "/my/registration/?saved=1")
    html = read(client, "/my/registration/?saved=1")
    assert "保存成功！" in html
    assert "(F) 英语四级口试" in html
    assert "存在未支付口试科目，请通过“" in html


def test_c8_a_refused_submission_keeps_what_was_chosen(stage, passport, signed_in):
    Offering.objects.filter(campus_id=NEAR, subject_id="F").update(target=0, capacity=0)
    response = signed_in(passport).post(PAGE, {"subject": "F", "campus-F": NEAR})
    html = response.content.decode()
    assert "已报满。" in html
    assert f'name="campus-F" value="{NEAR}"' in html
    assert "<title>错误：" in html
    assert live(passport) == "1"


def test_c8_choosing_goes_to_the_list_with_all_that_was_chosen(passport, signed_in):
    response = signed_in(passport).post(PAGE, {"choose": "F", "subject": "S", "campus-S": NEAR, "campus-F": OWN})
    assert response.status_code == 302
    assert response["Location"] == f"/my/speaking/F/?S={NEAR}&F={OWN}&tick=S"
    assert live(passport) == "1"


def test_c7_without_the_written_entry_the_page_says_what_comes_first(stage, signed_in):
    passport = a_candidate(stage, subjects="1F")
    html = read(signed_in(passport))
    assert "必须先完成英语四级笔试的报考，才可以报考同级别口试。" in html
    assert 'name="choose"' not in html


def test_c3_japanese_speaking_without_a_date_says_so_to_whom_it_concerns(stage, signed_in):
    html = read(signed_in(a_speaker(stage, subjects="3J", written="3")))
    assert "日语四级口试" in html
    assert "考试日期未公布。" in html
    assert "日语四级口试" not in read(signed_in(a_speaker(stage, subjects="1F")))


def test_c8_a_school_that_keeps_its_students_shows_no_button(stage, passport, signed_in):
    School.objects.filter(code="99301").update(speaking_outbound="own")
    html = read(signed_in(passport))
    assert 'name="choose"' not in html
    assert 'name="campus-F" value="993010"' in html


def test_c8_there_the_schools_other_campuses_are_listed_if_the_own_does_not_offer_it(stage, passport, signed_in):
    School.objects.filter(code="99301").update(speaking_outbound="own")
    Offering.objects.filter(campus_id=OWN, subject_id="F").delete()
    html = read(signed_in(passport))
    assert links(html) == [OWN_OTHER]
    assert 'name="choose"' not in html


def test_c9_a_full_campus_can_not_be_ticked(stage, passport, signed_in):
    Offering.objects.filter(campus_id=OWN, subject_id="F").update(target=0, capacity=0)
    html = read(signed_in(passport))
    assert re.search(r'id="subject-F" disabled', html)


def test_c6_an_entry_whose_campus_closed_is_kept_by_a_submission(stage, passport, signed_in):
    """A box that is disabled isn't submitted, and what isn't submitted would be given up."""
    services.save_speaking(passport.id, SITTING, {"F": NEAR}, NOW)
    WindowPiece.objects.filter(kind="speaking").delete()
    a_piece(stage, setter="campus", campus_id=NEAR, closes=timedelta(0))
    client = signed_in(passport)
    for address in (PAGE, f"{PAGE}?F={OWN}&tick=F", f"{PAGE}?F=991234"):
        html = read(client, address)
        form = dict(re.findall(r'<input type="hidden" name="(subject|campus-F)" value="(\w+)">', html))
        assert form == {"subject": "F", "campus-F": NEAR}, address
        assert client.post(PAGE, form).status_code == 302
    assert live(passport) == "1F"


def test_c8_an_entry_can_move_to_another_campus_through_the_page(stage, passport, signed_in):
    services.save_speaking(passport.id, SITTING, {"F": NEAR}, NOW)
    client = signed_in(passport)
    html = read(client)
    assert f'name="campus-F" value="{NEAR}"' in html
    assert "已报考" in html
    client.post(PAGE, {"subject": "F", "campus-F": OWN})
    assert Entry.objects.get(subject_id="F", state="unpaid").offering.campus_id == OWN


@pytest.mark.parametrize(
    "query", ["F=", "F=999999", "F=<script>", "F=٩٩٣٠١٠", "1=993010", "X=993010", "tick=%00", "F=993010&F=991010"]
)
def test_h3_an_address_that_nobody_made_shows_the_page_all_the_same(passport, signed_in, query):
    html = read(signed_in(passport), f"{PAGE}?{query}")
    assert "<script>" not in html
    assert "口试科目报考" in html


def test_d6_a_nul_is_no_subject_and_is_looked_for_nowhere(passport, signed_in):
    """The database has no text with one; it must be a miss and not a fault."""
    client = signed_in(passport)
    assert client.post(PAGE, {"subject": "\0", "campus-F": OWN}).status_code in (200, 302)
    assert links(read(client, "/my/speaking/F/?find=%00")) == links(read(client, "/my/speaking/F/"))


# The list


def test_c8_the_list_has_the_campuses_that_are_open_now_the_own_first(stage, passport, signed_in):
    html = read(signed_in(passport), "/my/speaking/F/")
    assert links(html) == [OWN, OWN_OTHER, NEAR]
    assert "校内" in html
    assert "校外" in html
    assert "截止" in html
    assert FAR not in html


def test_c8_a_campus_that_takes_the_nation_is_listed(stage, passport, signed_in):
    Campus.objects.filter(code=FAR).update(speaking_inbound="nation")
    assert links(read(signed_in(passport), "/my/speaking/F/")) == [OWN, OWN_OTHER, FAR, NEAR]


@pytest.mark.parametrize(
    ("find", "found"),
    [
        ("9910", [NEAR]),
        ("机构00", [OWN_OTHER]),
        ("机构01", [OWN, OWN_OTHER]),
        (" 测试学校校区 ", [NEAR]),
        ("%", []),
        ("_", []),
    ],
)
def test_c8_it_is_searched_by_name_or_code(stage, passport, signed_in, find, found):
    html = signed_in(passport).get("/my/speaking/F/", {"find": find}).content.decode()
    assert links(html) == found


def test_c8_a_full_campus_is_listed_last_and_is_no_link(stage, passport, signed_in):
    Offering.objects.filter(campus_id=NEAR, subject_id="F").update(target=0, capacity=0)
    html = read(signed_in(passport), "/my/speaking/F/")
    assert links(html) == [OWN, OWN_OTHER]
    assert NEAR in html


def test_c8_those_that_open_later_stand_below_with_their_time(stage, passport, signed_in):
    WindowPiece.objects.filter(kind="speaking").delete()
    a_piece(stage, setter="national")
    a_piece(stage, setter="campus", campus_id=NEAR, opens=timedelta(days=2))
    html = read(signed_in(passport), "/my/speaking/F/")
    assert links(html) == [OWN, OWN_OTHER]
    later = words(html).partition("稍后开放的校区")[2]
    assert "(991010)" in later
    assert "开始报名" in later


def test_c8_what_was_chosen_for_the_other_subject_is_carried_along(stage, signed_in):
    passport = a_speaker(stage, subjects="12FS", written="12", campus_id=NEAR)
    html = read(signed_in(passport), f"/my/speaking/F/?S={OWN}&tick=S")
    assert f'href="/my/speaking/?S={OWN}&amp;F={NEAR}&amp;tick=F&amp;tick=S#s-F"' in html
    assert f'<input type="hidden" name="S" value="{OWN}">' in html


@pytest.mark.parametrize("code", ["S", "1", "X", "FF"])
def test_c8_there_is_no_list_of_what_one_can_not_enter(passport, signed_in, code):
    assert signed_in(passport).get(f"/my/speaking/{code}/").status_code == 404


# What goes along, on the written page


def test_c7_giving_up_the_written_entry_leads_to_a_page_that_names_what_goes_along(passport, signed_in):
    services.save_speaking(passport.id, SITTING, {"F": NEAR}, NOW)
    client = signed_in(passport)
    html = client.post("/my/written/", {}).content.decode()
    assert "确认取消" in html
    assert "(1) 英语四级笔试" in html
    assert "(F) 英语四级口试" in html
    assert live(passport) == "1F"
    assert client.post("/my/written/", {"along": "F"}).status_code == 302
    assert live(passport) == ""


def test_c10_a_speaking_entry_shows_the_time_at_which_its_written_one_would_take_it_along(stage, signed_in):
    passport = a_speaker(stage, subjects="1F")
    hour = timedelta(hours=1)
    Entry.objects.update(held_until=NOW + 3 * hour)
    services.save_speaking(passport.id, SITTING, {"F": NEAR}, NOW)
    with clock.travel(NOW + timedelta(minutes=1)):
        assert words(read(signed_in(passport), "/my/registration/")).count("还剩 2 小时 59 分") >= 3


# The lights of the list


def test_c9_the_lights_of_a_province_for_a_subject(stage, client):
    Offering.objects.filter(campus_id=NEAR, subject_id="F").update(taken=10)
    html = client.get(f"/lights/F/99/?sitting={SITTING}").content.decode()
    lit = dict(re.findall(r'id="light-(\d{6})-F" data-level="(\w+)"', html))
    assert lit == {OWN: "ok", OWN_OTHER: "ok", NEAR: "none"}


@pytest.mark.parametrize("address", ["1/99/?sitting=20262", "F/9/?sitting=20262", "F/99/", "F/99/?sitting=x"])
def test_c9_lights_of_nothing_are_not_there(stage, client, address):
    assert client.get(f"/lights/{address}").status_code == 404
