"""`baokao import sitting`: what it sets, what it changes, and what it leaves alone (docs/imports.md)."""

from datetime import date

import pytest

from baokao.core.models import AuditRow
from baokao.exams import models
from baokao.exams.models import (
    Agreement,
    Contact,
    News,
    Notice,
    Page,
    Sitting,
    SittingSubject,
    SubjectCampus,
    WindowPiece,
)
from tests.exams.setting_up import SAME, SITTING, importing, schools

__all__ = ["importing"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _schools(db):
    schools()


def everything():
    """All rows of the exam's own tables."""
    return {name: list(getattr(models, name).objects.order_by("pk").values()) for name in models.__all__}


def days():
    return dict(SittingSubject.objects.values_list("subject_id", "exam_on"))


def test_a_sitting_is_set_up_from_nothing(importing):
    code, out = importing(SITTING)
    assert (code, "考次：5 项，新增 5，更改 0，未变 0。" in out) == (0, True)
    sitting = Sitting.objects.get()
    assert (sitting.name, sitting.state, sitting.written_on) == ("2026年下半年CET考试", "open", date(2026, 12, 12))


def test_imported_again_nothing_changes_and_nothing_is_audited(importing):
    importing(SITTING)
    before, audits = everything(), AuditRow.objects.count()
    assert importing(SITTING)[1] == "考次：5 项，新增 0，更改 0，未变 5。\n"
    assert (everything(), AuditRow.objects.count()) == (before, audits)


def test_a_dry_run_tells_what_would_change_and_writes_nothing(importing):
    importing(SITTING)
    before = everything()
    _, out = importing(f"{SAME}exams: {{speaking_4: {{day: 2026-11-21, subjects: [F]}}}}", dry_run=True)
    assert "应为一组“键: 值”" in out
    _, out = importing(f"{SAME}exams: {{speaking_4: {{day: 2026-11-21, subjects: [{{code: F}}]}}}}", dry_run=True)
    assert "（试运行，未写入）" in out
    assert "更改  考次 20262：speaking4_on 2026-11-14 → 2026-11-21\n" in out
    assert everything() == before


def test_g2_a_change_is_audited_with_what_changed(importing):
    importing(SITTING)
    importing("sitting: {code: 20262, name: 新名称}")
    row = AuditRow.objects.latest("at")
    assert (row.action, row.actor, row.subject, row.sitting) == (
        "sitting.imported", "national", "sitting:20262", "20262",
    )  # fmt: skip
    assert row.detail["changes"] == ["更改  考次 20262：name 2026年下半年CET考试 → 新名称"]


def test_one_statement_moves_the_announced_day_and_all_its_subjects(importing):
    importing(SITTING)
    importing(SAME + "exams: {written: {day: 2026-12-19, subjects: [{code: 1}, {code: 英语六级笔试}], }, undated: [3]}")
    assert Sitting.objects.get().written_on == date(2026, 12, 19)
    assert days() == {
        "1": date(2026, 12, 19), "2": date(2026, 12, 19), "3": None, "F": date(2026, 11, 14),
    }  # fmt: skip


def test_c3_a_day_taken_away_is_taken_from_all_its_subjects(importing):
    importing(SITTING)
    importing(SAME + "exams: {written: {day: null, subjects: [{code: 1}, {code: 3}]}}")
    assert Sitting.objects.get().written_on is None
    assert days() == {"1": None, "3": None, "F": date(2026, 11, 14)}


def test_what_the_file_does_not_name_stays(importing):
    importing(SITTING + "notices: {99: 省通告, 99101: 学校通告}\n")
    before = everything()
    importing(SAME + "notices: {99: 新的省通告}\n")
    after = everything()
    assert Notice.objects.get(province="99").body == "新的省通告"
    assert {name for name in before if before[name] != after[name]} == {"Notice"}
    assert Notice.objects.get(school="99101").body == "学校通告"


def test_an_announced_moment_can_be_taken_away(importing):
    importing(SITTING)
    importing("sitting: {code: 20262, written_tickets_at: 2026-11-27 09:00:00}")
    assert Sitting.objects.get().written_tickets_at is not None
    importing("sitting: {code: 20262, written_tickets_at: ~}")
    assert Sitting.objects.get().written_tickets_at is None


def test_b2_a_changed_text_is_a_new_version_and_an_unchanged_one_is_none(importing):
    importing(SITTING)
    importing(SAME + "agreement: {label: 首版, text: '  考生本人已认真阅读。\n\n'}")
    assert list(Agreement.objects.values_list("version", "label")) == [(1, "首版")]
    _, out = importing(SAME + "agreement: {label: 第二版, text: 考生本人已认真阅读并同意。}")
    assert "新增  报名协议第 2 版（新版本，已同意旧版本的考生须重新同意）" in out
    _, out = importing(SAME + "agreement: {label: 第三版, text: 考生本人已认真阅读。}")
    assert list(Agreement.objects.order_by("version").values_list("version", flat=True)) == [1, 2, 3]


def test_a_notice_can_be_taken_down(importing):
    importing(SITTING + "notices: {99: 省通告}\n")
    assert "更改  省通告 99：撤下" in importing(SAME + "notices: {99: null}\n")[1]
    assert not Notice.objects.exists()
    assert "未变 2" in importing(SAME + "notices: {99: null}\n")[1]


def test_c1_a_school_names_a_campus_for_a_subject_and_no_longer(importing):
    importing(SITTING + "schools: {99101: {subject_campuses: {3: 991011, 英语四级笔试: 991010}}}\n")
    assert dict(SubjectCampus.objects.values_list("subject_id", "campus_id")) == {"3": "991011", "1": "991010"}
    importing(SAME + "schools: {99101: {subject_campuses: {3: null, 1: 991011}}}\n")
    assert dict(SubjectCampus.objects.values_list("subject_id", "campus_id")) == {"1": "991011"}


def test_c3_c8_settings_of_schools_and_campuses_are_set(importing):
    importing(SITTING + "schools: {99101: {allows_both_levels: false, speaking_outbound: own}}\n")
    importing(SAME + "campuses: {991010: {speaking_outbound: own, speaking_inbound: nation}}\n")
    school, campus = models.School.objects.get(code="99101"), models.Campus.objects.get(code="991010")
    assert (school.allows_both_levels, school.speaking_outbound) == (False, "own")
    assert (campus.speaking_outbound, campus.speaking_inbound) == ("own", "nation")


def test_g8_a_campuss_contacts_are_replaced_in_their_order(importing):
    importing(SITTING + "campuses: {991010: {contacts: [{name: 甲, phone: 1}, {name: 乙, phone: 2, office: 三楼}]}}\n")
    assert list(Contact.objects.values_list("name", "office")) == [("甲", ""), ("乙", "三楼")]
    importing(SAME + "campuses: {991010: {contacts: [{name: 乙, phone: 2}, {name: 甲, phone: 1}]}}\n")
    assert list(Contact.objects.values_list("name", "office")) == [("乙", ""), ("甲", "")]
    importing(SAME + "campuses: {991010: {contacts: []}}\n")
    assert not Contact.objects.exists()


def test_f3_pages_and_news_are_added_and_replaced(importing):
    texts = "pages: {intro: {title: 考试简介, body: 旧}}\n"
    texts += "news: [{title: 公告, published_at: 2026-09-01 09:00:00, body: 旧}]\n"
    importing(SITTING + texts)
    first = Page.objects.get().updated_at
    importing(SAME + texts.replace("旧", "新"))
    assert (Page.objects.get().body, News.objects.get().body) == ("新", "新")
    assert Page.objects.get().updated_at > first


def piece(day, more=""):
    return f"{{opens_at: 2026-09-{day} 14:00:00, closes_at: 2026-09-30 17:00:00{more}}}"


def written(by, *pieces):
    return f"windows: [{{by: {by}, kind: written, pieces: [{', '.join(pieces)}]}}]\n"


def test_c13_a_window_is_replaced_for_its_setter_and_target_alone(importing):
    importing(SITTING + written("national", piece(20)))
    importing(SAME + written(99, piece(21)))
    importing(SAME + written(99, piece(22, ", for: own"), piece(23)))
    importing(SAME + f"windows: [{{by: 99, subjects: [1, F], pieces: [{piece(24)}]}}]\n")
    pieces = WindowPiece.objects.order_by("opens_at", "kind")
    assert list(pieces.values_list("setter", "province", "kind", "subject", "group", "opens_at__day")) == [
        ("national", None, "written", None, "everyone", 20),
        ("province", "99", "written", None, "own", 22),
        ("province", "99", "written", None, "everyone", 23),
        ("province", "99", "speaking", "F", "everyone", 24),
        ("province", "99", "written", "1", "everyone", 24),
    ]
    importing(SAME + written(99))
    assert list(pieces.values_list("setter", "subject")) == [
        ("national", None), ("province", "F"), ("province", "1"),
    ]  # fmt: skip


def test_b1_two_sittings_are_set_up_beside_each_other(importing):
    more = written("national", piece(20)) + "notices: {99: 通告}\n"
    importing(SITTING + more)
    first = {name: rows for name, rows in everything().items() if name in ("Sitting", "SittingSubject", "WindowPiece")}
    importing(SITTING.replace("20262", "20261").replace("2026-1", "2026-0") + more.replace("-09-", "-03-"))
    assert [one.code for one in Sitting.objects.filter(state="open")] == ["20262", "20261"]
    for name, rows in first.items():
        assert [row for row in everything()[name] if row in rows] == rows
    assert Notice.objects.filter(province="99").count() == Agreement.objects.count() == 2
    importing("sitting: {code: 20261, state: closed}")
    assert [one.code for one in Sitting.objects.filter(state="open")] == ["20262"]
