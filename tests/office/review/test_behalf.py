"""`/office/review/behalf/`: the school applies with the certificate and searches past scores (rules E6, G1, H2)."""

import pytest

from baokao.core.models import AuditRow
from baokao.review.models import Application
from tests.cast import a_record
from tests.office.desks import desk_client
from tests.office.review.doing import at, behalf, later
from tests.registration.test_pages import text
from tests.review.doing import a_score, by_review
from tests.review.scans import a_scan, pdf

pytestmark = pytest.mark.django_db

CERTIFICATE = {"step": "apply", "certificate_number": "0423456", "examined_in": "2004-06"}


def test_e6_a_student_is_found_by_name_or_number(stage, desk):
    record = a_record(stage, name="李博", student_no="S001", subjects="1")
    a_record(stage, name="颜明", subjects="1")
    for asked in ("李博", "S001"):
        page = desk.get("/office/review/behalf/", {"q": asked}).content.decode()
        assert behalf(record) in page
        assert "颜明" not in page


def test_e6_the_school_applies_with_a_scan(stage, desk):
    record = a_record(stage, subjects="1")
    answer = desk.post(behalf(record), CERTIFICATE | {"proof": a_scan(pdf())}, follow=True)
    assert "已代为申请。" in text(answer)
    assert "代为申请" in text(answer)
    application = Application.objects.get()
    page = text(desk.get(at(application)))
    for part in ("0423456", "2004-06", "证明材料", "将于"):
        assert part in page, part
    later()
    assert by_review(record) == "2S"


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"proof": None}, "请上传证书或成绩单的扫描件。"),
        ({"examined_in": "2004年6月"}, "请按“2004-06”的格式填写考试年月。"),
        ({"examined_in": "2016-12"}, "2005年6月及以后的考试，请填写成绩。"),
        ({"examined_in": "2016-12", "score": "424"}, "成绩应在425至710分之间。"),
        ({"certificate_number": ""}, "请填写证书编号。"),
        ({"ticket": "12"}, "不是有效的笔试准考证号（15位数字），忘记的可以不填。"),
    ],
)
def test_e6_what_is_missing_is_told_and_what_was_typed_kept(stage, desk, changed, message):
    record = a_record(stage, subjects="1")
    typed = {name: value for name, value in (CERTIFICATE | {"proof": a_scan()} | changed).items() if value is not None}
    page = desk.post(behalf(record), typed)
    assert message in text(page)
    assert "<title>错误：" in page.content.decode()
    assert 'value="2004' in page.content.decode() or 'value="2016' in page.content.decode()
    assert not Application.objects.exists()


def test_e6_who_is_eligible_needs_none(stage, desk):
    page = desk.post(behalf(a_record(stage, subjects="12")), CERTIFICATE | {"proof": a_scan()})
    assert "已具有英语六级笔试报考资格，无需申请复核。" in text(page)


def test_e6_past_scores_are_searched_masked_and_audited(stage, desk):
    record = a_record(stage, number="99301000001", subjects="1")
    a_score("99301000001", "颜鸣", "993010162100101")
    a_score("99301099999", "颜明", "993010162100102", 500)
    page = desk.post(behalf(record), CERTIFICATE | {"step": "search"})
    for part in ("993010162100101", "颜鸣", "993010162100102", "500", "2016年下半年", "一致"):
        assert part in text(page), part
    assert "99301099999" not in page.content.decode()
    assert 'value="0423456"' in page.content.decode(), "what was typed is kept"
    assert AuditRow.objects.filter(action="review.scores_searched").count() == 1


@pytest.mark.parametrize(("number", "whole"), [("99301099999", False), ("99301000001", True)])
def test_e6_a_typed_ticket_number_shows_no_strangers_score(stage, desk, number, whole):
    """Who may apply for an own student could otherwise read everybody's ID number, one ticket after the other."""
    record = a_record(stage, number="99301000001", subjects="1")
    a_score(number, "颜鸣", "993010162100101", 613)
    desk.post(behalf(record), CERTIFICATE | {"ticket": "993010162100101", "proof": a_scan()})
    page = text(desk.get(at(Application.objects.get())))
    assert "993010162100101" in page
    assert [part in page for part in (number, "颜鸣", "613")] == [whole] * 3


@pytest.mark.parametrize("step", ["apply", "search"])
def test_g1_a_foreign_schools_student_is_not_there(stage, step):
    record = a_record(stage, name="李博", subjects="1")
    other = desk_client(school=["99101"])
    assert other.get(behalf(record)).status_code == 404
    assert other.post(behalf(record), CERTIFICATE | {"step": step, "proof": a_scan()}).status_code == 404
    assert "李博" not in text(other.get("/office/review/behalf/"))
