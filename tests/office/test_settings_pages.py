"""`/office/settings/`, `/office/notice/`, `/office/contacts/` (rules C1, C3, C8, G1, G8)."""

import pytest

from baokao.core.brief import forget_all
from baokao.exams.models import Contact, Notice, School, SubjectCampus
from tests.cast import a_candidate
from tests.office.desks import desk_client
from tests.office.filling import form_of, save, shown
from tests.signing_in import signed_in_client

CONTACTS = "/office/contacts/993010/"


@pytest.fixture
def client(stage):
    return desk_client()


def test_the_switches_are_turned(stage, client):
    page = save(
        client, "/office/settings/", both_levels=None, outbound="own", inbound_993010="nation", named_3="993010"
    )
    assert page.status_code == 302
    school = School.objects.get(code="99301")
    assert (school.allows_both_levels, school.speaking_outbound) == (False, "own")
    assert school.campuses.get().speaking_inbound == "nation"
    assert SubjectCampus.objects.get().subject_id == "3"
    assert "保存成功！" in shown(client, page["Location"])


def test_c1_a_campus_that_does_not_offer_the_subject_is_warned_of(stage, client):
    page = shown(client, save(client, "/office/settings/", named_7="993010")["Location"])
    assert "该校区尚未开考此科目" in page


def test_switches_turned_by_another_meanwhile_are_named(stage, client):
    mine = form_of(client, "/office/settings/")
    save(desk_client(), "/office/settings/", outbound="own")
    page = client.post("/office/settings/", mine).content.decode()
    assert "其他人已修改：全校考生的口试报考范围，现为本校。" in page
    assert School.objects.get(code="99301").speaking_outbound == "own"


@pytest.mark.parametrize("scope", [{"campus": ["993010"]}, {"department": ["化学学院"]}])
def test_g1_who_has_a_part_of_the_school_does_not_set_it(stage, scope):
    narrowed = desk_client(**scope)
    for path in ("/office/settings/", "/office/notice/"):
        assert narrowed.get(path).status_code == 404
        assert narrowed.post(path, {"body": "x", "do": "save"}).status_code == 404
    assert not Notice.objects.exists()


def test_a_notice_is_previewed_without_being_saved_and_then_saved(stage, client):
    page = client.post("/office/notice/", {"body": "请按时缴费。\n不要重复支付。", "do": "preview"}).content.decode()
    assert "<p>不要重复支付。</p>" in page
    assert "尚未保存" in page
    assert not Notice.objects.exists()
    assert save(client, "/office/notice/", body="请按时缴费。\n不要重复支付。", do="save").status_code == 302
    forget_all()
    candidate = signed_in_client(a_candidate(stage))
    assert "<p>不要重复支付。</p>" in candidate.get("/my/written/").content.decode()


def test_a_notice_is_text_and_no_markup(stage, client):
    save(client, "/office/notice/", body="<script>alert(1)</script>", do="save")
    assert "&lt;script&gt;alert(1)" in shown(client, "/office/notice/")


def test_a_notice_emptied_is_taken_down(stage, client):
    save(client, "/office/notice/", body="请按时缴费。", do="save")
    save(client, "/office/notice/", body="", do="save")
    assert not Notice.objects.exists()


def test_g8_contacts_are_changed_and_the_candidate_reads_them(stage, client):
    assert save(client, CONTACTS, name_1="李老师", phone_1="010-1234").status_code == 302
    forget_all()
    candidate = signed_in_client(a_candidate(stage))
    assert "李老师" in candidate.get("/my/written/").content.decode()
    assert "李老师" in shown(client, "/office/contacts/")


def test_g8_a_row_needs_a_name_and_a_number_and_the_last_one_stays(stage, client):
    assert "请填写第 2 位电话。" in save(client, CONTACTS, name_1="李老师").content.decode()
    emptied = dict.fromkeys(("name_0", "phone_0", "office_0", "hours_0"), "")
    assert "至少填写一位负责老师。" in save(client, CONTACTS, **emptied).content.decode()
    assert Contact.objects.filter(campus="993010").count() == 1


def test_g1_contacts_of_another_school_are_not_there(stage, client):
    assert client.get("/office/contacts/991010/").status_code == 404
    assert "991010" not in shown(client, "/office/contacts/")
