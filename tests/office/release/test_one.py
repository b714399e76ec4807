"""`/office/release/<id>/`: who holds the record, and releasing it with proof and reason (rules A7, B10, G1)."""

import pytest
from django.test import Client

from baokao.core.brief import forget_all
from baokao.core.models import AuditRow
from baokao.passport.models import Role
from baokao.registration import services
from baokao.registration.models import Registration, Release
from baokao.roster.models import StudentRecord
from tests.cast import NOW, SITTING, a_candidate
from tests.office.desks import a_staff, at_desk, desk_client
from tests.office.release.doing import calling, held_by, typed
from tests.payments.doing import hear, start
from tests.payments.grouping import a_locked_group
from tests.registration.doing import live, mails
from tests.registration.test_pages import text
from tests.review.scans import a_scan, pdf

pytestmark = pytest.mark.django_db


# Who holds it


def test_b10_h2_the_page_tells_of_the_holder_only_what_is_masked(desk, stranger):
    calling(stranger, name="陌生人", id_number="550050QQ505", mobile="13800001234")
    answer = desk.get(held_by(stranger))
    page = text(answer)
    assert f"{stranger.account[0]}***@example.com" in page
    assert "登记姓名与学籍不一致" in page
    assert "登记证件号码与学籍不一致" in page
    for secret in (stranger.account, "陌生人", "550050QQ505", "13800001234", "993010WW1", stranger.passport_id):
        assert secret not in answer.content.decode(), secret
    assert AuditRow.objects.filter(action="candidate.looked_at").count() == 1


def test_b10_a8_a_passport_of_the_students_own_name_is_pointed_out(desk, stranger):
    assert "很可能是考生忘记了的账号" not in text(desk.get(held_by(stranger)))
    calling(stranger, name=" 颜明", id_number="993010ww1")
    page = text(desk.get(held_by(stranger)))
    assert "登记姓名与学籍一致" in page
    assert "登记证件号码与学籍一致" in page
    assert "很可能是考生忘记了的账号" in page


def test_b10_a_passport_that_states_nothing_is_neither(desk, stranger):
    page = text(desk.get(held_by(stranger)))
    assert "登记姓名未填写" in page
    assert "登记证件号码未填写" in page


# Releasing


def test_b10_a_coordinator_releases_with_proof_and_reason(desk, staff, stranger, owner):
    before = len(mails())
    where = held_by(stranger)
    answer = desk.post(where, typed(proof=[a_scan(), a_scan(pdf(), "学生证.pdf")]))
    assert answer.headers["Location"] == where
    kept = Release.objects.get()
    assert kept.reason == "核对了身份证件原件、学籍照片与本人相符。本人到场，不认识占用的账号"
    assert (kept.passport_id, kept.released_by, kept.released_by_name) == (owner.id, f"staff:{staff.id.hex}", "周老师")
    assert len(kept.pages) == 2
    assert {name for name, _ in mails()[before:]} == {
        "registration/released_from_holder", "registration/released_for_owner",
    }  # fmt: skip
    page = text(desk.get(where))
    assert "已释放" in page
    assert "o***@example.com" in page
    assert kept.reason in page
    assert "释放报名信息</button>" not in desk.get(where).content.decode()


def test_b10_b7_afterwards_the_student_saves(desk, stranger, owner):
    record = StudentRecord.objects.get()
    desk.post(held_by(stranger), typed())
    services.save_registration(owner.id, record.id, NOW)
    assert Registration.objects.get(state="live").passport_id == owner.id


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"account": None}, "请填写考生本人的通行证账号。"),
        ({"account": "nobody@example.com"}, "没有这个通行证账号。请考生先注册通行证"),
        ({"checked": None}, "请勾选核对了什么。"),
        ({"checked": ["nothing"]}, "请在列表中勾选。"),
        ({"reason": " "}, "请填写释放原因。"),
        ({"reason": "长" * 121}, "释放原因过长，请在120字以内。"),
        ({"proof": None}, "请上传证明材料。"),
        ({"proof": a_scan(b"MZ")}, "只能上传JPG、PNG、WebP图片或PDF文件。"),
        ({"sure": None}, "请勾选确认后再释放。"),
    ],
)
def test_b10_h3_what_is_wrong_is_said_beside_it_and_the_rest_is_kept(desk, stranger, owner, changed, said):
    proof = changed.get("proof")
    if proof is not None:
        proof.seek(0)
    answer = desk.post(held_by(stranger), typed(**changed))
    page = answer.content.decode()
    assert text(answer).count(said) == 2, "in the summary and beside the field"
    assert "<title>错误：" in page
    if "account" not in changed:
        assert 'value="Owner@example.com"' in page
    if "reason" not in changed:
        assert "本人到场，不认识占用的账号</textarea>" in page
    if "checked" not in changed:
        assert page.count('name="checked" value="document" checked') == 1
    assert ("浏览器不保留选过的文件" in page) == ("proof" not in changed)
    assert live(stranger) == "1"
    assert not Release.objects.exists()


