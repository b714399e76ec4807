"""The timeline and what is said of a sitting, pure (pages.md, `/`; look.md, the calendar)."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baokao.core.zone import SHANGHAI
from baokao.home.calendar import Stretch, calendar
from baokao.home.shown import Dates, Exam, SittingShown, exam_days

OPENS = datetime(2017, 9, 20, 14, tzinfo=SHANGHAI)
CLOSES = datetime(2017, 10, 8, 17, tzinfo=SHANGHAI)
AUTUMN = Dates(
    "2017年下半年CET考试", "2017年下半年", "open", OPENS, CLOSES, date(2017, 12, 16), date(2017, 11, 18),
    date(2017, 11, 19), datetime(2017, 12, 1, 9, tzinfo=SHANGHAI), datetime(2017, 11, 13, 9, tzinfo=SHANGHAI),
    (
        Exam("英语四级笔试", 4, True, date(2017, 12, 16), time(9)),
        Exam("英语六级笔试", 6, True, date(2017, 12, 16), time(15)),
        Exam("日语四级笔试", 4, True, date(2017, 12, 16)),
        Exam("英语四级口试", 4, False, date(2017, 11, 18)),
        Exam("英语六级口试", 6, False, date(2017, 11, 19)),
    ),
)  # fmt: skip


def at(*moment: int) -> SittingShown:
    return SittingShown.of(AUTUMN, datetime(*moment, tzinfo=SHANGHAI))


@pytest.mark.parametrize(
    ("moment", "tag", "what"),
    [
        ((2017, 9, 20, 13, 59, 59), "报名即将开始", "网上报名开始"),
        ((2017, 9, 20, 14), "报名进行中", "网上报名截止"),
        ((2017, 10, 8, 16, 59, 59), "报名进行中", "网上报名截止"),
        ((2017, 10, 8, 17), "报名已结束", "口试准考证打印"),
        ((2017, 11, 13, 9), "报名已结束", "英语四级口试"),
        ((2017, 11, 18, 0), "报名已结束", "英语六级口试"),
        ((2017, 11, 19, 8), "报名已结束", "笔试准考证打印"),
        ((2017, 12, 16, 8, 59), "报名已结束", "笔试"),
        ((2017, 12, 16, 9), "报名已结束", None),
        ((2017, 12, 17, 0), "考试已结束", None),
    ],
)
def test_h1_state_and_next_date_at_each_boundary(moment, tag, what):
    shown = at(*moment)
    assert shown.tag == tag
    assert (shown.next.what if shown.next else None) == what


def test_the_countdown_is_in_whole_minutes_so_that_the_page_keeps_its_etag():
    one, other = at(2017, 9, 28, 14, 2, 1).next, at(2017, 9, 28, 14, 2, 59).next
    assert one
    assert other
    assert one == other
    assert one.figures == (("10", "天"), ("2", "小时"), ("57", "分"))
    assert one.seconds == ((10 * 24 + 2) * 60 + 57) * 60


def test_the_last_minute_reads_as_one():
    following = at(2017, 10, 8, 16, 59, 30).next
    assert following
    assert following.figures == (("不到\u00a01", "分"),)


def test_a_sitting_in_preparation_is_not_open_whatever_its_dates():
    shown = SittingShown.of(Dates("x", "x", "preparing", OPENS, CLOSES), OPENS + timedelta(days=1))
    assert shown.tag == "报名即将开始"
    assert not shown.running


def test_a_sitting_without_any_date_can_be_shown():
    shown = SittingShown.of(Dates("x", "x", "open"), OPENS)
    assert (shown.next, shown.calendar, shown.days, shown.tickets_day) == (None, None, (), "")


def test_of_two_sittings_the_one_in_registration_is_in_the_hero():
    late = SittingShown.of(Dates("late", "x", "open", OPENS, OPENS + timedelta(days=1)), CLOSES)
    running = SittingShown.of(Dates("running", "x", "open", CLOSES, CLOSES + timedelta(days=3)), CLOSES)
    found = SittingShown.most_urgent([late, running])
    assert found is running
    assert SittingShown.most_urgent([]) is None


def test_f3_exam_days_name_morning_and_afternoon():
    days = exam_days(AUTUMN.exams)
    assert [(day.heading, day.weekday, day.lines) for day in days] == [
        ("笔试", "星期六", ("上午：英语、日语四级", "下午：英语六级")),
        ("口试（选）", "星期六", ("英语四级",)),
        ("口试（选）", "星期日", ("英语六级",)),
    ]


def test_the_timeline_of_the_mock():
    drawn = at(2017, 9, 28, 0).calendar
    assert drawn
    assert [row.title for row in drawn.rows] == ["网上报名", "口试准考证打印", "口试（选）", "笔试准考证打印", "笔试"]
    assert [row.text for row in drawn.rows] == ["还剩 10 天", "46 天后", "51 天后", "64 天后", "79 天后"]
    assert [name for _, name in drawn.months] == ["9月", "10月", "11月", "12月"]
    assert [row.text_first for row in drawn.rows] == [False, True, True, True, True]
    assert drawn.today == pytest.approx(10.3, abs=0.1)
    assert drawn.rows[-1].note == "12月16日 上午四级 · 下午六级"


def test_across_the_turn_of_the_year_january_bears_its_year():
    opens = datetime(2026, 11, 24, tzinfo=SHANGHAI)
    drawn = calendar([Stretch("x", "", opens, opens + timedelta(days=70))], opens)
    assert drawn
    assert [name for _, name in drawn.months] == ["11月", "12月", "2027年1月", "2月"]


moments = st.integers(0, 20 * 365 * 86400).map(lambda seconds: OPENS + timedelta(seconds=seconds))
stretches = st.builds(
    lambda begins, hours: Stretch("x", "", begins, begins + timedelta(hours=hours)), moments, st.integers(0, 2000)
)


@given(st.lists(stretches, min_size=1, max_size=6), moments)
def test_whatever_the_dates_everything_lies_within_the_drawing_and_in_order(found, now):
    drawn = calendar(found, now)
    assert drawn
    assert drawn.today is None or 0 <= drawn.today <= 100
    assert all(0 <= row.x <= 100 and row.width > 0 and row.x + row.width <= 102 for row in drawn.rows)
    assert [row.x for row in drawn.rows] == sorted(row.x for row in drawn.rows)
    assert [x for x, _ in drawn.months] == sorted(x for x, _ in drawn.months)
