"""Proof beside an application: handed in, decoded anew, shown as a picture alone (rule E4; proofs d10, f6)."""

import pytest

from baokao.core.models import AuditRow
from baokao.review.models import Decision, Evidence
from tests.office.review.doing import at, behalf, keep, waiting
from tests.registration.test_pages import text
from tests.review.scans import a_scan, pdf

pytestmark = pytest.mark.django_db


def test_e4_evidence_is_kept_before_or_with_the_decision(stage, desk):
    application = waiting(stage)
    answer = desk.post(at(application), {"step": "keep", "proof": [a_scan(), a_scan(pdf(2), "b.pdf")]}, follow=True)
    assert "材料已保存。" in text(answer)
    assert "证明材料第3页" in answer.content.decode()
    desk.post(at(application), {"step": "pass", "common": "1", "proof": a_scan()})
    assert list(Evidence.objects.order_by("position").values_list("position", flat=True)) == [1, 2, 3, 4]


def test_e4_what_is_no_picture_is_refused_and_nothing_decided(stage, desk):
    application = waiting(stage)
    page = desk.post(
        at(application), {"step": "pass", "common": "1", "proof": a_scan(b"<svg onload=alert(1)>", "a.jpg")}
    )
    assert "只能上传JPG、PNG、WebP图片或PDF文件。" in text(page)
    assert not Decision.objects.exists()
    assert not Evidence.objects.exists()


def test_e4_evidence_is_a_download_of_our_own_picture(stage, desk):
    scan = keep(waiting(stage))
    answer = desk.get(f"/office/review/evidence/{scan.id}/")
    assert answer.content[:3] == b"\xff\xd8\xff"
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="evidence-1.jpg"'
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert AuditRow.objects.filter(action="review.evidence_shown").count() == 1


def test_d10_a_body_above_the_bound_is_refused_unread(stage, desk):
    application = waiting(stage)
    answer = desk.post(at(application), b"", content_type="text/plain", CONTENT_LENGTH=str(40 << 20))
    assert answer.status_code == 400


@pytest.mark.parametrize("way", ["application", "behalf"])
def test_d10_a_strangers_upload_is_refused_unread(stage, client, way):
    application = waiting(stage)
    path = at(application) if way == "application" else behalf(application.record)
    answer = client.post(path, b"", content_type="text/plain", CONTENT_LENGTH=str(2 << 20))
    assert answer.status_code == 400