def test_b10_not_to_the_account_that_holds_it(desk, stranger):
    assert "该账号就是占用报名信息的账号。" in text(desk.post(held_by(stranger), typed(account=stranger.account)))
    assert AuditRow.objects.filter(action="registration.release_refused").count() == 1


def test_b10_a7_a_paid_one_is_explained_and_not_released(desk, stranger, owner, bank):
    attempt = start(stranger, "1")
    hear(bank.pay(attempt.number, attempt.amount))
    where = held_by(stranger)
    for page in (text(desk.get(where)), text(desk.post(where, typed()))):
        assert "该报名信息已有支付成功的科目，不能释放。" in page
        for part in ("找回账号", "注册新通行证", "通行证ID", "改绑（重新绑定）", "010-62987880"):
            assert part in page, part
        assert "考生本人的通行证账号" not in page
    assert live(stranger) == "1"


def test_b10_d8_what_is_locked_says_what_to_do_first(desk, stranger):
    a_locked_group(stranger)
    page = text(desk.get(held_by(stranger)))
    assert "该报名信息的科目已被集体缴费锁定。请先解除锁定。" in page
    assert "释放之后" not in page


def test_b10_not_while_the_holder_pays(desk, stranger):
    start(stranger, "1")
    assert "占用方正在支付，暂时不能释放。" in text(desk.get(held_by(stranger)))


def test_b1_b10_nothing_is_released_in_a_sitting_that_is_over(desk, stranger, owner, stage):
    stage.sitting.state = "closed"
    stage.sitting.save()
    forget_all()
    where = held_by(stranger)
    assert "本考次已结束，仅供查看。" in text(desk.get(where))
    desk.post(where, typed())
    assert live(stranger) == "1"


def test_b10_what_ended_by_itself_is_told(desk, stage):
    passport = a_candidate(stage)
    where = held_by(passport)
    services.end_registration(passport.id, SITTING, NOW)
    page = text(desk.get(where))
    assert "该报名信息已结束（已取消" in page
    assert "释放之后" not in page


def test_b10_released_twice_at_once_the_second_is_told(desk, stranger, owner):
    where = held_by(stranger)
    desk.post(where, typed())
    page = text(desk.post(where, typed()))
    assert "该考生的报名信息不存在或已结束。" in page
    assert Release.objects.count() == 1


# The proof


def test_b10_f6_a_page_of_proof_is_shown_as_a_picture_alone_and_leaves_a_row(desk, stranger, owner):
    desk.post(held_by(stranger), typed())
    kept = Release.objects.get()
    where = f"/office/release/proof/{kept.id}/1/"
    assert where in desk.get(held_by(stranger)).content.decode()
    answer = desk.get(where)
    assert (answer.headers["Content-Type"], answer.content) == ("image/jpeg", kept.pages[0])
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="proof-1.jpg"'
    row = AuditRow.objects.get(action="registration.proof_shown")
    assert row.detail == {"release": str(kept.id), "position": 1}
    for position in (0, 2):
        assert desk.get(f"/office/release/proof/{kept.id}/{position}/").status_code == 404
    assert at_desk(a_staff(school=["99101"])).get(where).status_code == 404


# Whose it is


@pytest.mark.parametrize(
    "scope", [{"school": ["99101"]}, {"school": ["99301"], "campus": ["993011"]}, {"department": ["文学院"]}]
)
def test_g1_a_student_outside_the_scope_is_as_if_there_were_none(stranger, owner, scope):
    other = desk_client(**scope)
    assert other.get(held_by(stranger)).status_code == 404
    assert other.post(held_by(stranger), typed()).status_code == 404
    assert "颜明" not in text(other.get("/office/release/"))
    assert "本校没有这个证件号码或学号的学生" in text(other.post("/office/release/", {"number": "993010WW1"}))
    assert live(stranger) == "1"


def test_g1_a_desk_of_the_students_department_releases(stage, owner):
    passport = a_candidate(stage, department="化学学院")
    desk_client(department=["化学学院"]).post(held_by(passport), typed())
    assert Registration.objects.get().state == "released"


@pytest.mark.parametrize("role", [role for role in Role if role != Role.COORDINATOR])
def test_g1_it_is_the_coordinators_page_alone(stranger, role):
    for where in ("/office/release/", held_by(stranger)):
        assert desk_client(role).get(where).status_code == 404


def test_who_is_not_signed_in_is_led_there_first(stranger):
    assert Client().get(held_by(stranger)).headers["Location"].startswith("/office/login/")
