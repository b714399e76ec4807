"""What differs between an application and a score record, character by character."""

from hypothesis import given
from hypothesis import strategies as st

from baokao.review.differences import Part, compare

TEXTS = st.text("甲乙丙12", max_size=12)


def shown(parts):
    return "".join(f"[{part.text}]" if part.differs else part.text for part in parts)


def test_the_same_has_nothing_marked():
    found = compare("李博", "李博")
    assert (found.ours, found.theirs, found.same) == ((Part("李博", False),), (Part("李博", False),), True)


def test_numbers_of_one_length_are_compared_place_by_place():
    found = compare("99101000001", "99101000110")
    assert (shown(found.ours), shown(found.theirs), found.count) == ("99101000[001]", "99101000[110]", 3)
    # A shifted digit stays where it is read, it isn't slid beneath another.
    assert shown(compare("123456", "234561").ours) == "[123456]"


def test_texts_of_other_lengths_are_laid_side_by_side():
    found = compare("阿依古丽·买买提", "阿依古丽买买提")
    assert (shown(found.ours), shown(found.theirs), found.count) == ("阿依古丽[·]买买提", "阿依古丽买买提", 1)
    found = compare("99101000001", "9910100001")
    assert found.count == 1
    assert shown(found.theirs) == "9910100001"


def test_nothing_against_something_is_all_marked():
    found = compare("", "李博")
    assert (found.ours, shown(found.theirs), found.count) == ((), "[李博]", 2)


@given(TEXTS, TEXTS)
def test_both_texts_are_told_whole_and_equal_ones_alone_are_the_same(ours, theirs):
    found = compare(ours, theirs)
    assert "".join(part.text for part in found.ours) == ours
    assert "".join(part.text for part in found.theirs) == theirs
    assert found.same == (ours == theirs)
    same = ["".join(part.text for part in side if not part.differs) for side in (found.ours, found.theirs)]
    assert same[0] == same[1]
