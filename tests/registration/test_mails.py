"""The mails of the journey: what they say, and what they must not (rules C5, H2)."""

from datetime import UTC, datetime

import pytest

from baokao.core.outbox.mail import render

SITTING = "2017年下半年CET考试"
HELD_UNTIL = datetime(2017, 9, 29, 6, tzinfo=UTC)
ENTERED = [
    {"label": "(1) 英语四级笔试", "held_until": HELD_UNTIL},
    {"label": "(4) 日语六级笔试", "held_until": HELD_UNTIL},
]


@pytest.fixture(autouse=True)
def bases(settings):
    settings.BASE_URLS = ["https://cet.example.edu.cn", "https://cet.example.com"]


def test_c5_the_mail_after_entering_names_subjects_and_their_end():
    subject, text = render("registration/entered", {"sitting": SITTING, "entered": ENTERED})
    assert subject == "报考成功，请按时支付"
    assert "您已成功报考2017年下半年CET考试的以下科目" in text
    for label in ("(1) 英语四级笔试", "(4) 日语六级笔试"):
        assert f"· {label}，请在 2017-09-29 14:00 前完成支付\n" in text
    assert "教育网用户：https://cet.example.edu.cn/my/registration/\n" in text
    assert "非教育网用户：https://cet.example.com/my/registration/\n" in text
    assert "&" not in text


def test_c5_with_one_base_address_there_is_one_link(settings):
    settings.BASE_URLS = ["https://cet.example.com"]
    _, text = render("registration/entered", {"sitting": SITTING, "entered": ENTERED[:1]})
    assert "查看报名信息并支付：https://cet.example.com/my/registration/\n" in text
    assert "教育网用户" not in text


def test_a8_who_retrieved_an_account_is_not_named_to_its_address():
    _, text = render("registration/retrieved", {"at": HELD_UNTIL, "sitting": "2017年下半年CET考试"})
    assert "2017年下半年CET考试" in text
    assert "2017-09-29 14:00" in text
