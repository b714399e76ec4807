"""What a setter of windows may set, and what is left of it within what stands above (rules C12, C13)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baokao.exams.piecing import MOST_PIECES, above, audiences, cuts, effects, faults
from baokao.exams.rules import Piece, window

OPENS = datetime(2026, 9, 20, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)
SCHOOL = "99301"


def piece(setter="campus", start=0, end=10, group="everyone", value="", pay=None):
    return Piece(
        setter,
        OPENS + start * HOUR,
        OPENS + end * HOUR,
        OPENS + (end + 24 if pay is None else pay) * HOUR,
        group,
        value,
    )


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        ([piece()], []),
        ([], []),
        ([piece(end=0)], [("closes_first", "closes_0")]),
        ([piece(pay=9)], [("unpayable", "pay_until_0")]),
        ([piece(group="grade")], [("no_value", "value_0")]),
        ([piece(), piece(start=20, end=20)], [("closes_first", "closes_1")]),
        ([piece(), piece(start=9, end=12)], [("overlaps", "opens_1")]),
        ([piece(), piece(start=10, end=12)], []),
        ([piece(), piece(start=9, end=12, group="own")], []),
        ([piece(group="grade", value="2023"), piece(group="grade", value="2024")], []),
    ],
)
def test_c13_faults_of_pieces_name_the_field(pieces, expected):
    assert [(fault.code, fault.about) for fault in faults(pieces)] == expected


def test_c13_so_many_pieces_and_no_more():
    many = [piece(start=n * 10, end=n * 10 + 5) for n in range(MOST_PIECES + 1)]
    assert faults(many[1:]) == []
    assert [fault.code for fault in faults(many)] == ["too_many_pieces"]


def test_c13_what_is_above_a_setter():
    pieces = [piece(setter) for setter in ("campus", "national", "school", "province")]
    assert {one.setter for one in above(pieces, "school")} == {"national", "province"}
    assert above(pieces, "national") == []


def test_c13_pieces_within_what_stands_above_are_not_cut():
    assert cuts([piece(start=2, end=8, pay=20)], [piece("national")], SCHOOL, "written") == []
    assert cuts([piece(start=2, end=8)], [], SCHOOL, "written") == []


def test_c13_two_pieces_above_that_touch_cover_one_below():
    national = [piece("national", 0, 5), piece("national", 5, 10)]
    assert cuts([piece(start=2, end=8, pay=20)], national, SCHOOL, "written") == []


@pytest.mark.parametrize(
    ("own", "left"),
    [
        (piece(start=-1, end=8), [(0, 8)]),
        (piece(start=2, end=12), [(2, 10)]),
        (piece(start=20, end=22), []),
    ],
)
def test_c13_a_piece_that_reaches_outside_is_cut_to_the_intersection(own, left):
    [cut] = cuts([own], [piece("national")], SCHOOL, "written")
    assert (cut.number, cut.audience.label) == (1, "")
    assert [(span.opens_at, span.closes_at) for span in cut.spans] == [
        (OPENS + a * HOUR, OPENS + b * HOUR) for a, b in left
    ]


def test_c12_a_pay_until_that_is_cut_short_is_told_too():
    [cut] = cuts([piece(start=2, end=8, pay=60)], [piece("national")], SCHOOL, "written")
    assert cut.spans[0].pay_until == OPENS + 34 * HOUR


def test_c13_what_is_above_may_cut_some_and_not_others():
    province = [piece("province"), piece("province", 0, 20, group="grade", value="2023")]
    found = cuts([piece(start=0, end=15, pay=34)], province, SCHOOL, "written")
    assert [cut.audience.label for cut in found] == ["本校其他考生"]


def test_c13_audiences_are_whom_the_pieces_tell_apart():
    assert [one.label for one in audiences([piece()], SCHOOL, "written")] == ["全部考生"]
    assert [one.label for one in audiences([piece(group="own")], SCHOOL, "speaking")] == ["本校", "外校"]
    graded = [piece(group="grade", value="2023"), piece(group="degree", value="本科")]
    labels = [one.label for one in audiences(graded, SCHOOL, "written")]
    assert labels == ["本校其他考生", "本校 本科", "本校 2023级", "本校 2023级 本科"]


def test_c13_an_effect_for_all_when_nobody_is_told_apart_in_the_end():
    same = [piece(), piece(group="own")]
    [effect] = effects([same[0]], SCHOOL, "speaking")
    assert effect.audience.label == "全部考生"
    later = [piece(group="own"), piece(start=2, end=10, group="everyone")]
    assert [effect.audience.label for effect in effects(later, SCHOOL, "speaking")] == ["本校", "外校"]


moments = st.integers(0, 40)
a_piece = st.builds(
    lambda start, length, group, value: piece("campus", start, start + length, group, value),
    moments, st.integers(1, 20), st.sampled_from(["everyone", "own", "grade"]), st.sampled_from(["2023", "2024"]),
)  # fmt: skip


@given(st.lists(a_piece, max_size=4), st.lists(a_piece, max_size=3))
def test_c13_nothing_is_cut_exactly_when_everybody_keeps_what_the_piece_gives(own, higher):
    """Against the definition, second by second, for everybody whom the pieces tell apart."""
    national = [Piece("national", *(getattr(one, name) for name in FIELDS)) for one in higher]
    told = {cut.number for cut in cuts(own, national, SCHOOL, "speaking")}
    for number, one in enumerate(own, start=1):
        loses = False
        for audience in audiences([*own, *national], SCHOOL, "speaking"):
            if not one.is_for(audience.person, SCHOOL):
                continue
            spans = window([*national, one], audience.person, SCHOOL)
            hours = range(61)
            given_hours = [one.opens_at <= OPENS + h * HOUR < one.closes_at for h in hours]
            kept = [any(span.holds(OPENS + h * HOUR) for span in spans) for h in hours]
            payable = max((span.pay_until for span in spans), default=None)
            loses |= given_hours != kept or payable != one.pay_until
        assert (number in told) == loses


FIELDS = ("opens_at", "closes_at", "pay_until", "group", "group_value")
