"""One student by form, and what a desk does with one record (rules B11, G3, H2; proof f6)."""

import io
from datetime import timedelta

import pytest
from PIL import Image

from baokao.core.models import AuditRow
from baokao.core.verdict import RefusedError
from baokao.roster.models import PastScore, Photo, RecordChange, RecordConflict, StudentRecord
from baokao.roster.queries import find_record
from baokao.roster.reach import EVERYWHERE, Reach
from baokao.roster.rules import name_key
from baokao.roster.services import students
from tests import files
from tests.cast import NOW
from tests.files import SITTING, student
from tests.roster.desk import OWN, WHO, Desk, audited
from tests.roster.photos import a_jpeg

pytestmark = pytest.mark.django_db

BY = {**WHO, "now": NOW}


@pytest.fixture(autouse=True)
def _places(db):
    files.places()


def save(reach=OWN, record=None, seen=None, **changes):
    saved = students.save(student(**changes), sitting=SITTING, reach=reach, record=record, seen=seen, **BY)
    return StudentRecord.objects.get(id=saved.record)


def refused(**options):
    with pytest.raises(RefusedError) as caught:
        save(**options)
    return [(one.code, one.about) for one in caught.value.refusals]


def test_g3_a_student_by_form_is_the_same_row_as_in_a_file(tmp_path):
    save()
    assert find_record(SITTING, "1", "11010519491231002X", "颜明")
    one = Desk(tmp_path).checked(student())
    assert (one.added, one.changed) == (0, 0)
    assert audited().count("record.saved") == 1
    assert RecordChange.objects.get().kind == "added"


def test_each_fault_stands_beside_its_column():
    assert refused(性别="?", 校区代码="991010") == [("record.cell", "性别"), ("record.cell", "校区代码")]
    assert not StudentRecord.objects.exists()
    assert audited() == ["record.refused"]


def test_g1_a_form_touches_no_more_than_its_desk():
    assert refused(reach=Reach.of("99301", [], ["物理学院"])) == [("record.cell", "院系")]


def test_b3_an_odd_number_is_only_warned_of():
    saved = students.save(student(证件号码="330101199001010000"), sitting=SITTING, reach=OWN, **BY)
    assert saved.warnings == ("证件号码：居民身份证号码校验位不符",)


def test_the_same_number_is_edited_and_not_added_twice():
    save()
    assert refused(姓名="别人") == [("record.there", "证件号码")]


def test_g3_an_edit_tells_what_changed_and_the_same_again_changes_nothing():
    one = save()
    save(record=one.id, 姓名="颜鸣", 院系="物理学院")
    change = RecordChange.objects.get(kind="changed")
    assert (change.what, change.before["name"]) == ("姓名、院系", "颜明")
    save(record=one.id, 姓名="颜鸣", 院系="物理学院")
    assert RecordChange.objects.count() == 2


def test_g3_a_changed_number_is_an_edit_of_one_record():
    one = save()
    after = save(record=one.id, 证件号码="H12345678", 证件类型="3")
    assert (after.id, after.id_number, StudentRecord.objects.count()) == (one.id, "H12345678", 1)
    assert RecordChange.objects.get(kind="changed").note == "证件号码由 110***02X 改为 H1***78"
    assert find_record(SITTING, "1", "11010519491231002X", "颜明") is None


def test_an_edit_of_what_somebody_else_changed_is_refused():
    one = save()
    seen = bytes(one.row_digest)
    save(record=one.id, seen=seen, 姓名="甲")
    assert refused(record=one.id, seen=seen, 姓名="乙") == [("record.stale", "")]


def test_b11_a_past_score_gives_level_six_to_who_is_added_or_renamed():
    past = PastScore(ticket_number="993010162100101", id_type="1", name="颜鸣", name_key=name_key("颜鸣"),
                     subject_code="1", score=425)  # fmt: skip
    past.id_number = "11010519491231002X"
    past.save(force_insert=True)
    one = save()
    assert one.subjects_by_score == ""
    assert save(record=one.id, 姓名="颜鸣").subjects_by_score == "2S"
    assert save(record=one.id, 姓名="别名").subjects_by_score == "2S", "never taken away"


# Restrictions


def test_b11_a_schools_restriction_and_the_national_one_stand_beside_each_other(tmp_path):
    one = save()
    students.restrict(one.id, "1", "欠费", reach=OWN, **BY)
    students.restrict(one.id, "F", "违规处理", reach=EVERYWHERE, **BY)
    assert StudentRecord.objects.get().restricted == "1F"
    students.restrict(one.id, "", "已缴清", reach=OWN, **BY)
    assert StudentRecord.objects.get().restricted == "F"
    Desk(tmp_path).applied(student(姓名="改名"))
    record = StudentRecord.objects.get()
    assert (record.restricted, record.barred_reason) == ("F", "违规处理")
    assert audited().count("record.restricted") == 3


def test_an_edit_leaves_restrictions_alone():
    one = save()
    students.restrict(one.id, "1", "欠费", reach=OWN, **BY)
    assert save(record=one.id, 姓名="改名", 限制科目="", 限制原因="").subjects_restricted == "1"


