"""The pure rules of the speaking test (rules C7, C8)."""

from dataclasses import replace

import pytest

from baokao.registration import speaking
from baokao.registration.speaking import Home
from tests.registration.test_rules import ENGLISH4, HELD, HOUR, JAPANESE4, NOW, messages

HOME = Home("99301", "99", "any")
SPEAKING4 = replace(
    ENGLISH4, code="F", name="英语四级口试", kind="speaking", offering=7, province="99", inbound="province"
)
SPEAKING6 = replace(SPEAKING4, code="S", name="英语六级口试", level=6)
JAPANESE = replace(SPEAKING4, code="J", name="日语四级口试", language="Japanese")
WRITTEN = [replace(ENGLISH4, entry=HELD)]


def test_c8_nothing_stands_in_the_way_at_ones_own_campus():
    assert speaking.refusals(SPEAKING4, HOME, WRITTEN, NOW) == []


@pytest.mark.parametrize(
    ("subject", "sentence"),
    [
        (SPEAKING4, "不具有CET四级口试报考资格！"),
        (SPEAKING6, "不具有CET六级口试报考资格！"),
        (JAPANESE, "不具有日语四级口试报考资格！"),
    ],
)
def test_c8_who_is_not_eligible_reads_the_guides_sentence(subject, sentence):
    assert speaking.not_eligible(subject) == sentence
    assert messages(speaking.refusals(replace(subject, eligible=False), HOME, WRITTEN, NOW))[0] == sentence


@pytest.mark.parametrize(
    "written",
    [
        [],
        [ENGLISH4],
        [replace(JAPANESE4, entry=HELD)],
        [replace(ENGLISH4, code="2", level=6, entry=HELD)],
    ],
    ids=["nothing is there", "offered and not entered", "another language", "another level"],
)
def test_c7_speaking_needs_the_written_entry_of_its_level_and_language(written):
    found = speaking.refusals(SPEAKING4, HOME, written, NOW)
    assert messages(found) == ["必须先完成英语四级笔试的报考，才可以报考同级别口试。"]


@pytest.mark.parametrize(
    ("outbound", "school", "province", "inbound", "reason"),
    [
        ("any", "99301", "99", "own", None),
        ("own", "99301", "99", "own", None),
        ("any", "99101", "99", "province", None),
        ("any", "99101", "99", "nation", None),
        ("any", "11111", "11", "nation", None),
        ("any", "99101", "99", "own", "该校区只接受本校考生。"),
        ("any", "11111", "11", "own", "该校区只接受本校考生。"),
        ("any", "11111", "11", "province", "该校区只接受本省考生。"),
        ("own", "99101", "99", "province", "您的学校只允许在本校报考口试。"),
        ("own", "11111", "11", "nation", "您的学校只允许在本校报考口试。"),
    ],
)
def test_c8_both_policies_must_admit(outbound, school, province, inbound, reason):
    assert speaking.closed_to(Home("99301", "99", outbound), school, province, inbound) == reason


def test_c8_a_campus_that_does_not_admit_is_a_refusal():
    away = replace(SPEAKING4, school=("11111", "北京示例大学"), province="11")
    assert messages(speaking.refusals(away, HOME, WRITTEN, NOW)) == ["该校区只接受本省考生。"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"restriction": "作弊"}, "已被限制报考：作弊。"),
        ({"offering": None}, "本校区未开考。"),
        ({"exam_on": None}, "考试日期未公布。"),
        ({"fee": None}, "费用未设置。"),
        ({"spans": []}, "报名时间未公布。"),
        ({"taken": 10}, "已报满。"),
    ],
)
def test_c3_the_requirements_of_every_entry_hold_for_speaking(change, message):
    assert messages(speaking.refusals(replace(SPEAKING4, **change), HOME, WRITTEN, NOW)) == [message]


def test_c7_what_goes_along_is_of_the_same_level_and_language():
    held = [replace(one, entry=HELD) for one in (SPEAKING4, SPEAKING6, JAPANESE)]
    assert [one.code for one in speaking.going_along(held, WRITTEN)] == ["F"]
    assert speaking.going_along([SPEAKING4], WRITTEN) == []


def test_c7_the_question_names_what_goes_along():
    asked = speaking.going_along_question([SPEAKING4])
    assert asked.message == "取消笔试科目时，同级别的口试科目 (F) 英语四级口试 将一并取消。"
    assert (asked.code, asked.about) == ("takes_along", "F")


def test_c7_a_window_does_not_matter_to_what_goes_along():
    closed = replace(SPEAKING4, entry=HELD, spans=[])
    assert speaking.going_along([closed], [replace(ENGLISH4, entry=replace(HELD, held_until=NOW + HOUR))]) == [closed]
