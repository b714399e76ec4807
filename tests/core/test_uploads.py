"""Files kept for jobs: whole again, sealed, gone in time; and bodies that only a view for files may be sent (d10)."""

import io
import uuid
from datetime import timedelta

import psycopg
import pytest
from django.core.files.base import File
from django.http import HttpResponse
from django.test import RequestFactory, override_settings
from django.urls import path

from baokao.core import uploads
from baokao.core.crypto import rotation
from baokao.core.http.middleware.bounds import RefuseTheImpossible
from baokao.core.http.uploads import uploads as taking
from baokao.core.models import Upload, UploadChunk
from baokao.core.retention import runner
from baokao.core.uploads.chunks import CHUNK
from tests.cast import NOW
from tests.site import address

pytestmark = pytest.mark.django_db

SECRET = b"11010519491231002X"


def a_file(content=SECRET, name="名册.csv"):
    return File(io.BytesIO(content), name=name)


def content_of(upload):
    with uploads.open_file(upload) as path:
        return path.read_bytes(), path


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, 3 * CHUNK + 5])
def test_a_file_comes_out_as_it_went_in(size):
    content = bytes(number % 251 for number in range(size))
    kept = uploads.keep(a_file(content), NOW)
    found, path = content_of(kept.id)
    assert (found, kept.size, path.suffix) == (content, size, ".csv")
    assert not path.exists()


def test_h2_nothing_of_a_file_is_kept_in_clear():
    uploads.keep(a_file(SECRET * 10), NOW)
    assert not any(SECRET in bytes(chunk.sealed) for chunk in UploadChunk.objects.all())


def test_the_same_bytes_have_the_same_digest_under_any_name():
    assert uploads.keep(a_file(), NOW).digest == uploads.keep(a_file(name="b.xlsx"), NOW).digest


def test_a_file_that_is_gone_says_so():
    kept = uploads.keep(a_file(), NOW)
    uploads.remove(kept.id)
    for gone in (kept.id, uuid.uuid4()):
        with pytest.raises(uploads.UploadGone, match="请重新上传"):
            content_of(gone)


def test_h5_a_file_goes_when_its_time_is_over():
    uploads.keep(a_file(), NOW)
    list(runner.run(NOW + uploads.chunks.KEPT - timedelta(seconds=1)))
    assert Upload.objects.exists()
    list(runner.run(NOW + uploads.chunks.KEPT + timedelta(seconds=1)))
    assert not Upload.objects.exists()
    assert not UploadChunk.objects.exists()


def test_a_kept_file_outlives_its_key():
    with override_settings(ENCRYPTION_KEYS={1: b"a" * 32}):
        kept = uploads.keep(a_file(bytes(range(256)) * 9), NOW)
    with override_settings(ENCRYPTION_KEYS={1: b"a" * 32, 2: b"b" * 32}):
        list(rotation.reseal())
    with override_settings(ENCRYPTION_KEYS={2: b"b" * 32}):
        assert content_of(kept.id)[0] == bytes(range(256)) * 9


@pytest.mark.parametrize("statement", ["SELECT sealed FROM core_uploadchunk", "DELETE FROM core_upload"])
def test_the_web_can_neither_read_a_file_again_nor_remove_it(statement):
    with psycopg.connect(address("web")) as raw, pytest.raises(psycopg.errors.InsufficientPrivilege):
        raw.execute(statement)


# The bound of a body


@taking(1 << 20)
def takes(request):
    return HttpResponse(len(request.body))


@taking(1 << 20, may=lambda request: "staff" in request.COOKIES)
def takes_of_staff(request):
    return HttpResponse(len(request.body))


urlpatterns = [
    path("takes/", takes),
    path("staff/", takes_of_staff),
    path("plain/", lambda _: HttpResponse()),
]


@pytest.mark.parametrize(
    ("where", "length", "status"),
    [
        ("/plain/", 256 << 10, 200),
        ("/plain/", (256 << 10) + 1, 400),
        ("/takes/", 1 << 20, 200),
        ("/takes/", (1 << 20) + 1, 400),
        ("/staff/", 256 << 10, 200),
        ("/staff/", 1 << 20, 400),
        ("/nowhere/", (256 << 10) + 1, 400),
    ],
)
@override_settings(ROOT_URLCONF=__name__)
def test_d10_a_body_is_as_long_as_its_view_takes(where, length, status):
    request = RequestFactory().post(where, b"", content_type="multipart/form-data; boundary=x")
    request.META["CONTENT_LENGTH"] = str(length)
    read = []
    request.read = lambda *_: read.append(1) or b""
    assert RefuseTheImpossible(lambda _: HttpResponse())(request).status_code == status
    assert not read