@pytest.mark.parametrize(("subjects", "reason", "code"), [("1", " ", "no_reason"), ("1", "长" * 101, "long_reason"),
                                                          ("Z", "x", "subject")])  # fmt: skip
def test_a_restriction_needs_a_reason_and_known_subjects(subjects, reason, code):
    one = save()
    with pytest.raises(RefusedError, match=code):
        students.restrict(one.id, subjects, reason, reach=OWN, **BY)
    assert audited().count("record.refused") == 1


# Removing, and taking up again


def test_g3_a_removed_student_misses_and_is_taken_up_again():
    one = save()
    students.remove(one.id, "退学", reach=OWN, **BY)
    assert find_record(SITTING, "1", "11010519491231002X", "颜明") is None
    with pytest.raises(RefusedError, match="gone"):
        students.remove(one.id, "退学", reach=OWN, **BY)
    again = save()
    assert (again.id, again.removed_at) == (one.id, None)


def test_h2_a_number_is_shown_for_a_reason_that_is_audited():
    one = save()
    with pytest.raises(RefusedError, match="no_reason"):
        students.number_of(one, "", actor=WHO["actor"], now=NOW)
    later = NOW + timedelta(seconds=1)
    assert students.number_of(one, "核对证件", actor=WHO["actor"], now=later) == "11010519491231002X"
    row = AuditRow.objects.order_by("at").last()
    assert (row.action, row.detail) == ("record.number_shown", {"reason": "核对证件"})


# Photos


def test_a_photo_is_encoded_anew_and_the_same_again_changes_nothing():
    one, sent = save(), a_jpeg(exif=b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x00secret place")
    students.save_photo(one.id, sent, reach=OWN, **BY)
    students.save_photo(one.id, sent, reach=OWN, **BY)
    kept = bytes(Photo.objects.get().jpeg)
    assert kept != sent
    assert b"secret place" not in kept
    assert Image.open(io.BytesIO(kept)).size == (240, 320)
    assert audited().count("record.photo_saved") == 1


def test_a_new_photo_keeps_the_one_before_for_the_history():
    one = save()
    students.save_photo(one.id, a_jpeg(), reach=OWN, **BY)
    before = bytes(Photo.objects.get().jpeg)
    students.save_photo(one.id, a_jpeg(300, 400), reach=OWN, **BY)
    assert bytes(RecordChange.objects.get(what="更换照片").photo_before) == before


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "不是有效的 JPEG"), (b"GIF89a" + b"\0" * 50, "不是有效的 JPEG"), (a_jpeg(kind="PNG"), "不是有效的 JPEG"),
        (a_jpeg()[:900], "不是有效的 JPEG"), (a_jpeg(143, 192), "照片过小：143×192"), (b"a" * 204_801, "多于 200 KB"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "不是有效的 JPEG"),
    ],
)  # fmt: skip
def test_d1_what_is_no_photo_is_refused(content, reason):
    one = save()
    with pytest.raises(RefusedError) as caught:
        students.save_photo(one.id, content, reach=OWN, **BY)
    assert reason in caught.value.first.message
    assert not Photo.objects.exists()


def test_d1_a_picture_of_too_many_pixels_is_never_unfolded():
    bomb = io.BytesIO()
    Image.new("L", (4001, 200)).save(bomb, "JPEG", quality=1)
    one = save()
    with pytest.raises(RefusedError) as caught:
        students.save_photo(one.id, bomb.getvalue(), reach=OWN, **BY)
    assert "像素过多" in caught.value.first.message


def test_d1_a_picture_of_thousands_of_scans_is_never_decoded():
    """A progressive JPEG of 4000×4000 whose thousands of scans change nothing, at some thirty bytes each."""
    table = bytes([1] + [0] * 15)
    runs = int(("0" + "10" * 7) * 10 + "00", 2).to_bytes(19, "big")
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x01\x3f\x00" + runs
    content = b"\xff\xd8\xff\xdb\x00\x43\x00" + b"\x01" * 64
    content += b"\xff\xc2\x00\x0b\x08\x0f\xa0\x0f\xa0\x01\x01\x11\x00"
    content += b"\xff\xc4\x00\x14\x00" + table + b"\x00" + b"\xff\xc4\x00\x14\x10" + table + b"\xe0"
    content += b"\xff\xda\x00\x08\x01\x01\x00\x00\x00\x00" + bytes(31_251)
    one = save()
    few = content + scan * 30 + b"\xff\xd9"
    students.save_photo(one.id, few, reach=OWN, **BY)
    with pytest.raises(RefusedError) as caught:
        students.save_photo(one.id, content + scan * 100 + b"\xff\xd9", reach=OWN, **BY)
    assert "编码过于复杂" in caught.value.first.message


def test_g3_a_conflict_by_form_is_filed_for_both_schools():
    save()
    assert refused(reach=Reach("99101"), 校区代码="991010") == [("record.conflict", "证件号码")]
    one = RecordConflict.objects.get()
    assert (one.holder_id, one.claimant_id, one.claim["campus_id"]) == ("99301", "99101", "991010")
