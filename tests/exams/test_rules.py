"""Lights and windows (rules C9, C13, H1)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baokao.exams.rules import Light, Person, Piece, Span, light, next_span, open_span, window

OPENS = datetime(2026, 9, 20, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)
OWN = Person(school="99301", grade="01", degree="专科")


def piece(setter="campus", start=0, end=10, group="everyone", value="", pay=34):
    return Piece(setter, OPENS + start * HOUR, OPENS + end * HOUR, OPENS + pay * HOUR, group, value)


@pytest.mark.parametrize(
    ("capacity", "taken", "expected"),
    [(10, 0, "ok"), (10, 5, "ok"), (10, 6, "low"), (10, 9, "low"), (10, 10, "none"), (0, 0, "none"), (1, 0, "ok")],
)
def test_c9_half_free_is_green_less_is_yellow_none_is_red(capacity, taken, expected):
    assert light(capacity, taken) == Light(expected)


@given(st.integers(0, 5000), st.data())
def test_c9_none_means_full_and_nothing_else(capacity, data):
    taken = data.draw(st.integers(0, capacity))
    assert (light(capacity, taken) is Light.NONE) == (taken == capacity)


def test_h1_a_window_includes_its_opening_second_and_excludes_its_closing_second():
    span = Span(OPENS, OPENS + HOUR, OPENS + 2 * HOUR)
    assert not span.holds(OPENS - timedelta(seconds=1))
    assert span.holds(OPENS)
    assert span.holds(OPENS + HOUR - timedelta(seconds=1))
    assert not span.holds(OPENS + HOUR)


def test_c13_the_window_is_the_intersection_of_what_all_four_set():
    pieces = [
        piece("national", 0, 10, pay=40),
        piece("province", 2, 12, pay=30),
        piece("school", 1, 9),
        piece("campus", 3, 20),
    ]
    assert window(pieces, OWN, "99301") == [Span(OPENS + 3 * HOUR, OPENS + 9 * HOUR, OPENS + 30 * HOUR)]


def test_c13_a_setter_that_set_nothing_stands_in_nobodys_way():
    assert window([piece("campus", 3, 9)], OWN, "99301") == [
        Span(OPENS + 3 * HOUR, OPENS + 9 * HOUR, OPENS + 34 * HOUR)
    ]


def test_c13_without_any_piece_nothing_is_open():
    assert window([], OWN, "99301") == []


def test_c13_nobody_opens_outside_what_is_above():
    assert window([piece("national", 0, 2), piece("campus", 5, 9)], OWN, "99301") == []


def test_c13_a_window_may_be_in_several_pieces_with_a_pause_between():
    spans = window([piece("campus", 0, 2), piece("campus", 5, 9)], OWN, "99301")
    assert open_span(spans, OPENS + HOUR) == spans[0]
    assert open_span(spans, OPENS + 3 * HOUR) is None
    assert next_span(spans, OPENS + 3 * HOUR) == spans[1]


@pytest.mark.parametrize(
    ("group", "value", "person", "opens"),
    [
        ("own", "", OWN, True),
        ("own", "", Person("99101"), False),
        ("grade", "01", OWN, True),
        ("grade", "04", OWN, False),
        ("degree", "专科", OWN, True),
        ("degree", "本科", OWN, False),
    ],
)
def test_c13_a_piece_for_a_group_opens_for_that_group_alone(group, value, person, opens):
    assert bool(window([piece(group=group, value=value)], person, "99301")) is opens


def test_c13_a_setter_whose_pieces_are_all_for_others_closes_the_window():
    pieces = [piece("national"), piece("campus", group="grade", value="04")]
    assert window(pieces, OWN, "99301") == []


@given(
    st.lists(
        st.tuples(
            st.sampled_from(("national", "province", "school", "campus")), st.integers(0, 20), st.integers(1, 20)
        ),
        max_size=8,
    ),
    st.integers(-1, 45),
)
def test_c13_a_moment_is_open_just_when_every_setter_that_set_something_is(pieces, hour):
    made = [piece(setter, start, start + length, pay=60) for setter, start, length in pieces]
    now = OPENS + hour * HOUR
    setters = {one.setter for one in made}
    expected = bool(setters) and all(
        any(one.setter == setter and one.opens_at <= now < one.closes_at for one in made) for setter in setters
    )
    assert (open_span(window(made, OWN, "99301"), now) is not None) is expected
