"""Evidence is decoded in a process of its own and encoded anew; whatever else is sent is refused (rules E4, E6; proofs
d1, d10)."""

import io
import os
import time

import pytest
from PIL import Image

from baokao.core.verdict import RefusedError
from baokao.review import evidence
from tests.review.scans import a_scan, pdf, picture


def sent(*contents):
    return [a_scan(content) for content in contents]


def decoded(*contents):
    return evidence.pages_of(sent(*contents))


def refused(*contents):
    with pytest.raises(RefusedError) as caught:
        decoded(*contents)
    return caught.value.first.code


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_becomes_a_jpeg_of_ours(kind):
    (page,) = decoded(picture(kind))
    made = Image.open(io.BytesIO(page.jpeg))
    assert (made.format, made.size, (page.width, page.height)) == ("JPEG", (300, 200), (300, 200))


def test_each_page_of_a_pdf_becomes_a_picture_that_can_be_read():
    pages = decoded(pdf(3))
    assert len(pages) == 3
    assert {max(page.width, page.height) for page in pages} == {2000}


def test_several_files_keep_their_order():
    assert [page.width for page in decoded(picture(size=(10, 10)), picture(size=(20, 10)))] == [10, 20]


def test_what_is_large_is_made_smaller():
    (page,) = decoded(picture(size=(5000, 1000)))
    assert (page.width, page.height) == (2000, 400)


def test_nothing_of_the_file_but_its_look_is_kept():
    exif = Image.Exif()
    exif[0x010E] = "330101199001010000"
    (page,) = decoded(picture(exif=exif, comment=b"<script>alert(1)</script>") + b"<script>trailer</script>")
    assert b"330101199001010000" not in page.jpeg
    assert b"script" not in page.jpeg
    assert dict(Image.open(io.BytesIO(page.jpeg)).getexif()) == {}


def test_a_picture_stands_as_its_camera_says():
    exif = Image.Exif()
    exif[0x0112] = 6
    (page,) = decoded(picture(size=(300, 200), exif=exif))
    assert (page.width, page.height) == (200, 300)


def test_what_is_transparent_lies_on_white():
    (page,) = decoded(picture("PNG", mode="RGBA", color=(0, 0, 0, 0)))
    assert Image.open(io.BytesIO(page.jpeg)).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_unknown"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "file_unknown"),
        (b"<html><script>alert(1)</script>", "file_unknown"),
        (b"PK\x03\x04 a zip", "file_unknown"),
        (picture("GIF"), "file_unknown"),
        (b"%!PS-Adobe-3.0\n(run) deletefile", "file_unknown"),
        (b"\xff\xd8\xff and then nothing", "file_unreadable"),
        (picture()[:200], "file_unreadable"),
        (b"RIFF\x00\x00\x00\x00AVI ", "file_unreadable"),
        (b"%PDF-1.7\nnothing more", "file_unreadable"),
        (pdf()[:300], "file_unreadable"),
        (pdf(11), "too_many_pages"),
        (picture("PNG", (9000, 9000), "1", color=0), "picture_too_large"),
    ],
    ids=[
        "empty", "svg", "html", "zip", "gif", "postscript", "no jpeg", "cut jpeg", "avi", "no pdf", "cut pdf",
        "eleven pages", "a bomb",
    ],
)  # fmt: skip
def test_d1_what_is_no_picture_and_no_pdf_is_refused_by_what_it_is(content, code):
    assert refused(content) == code


def test_d1_a_huge_page_is_drawn_small():
    (page,) = decoded(pdf(size=(20, 14000)))
    assert page.height == 2000


def test_d10_bytes_files_and_pages_are_bounded():
    assert refused(b"\xff\xd8\xff" + bytes(evidence.BYTES_AT_MOST)) == "file_too_large"
    assert refused(*[picture()] * 5) == "too_many_files"
    assert refused(pdf(6), pdf(6)) == "too_many_pages"


def test_d10_what_takes_too_long_is_given_up(monkeypatch, tmp_path):
    slow = tmp_path / "slow.py"
    slow.write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr(evidence, "_PROGRAM", slow)
    monkeypatch.setattr(evidence, "SECONDS_AT_MOST", 0.3)
    began = time.monotonic()
    assert refused(picture()) == "file_unreadable"
    assert time.monotonic() - began < 5


def test_the_process_that_decodes_knows_no_secret(monkeypatch, tmp_path):
    monkeypatch.setitem(os.environ, "BAOKAO_SECRET_KEY", "a secret")
    told = tmp_path / "told.py"
    told.write_text("import os, sys\nsys.exit(9 if os.environ.get('BAOKAO_SECRET_KEY') else 3)\n")
    monkeypatch.setattr(evidence, "_PROGRAM", told)
    assert refused(picture()) == "file_unknown"
