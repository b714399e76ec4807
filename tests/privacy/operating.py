"""Scenarios of bills, imports, retention and switches (proof f6); as in telling.py."""

from datetime import timedelta

from baokao.core import switches
from baokao.core.retention import runner
from baokao.exams.models import Sitting
from baokao.passport.models import Passport
from baokao.payments import services as payments
from baokao.payments.models import Difference
from tests.cast import NOW, a_candidate, a_passport
from tests.exams.setting_up import SAME
from tests.files import OFFERINGS, ROSTER, SCHOOLS, SCORES, run, student
from tests.payments.billing import MORNING, compare, line, paid
from tests.privacy.house import leaves

DAY = timedelta(days=1)


@leaves("bill.compared")
def a_bill_compared(house):
    attempt = paid(house.stage, house.bank)
    yield
    assert compare(house.bank, line(attempt)) == "compared"


@leaves("bill.difference_settled")
def a_difference_settled(house):
    attempt = paid(house.stage, house.bank)
    compare(house.bank, line(attempt, amount=2 * attempt.amount))
    found = Difference.objects.get(state="listed")
    yield
    payments.settle_difference(found.id, "张三", "已线下退回", MORNING)


# The national office's files, and what the nightly job does


@leaves("schools.imported")
def schools_imported(house):
    row = {"省代码": "99", "学校代码": "99201", "学校名称": "新校", "校区代码": "992010", "校区名称": "主校区"}
    yield
    house.import_("schools", SCHOOLS, row)


@leaves("offerings.imported")
def offerings_imported(house):
    row = {"校区代码": "993010", "科目": "1", "容量": "500", "费用": "0.02", "开放时间": "2026-09-20 14:00:00",
           "截止时间": "2026-09-25 17:00:00"}  # fmt: skip
    yield
    house.import_("offerings", OFFERINGS, row)


@leaves("sitting.imported")
def sitting_imported(house):
    path = house.folder / "sitting.yaml"
    path.write_text(f"{SAME}pages: {{intro: {{title: 考试简介, body: 一}}}}\n", encoding="utf-8")
    yield
    assert run("sitting", path) == 0


@leaves("roster.imported")
def roster_imported(house):
    yield
    house.import_("roster", ROSTER, student(校区代码="993010"))


@leaves("scores.imported")
def scores_imported(house):
    row = {"准考证号": "993010162100101", "证件类型": "居民身份证", "证件号码": "11010519491231002X", "姓名": "颜明",
           "科目": "英语四级笔试", "成绩": "430"}  # fmt: skip
    yield
    house.import_("scores", SCORES, row)


@leaves("retention.deleted")
def deleted(house):
    Passport.objects.filter(id=a_passport().id).update(registered_at=NOW - 900 * DAY)
    yield
    list(runner.run(NOW))


@leaves("retention.blanked")
def blanked(house):
    a_candidate(house.stage)
    Sitting.objects.update(state="closed", written_on=(NOW - 500 * DAY).date())
    yield
    list(runner.run(NOW))


@leaves("switch.turned")
def switch_turned(house):
    yield
    switches.turn(switches.ENTRIES_PAUSED, False, NOW)
