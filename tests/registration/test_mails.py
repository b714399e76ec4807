"""The mails of the journey: what they say, and what they must not (rules C5, H2)."""

from datetime import UTC, datetime

from baokao.core.outbox.mail import render

SITTING = "2017年下半年CET考试"
HELD_UNTIL = datetime(2017, 9, 29, 6, tzinfo=UTC)
ENTERED = [
    {"label": "(1) 英语四级笔试", "held_until": HELD_UNTIL},
    {"label": "(4) 日语六级笔试", "held_until": HELD_UNTIL},
]


def test_c5_the_mail_after_entering_names_subjects_and_their_end():
    subject, body = render(
        "registration/entered", {"sitting": SITTING, "entered": ENTERED, "site": "https://cet.example"}
    )
    assert subject == "报考成功，请按时支付"
    assert "您已成功报考2017年下半年CET考试的以下科目" in body
    for label in ("(1) 英语四级笔试", "(4) 日语六级笔试"):
        assert f"{label}，请在 2017-09-29 14:00 前完成支付\n" in body
    assert "https://cet.example/my/registration/\n" in body
    assert "&" not in body


def test_c5_without_a_base_address_the_mail_goes_out_all_the_same():
    _, body = render("registration/entered", {"sitting": SITTING, "entered": ENTERED[:1], "site": ""})
    assert "查看报名信息" not in body
    assert "只有支付成功的科目才算报名完成。" in body
