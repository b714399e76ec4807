"""What other pages tell of held records: the student's at the desk, the candidate's own (rules B7, B10, G8)."""

import pytest

from baokao.passport import services as passports
from baokao.passport.services import NewPassport
from baokao.roster.models import StudentRecord
from tests.cast import NOW, PASSWORD, SITTING, a_record, agreed
from tests.office.release.doing import held_by, typed
from tests.registration.test_pages import text
from tests.signing_in import signed_in_client

pytestmark = pytest.mark.django_db


# From the student's pages


def test_b10_the_students_pages_lead_to_who_holds_the_record(desk, stranger, stage):
    record, free = StudentRecord.objects.get(), a_record(stage, name="王佳怡")
    for area in ("students", "candidates"):
        assert f'href="{held_by(stranger)}"' in desk.get(f"/office/{area}/{record.id}/").content.decode()
        assert "/office/release/0" not in desk.get(f"/office/{area}/{free.id}/").content.decode()


def test_b10_the_students_page_tells_of_the_release(desk, stranger, owner):
    desk.post(held_by(stranger), typed())
    page = text(desk.get(f"/office/students/{StudentRecord.objects.get().id}/"))
    assert "报名信息已释放周老师核对了身份证件原件" in page


# What the candidate reads


def test_b7_b10_g8_whose_record_is_held_reads_whom_to_see_and_what_to_bring(stranger, stage):
    late = agreed(passports.register(NewPassport("late@example.com", PASSWORD), NOW))
    client = signed_in_client(late)
    client.post("/my/eligibility/", {"sitting": SITTING, "id_type": "6", "id_number": "993010WW1", "name": "颜明"})
    first = client.get("/my/confirm/")
    assert "怎么办" not in text(first)
    token = client.cookies["looked_up"].value
    page = text(client.post("/my/confirm/", {"sitting": SITTING, "record": token, "sure": "on"}))
    assert "该考生已由其他通行证账号报名，请使用“找回账号”或联系学校负责老师。" in page
    assert "请带身份证件和学生证" in page
    assert page.count("联系人：王老师") == 1
    assert "电话：010-62980000办公地点：101室办公时间：8:30–17:00" in page
