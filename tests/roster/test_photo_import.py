"""照片导入: a ZIP by the same steps as a roster file (rules G1, G3; facts, Photos; proof d1)."""

import io
import zipfile
from datetime import timedelta

import pytest

from baokao.core.verdict import RefusedError
from baokao.roster.models import Photo, RosterImport, StudentRecord
from baokao.roster.reach import Reach
from baokao.roster.services import imports
from tests import files
from tests.cast import NOW
from tests.files import student
from tests.roster.desk import Desk, confirm, counts, findings, undone
from tests.roster.photos import a_jpeg, a_zip

pytestmark = pytest.mark.django_db

NUMBER = "11010519491231002X"
JPEG = a_jpeg()


@pytest.fixture
def desk(db, tmp_path):
    files.places()
    made = Desk(tmp_path)
    made.applied(student(), student(证件号码="1234567(8)", 证件类型="6", 姓名="李博"))
    return made


def checked(desk, content):
    one = desk.sent_file(content, name="p.zip", kind="photos")
    imports.check(one, NOW)
    return RosterImport.objects.get(id=one)


def test_g3_photos_are_checked_looked_at_and_applied(desk):
    one = checked(desk, a_zip(**{NUMBER.lower(): JPEG, "12345678": a_jpeg(300, 400)}))
    assert counts(one) == ("ready", 2, 0, 0)
    assert not Photo.objects.exists()
    assert confirm(one).state == "applied"
    assert Photo.objects.count() == 2


def test_g3_the_same_photos_again_change_nothing(desk):
    content = a_zip(**{NUMBER: JPEG})
    confirm(checked(desk, content))
    again = checked(desk, content)
    assert (counts(again), again.lines.get().verdict) == (("ready", 0, 0, 0), "same")
    with pytest.raises(RefusedError, match="nothing"):
        confirm(again)


def test_each_fault_names_its_file_by_its_ends_and_its_reason(desk):
    one = checked(desk, a_zip(**{NUMBER: a_jpeg(100, 100), "H12345678": JPEG, "a.png": JPEG, "12345678": b"no",
                                 "x/1234567（8）.jpg": JPEG, "__MACOSX/._a.jpg": b"x"}))  # fmt: skip
    assert findings(one) == [
        "1 颜明 照片过小：100×100，至少 144×192 像素",
        "2 H1***78.jpg 没有这个证件号码的考生，或不在您的管理范围内",
        "3 a.png 不是 .jpg 文件",
        "4 李博 不是有效的 JPEG 照片，或文件已损坏",
        "5 1***7（8）.jpg 与第 4 个文件的证件号码相同",
    ]


def test_g3_sound_photos_are_applied_without_the_faulty_ones(desk):
    one = checked(desk, a_zip(**{NUMBER: JPEG, "H12345678": JPEG}))
    with pytest.raises(RefusedError, match="faults"):
        confirm(one)
    assert confirm(one, without_faulty=True).state == "applied"
    assert Photo.objects.get().record.name == "颜明"


def test_g1_a_photo_of_another_schools_student_is_a_fault(desk, tmp_path):
    other = Desk(tmp_path, Reach("99101"))
    assert "不在您的管理范围内" in findings(checked(other, a_zip(**{NUMBER: JPEG})))[0]


def test_g3_photos_are_taken_back_unless_changed_since(desk):
    first = confirm(checked(desk, a_zip(**{NUMBER: JPEG})))
    before = bytes(Photo.objects.get().jpeg)
    second = confirm(checked(desk, a_zip(**{NUMBER: a_jpeg(300, 400)})), now=NOW + timedelta(minutes=1))
    assert undone(first).state == "applied"
    assert undone(second).state == "undone"
    assert bytes(Photo.objects.get().jpeg) == before
    assert undone(first).state == "undone"
    assert not Photo.objects.exists()


def test_g3_a_student_who_left_meanwhile_has_the_archive_checked_again(desk):
    one = checked(desk, a_zip(**{NUMBER: JPEG}))
    StudentRecord.objects.filter(name="颜明").update(removed_at=NOW)
    assert (confirm(one).state, Photo.objects.exists()) == ("uploaded", False)


def refused(desk, content):
    one = checked(desk, content)
    assert one.state == "refused"
    return one.message


def test_d1_what_is_no_archive_is_refused(desk):
    assert "不是有效的 ZIP" in refused(desk, b"PK\x03\x04")
    assert "不是有效的 ZIP" in refused(desk, b"")
    assert "不是有效的 ZIP" in refused(desk, a_zip(a=JPEG)[:-30])


def test_d1_a_directory_of_a_hundred_thousand_entries_is_not_read(desk):
    content = bytearray(a_zip(a=JPEG))
    end = content.rfind(b"PK\x05\x06")
    content[end + 12 : end + 16] = (400_000_000).to_bytes(4, "little")
    assert "压缩包过大" in refused(desk, bytes(content))


def test_d1_a_bomb_in_an_archive_is_a_fault_of_its_file(desk):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{NUMBER}.jpg", b"\0" * 50_000_000)
    assert "照片文件过大" in findings(checked(desk, out.getvalue()))[0]
    # The same, lying about its size.
    content = bytearray(out.getvalue())
    size = (50_000_000).to_bytes(4, "little")
    lying = bytes(content).replace(size, (1000).to_bytes(4, "little"))
    assert findings(checked(desk, lying))[0].split()[2].startswith(("文件已损坏", "不是有效的", "照片文件过大"))


def test_d1_a_photo_whose_packing_is_damaged_is_a_fault_of_its_file(desk):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{NUMBER}.jpg", JPEG)
        archive.writestr("12345678.jpg", a_jpeg(300, 400))
        begins = archive.infolist()[0].header_offset + 30 + len(f"{NUMBER}.jpg")
    content = bytearray(out.getvalue())
    # A block of a kind that there is not.
    content[begins] = 0b111
    assert findings(one := checked(desk, bytes(content))) == ["1 颜明 文件已损坏，无法解压"]
    assert one.added == 1


@pytest.mark.parametrize("damaged", [False, True])
@pytest.mark.parametrize("packing", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_d1_a_photo_that_is_packed_in_an_unusual_way_is_a_fault_of_its_file(desk, packing, damaged):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as archive:
        archive.writestr(f"{NUMBER}.jpg", JPEG)
        begins = archive.infolist()[0].header_offset + 30 + len(f"{NUMBER}.jpg")
    content = bytearray(out.getvalue())
    if damaged:
        # Of LZMA it is the byte that tells how the rest is to be read.
        content[begins + 4] ^= 0xFF
    one = checked(desk, bytes(content))
    assert (one.state, findings(one)) == ("ready", ["1 颜明 压缩方式不能识别，请用系统自带的 ZIP 压缩"])
