"""Wherever a candidate may be told to turn to the school, the page says whom to call (rule G8)."""

import pytest

from baokao.core import clock
from baokao.core.brief import forget_all
from baokao.exams.models import Contact
from baokao.registration import services
from baokao.roster.models import StudentRecord
from tests.cast import NOW, SITTING, a_passport, a_record, agreed
from tests.payments.grouping import a_locked_group
from tests.registration.test_pages import text
from tests.signing_in import signed_in_client
from tests.speaking import set_speaking_stage

pytestmark = pytest.mark.django_db

BEFORE = ["/my/confirm/", "/my/review/"]
AFTER = ["/my/written/", "/my/speaking/", "/my/registration/", "/my/review/", "/my/pay/"]


@pytest.fixture(autouse=True)
def moment():
    with clock.travel(NOW):
        yield


@pytest.fixture
def stage():
    return set_speaking_stage()


@pytest.fixture
def passport(stage):
    return agreed(a_passport())


def looked_up(stage, passport):
    record = a_record(stage, name="颜明", id_type="6", number="993010WW1", subjects="1")
    client = signed_in_client(passport)
    client.post("/my/eligibility/", {"sitting": SITTING, "id_type": "6", "id_number": "993010WW1", "name": record.name})
    return client


def entered(stage, passport):
    record = a_record(stage, name="颜明", subjects="1")
    services.save_registration(passport.id, record.id, NOW)
    services.save_entries(passport.id, SITTING, frozenset("1"), NOW)
    return signed_in_client(passport)


PAGES = [(looked_up, path) for path in BEFORE] + [(entered, path) for path in AFTER]
EACH = pytest.mark.parametrize(("begin", "path"), PAGES, ids=[f"{begin.__name__} {path}" for begin, path in PAGES])


@EACH
def test_g8_the_contacts_that_the_school_set_are_on_the_page(stage, passport, begin, path):
    page = text(begin(stage, passport).get(path))
    assert "联系人：王老师电话：010-62980000办公地点：101室办公时间：8:30–17:00" in page


@EACH
def test_g8_while_the_school_has_named_nobody_the_page_names_the_service(stage, passport, begin, path):
    Contact.objects.all().delete()
    forget_all()
    page = text(begin(stage, passport).get(path))
    assert "学校还没有填写联系方式" in page
    assert "或拨打客服电话" in page


def test_g8_who_is_restricted_or_locked_and_wants_to_pay_reads_whom_to_call(stage, passport):
    client = entered(stage, passport)
    StudentRecord.objects.update(subjects_restricted="1", restriction_reason="处分")
    page = text(client.post("/my/pay/", {"step": "sure", "subject": "1"}))
    assert "已被限制报考：处分。请联系学校负责老师。" in page
    assert page.count("联系人：王老师") == 1
    StudentRecord.objects.update(subjects_restricted="")
    a_locked_group(passport)
    page = text(client.get("/my/pay/"))
    assert "该科目已被集体缴费锁定，请联系学校老师。" in page
    assert page.count("联系人：王老师") == 1
