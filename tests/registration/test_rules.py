"""The pure rules of entering (rules B1, C2, C3, C4, C5, C10, C12)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from baokao.exams.rules import Span
from baokao.registration import rules
from baokao.registration.rules import EntryFacts, SubjectFacts

NOW = datetime(2026, 9, 20, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)
OPEN = Span(NOW - HOUR, NOW + 240 * HOUR, NOW + 264 * HOUR)
HOLD = timedelta(hours=24)

ENGLISH4 = SubjectFacts(
    code="1", name="英语四级笔试", level=4, language="English", kind="written", exam_on=NOW.date(), eligible=True,
    restriction=None, offering=1, campus=("993010", "测试校区机构001"), school=("99301", "测试学校机构01"),
    fee=Decimal("0.01"), capacity=10, taken=0, spans=[OPEN],
)  # fmt: skip
JAPANESE4 = replace(ENGLISH4, code="3", name="日语四级笔试", language="Japanese", offering=3)
JAPANESE6 = replace(JAPANESE4, code="4", name="日语六级笔试", level=6, offering=4)
HELD = EntryFacts("e", "unpaid", 1, NOW - HOUR, NOW + 23 * HOUR)


def messages(found):
    return [refusal.message for refusal in found]


def test_c3_nothing_stands_in_the_way_of_a_sound_subject():
    assert rules.refusals(ENGLISH4, NOW) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"eligible": False}, "不具有该科目报考资格。"),
        ({"restriction": "学籍注销"}, "已被限制报考：学籍注销。"),
        ({"offering": None}, "本校区未开考。"),
        ({"exam_on": None}, "考试日期未公布。"),
        ({"fee": None}, "费用未设置。"),
        ({"fee": Decimal(0)}, "费用未设置。"),
        ({"spans": [Span(NOW + HOUR, NOW + 2 * HOUR, NOW + 3 * HOUR)]}, "2026-09-20 15:00开始报名。"),
        ({"spans": [Span(NOW - 2 * HOUR, NOW, NOW + HOUR)]}, "报名已于2026-09-20 14:00结束。"),
        ({"taken": 10}, "已报满。"),
    ],
)
def test_c3_each_requirement_that_fails_is_its_own_sentence(change, message):
    assert messages(rules.refusals(replace(ENGLISH4, **change), NOW)) == [message]


def test_c3_all_that_fail_are_told_in_the_rules_order():
    worst = replace(ENGLISH4, eligible=False, restriction="", exam_on=None, fee=None, spans=[], taken=10)
    assert messages(rules.refusals(worst, NOW)) == [
        "不具有该科目报考资格。",
        "已被限制报考：未说明原因。",
        "考试日期未公布。",
        "费用未设置。",
        "报名时间未公布。",
        "已报满。",
    ]


def test_c2_two_written_subjects_of_one_level_are_refused_in_the_guides_words():
    found = rules.level_refusals([ENGLISH4, JAPANESE4, JAPANESE6], allows_both_levels=True)
    assert messages(found) == ["英语和小语种笔试同级别科目只能报考1科，四级笔试存在多科报考，请检查数据！"]
    assert found[0].about == "1,3"


def test_c2_likewise_for_level_6():
    german6 = replace(JAPANESE6, code="6", name="德语六级笔试")
    found = rules.level_refusals([JAPANESE6, german6], allows_both_levels=True)
    assert messages(found) == ["英语和小语种笔试同级别科目只能报考1科，六级笔试存在多科报考，请检查数据！"]


def test_c2_one_of_each_level_is_fine():
    assert rules.level_refusals([ENGLISH4, JAPANESE6], allows_both_levels=True) == []


def test_c3_a_school_may_forbid_both_levels():
    found = rules.level_refusals([ENGLISH4, JAPANESE6], allows_both_levels=False)
    assert messages(found) == ["本校不允许同时报考四级和六级。"]


def test_c3_turning_the_switch_off_touches_no_existing_entry():
    held = [replace(ENGLISH4, entry=HELD), replace(JAPANESE6, entry=HELD)]
    assert rules.level_refusals(held, allows_both_levels=False) == []


def test_c5_a_seat_is_held_for_24_hours():
    assert rules.held_until(ENGLISH4, HOLD, NOW) == NOW + HOLD


def test_c12_a_hold_ends_at_pay_until_if_that_is_earlier():
    closing = replace(ENGLISH4, spans=[Span(NOW - HOUR, NOW + HOUR, NOW + 5 * HOUR)])
    assert rules.held_until(closing, HOLD, NOW) == NOW + 5 * HOUR


def test_c4_taking_a_subject_again_does_not_renew_the_first_clock():
    again = replace(ENGLISH4, first_hold=NOW + 3 * HOUR, given_up_at=NOW - HOUR)
    assert rules.held_until(again, HOLD, NOW) == NOW + 3 * HOUR


def test_c4_a_first_clock_that_ran_out_long_ago_counts_no_more():
    again = replace(ENGLISH4, first_hold=NOW - HOUR, given_up_at=NOW - HOUR)
    assert rules.held_until(again, HOLD, NOW) == NOW + HOLD


@pytest.mark.parametrize(
    ("earlier", "renewed"),
    [(Span(NOW - 9 * HOUR, NOW - 2 * HOUR, NOW), True), (Span(NOW - 9 * HOUR, NOW - HOUR, NOW), False)],
    ids=["a pause in between", "pieces that touch"],
)
def test_c4_a_later_piece_of_the_window_renews_the_clock_of_what_was_given_up_in_an_earlier_one(earlier, renewed):
    again = replace(
        ENGLISH4, spans=[earlier, OPEN], first_hold=NOW + 3 * HOUR, given_up_at=NOW - 3 * HOUR
    )  # fmt: skip
    assert rules.held_until(again, HOLD, NOW) == NOW + (HOLD if renewed else 3 * HOUR)


def test_c6_a_paid_entry_cannot_be_given_up():
    paid = replace(ENGLISH4, entry=replace(HELD, state="paid"))
    assert messages(rules.giving_up_refusals(paid, NOW)) == ["已支付科目不可取消报考。"]


def test_c6_nothing_is_given_up_after_closing():
    late = replace(ENGLISH4, entry=HELD, spans=[Span(NOW - 2 * HOUR, NOW, NOW + HOUR)])
    [refusal] = rules.giving_up_refusals(late, NOW)
    assert (refusal.message, refusal.remedy) == ("报名已于2026-09-20 14:00结束。", "不能再更改或取消报考科目。")


def test_c12_in_a_pause_it_says_from_when_it_can_be_given_up_again():
    pause = replace(
        ENGLISH4,
        entry=HELD,
        spans=[Span(NOW - 2 * HOUR, NOW, NOW + HOUR), Span(NOW + HOUR, NOW + 2 * HOUR, NOW + 3 * HOUR)],
    )
    [refusal] = rules.giving_up_refusals(pause, NOW)
    assert (refusal.message, refusal.remedy) == ("2026-09-20 15:00开始报名。", "届时可以更改或取消报考科目。")


@pytest.mark.parametrize(
    ("bound", "states", "expected"),
    [
        (False, [], "未报名或当前通行证账号非报名时账号"),
        (True, [], "已保存，未报考科目"),
        (True, ["unpaid", "unpaid"], "已报考，未支付"),
        (True, ["paid", "unpaid"], "部分支付"),
        (True, ["paid"], "报名完成"),
    ],
)
def test_b1_the_status_says_where_one_stands(bound, states, expected):
    assert rules.status(bound, states) == expected


@pytest.mark.parametrize(
    ("states", "expected"),
    [(["unpaid"], "全未支付"), (["paid", "unpaid"], "部分支付"), (["paid", "paid"], "已全部支付")],
)
def test_c10_the_paid_state_of_a_table(states, expected):
    assert rules.paid_state(states) == expected


@pytest.mark.parametrize(
    ("bound", "written", "speaking", "now", "done"),
    [
        (False, [], [], "资格验证", 2),
        (True, [], [], "笔试报名缴费", 3),
        (True, ["unpaid"], ["unpaid"], "笔试报名缴费", 3),
        (True, ["paid"], ["unpaid"], "口试报名缴费", 4),
        (True, ["paid"], [], "报名成功", 4),
        (True, ["paid"], ["paid"], "报名成功", 5),
    ],
)
def test_the_strip_marks_ones_own_position(bound, written, speaking, now, done):
    steps = rules.strip(bound, written, speaking)
    assert [step.label for step in steps if step.state == "now"] == [now]
    assert sum(step.state == "done" for step in steps) == done
    assert [step.number for step in steps if step.optional] == [5]
