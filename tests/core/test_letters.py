"""Mails as text and HTML from one text: the same words, links to ourselves alone, nothing injected (proofs d6, d8)."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from html import unescape
from pathlib import Path

import pytest

from baokao.config import place
from baokao.core.outbox import letter
from baokao.core.outbox.mail import dressed, render

MOMENT = datetime(2017, 9, 29, 6, tzinfo=UTC)
SITTING = "2017年下半年CET考试"
PAID = {"provider": "支付宝", "amount": Decimal("0.02"), "number": "20170929abc"}
BACK = {"label": "(4) 日语六级笔试", "amount": Decimal("0.01"), "why": "支付到账时科目已超时删除且已报满"}
CONTEXTS = {
    "passport/recover": {
        "account": "yanming@example.com",
        "at": MOMENT,
        "until": MOMENT,
        "links": ["https://cet.example.edu.cn/passport/reset/x/", "https://cet.example.com/passport/reset/x/"],
    },
    "passport/reset_done": {"account": "yanming@example.com", "at": MOMENT},
    "passport/address_changed": {"at": MOMENT, "new": "y***@example.com", "passport_id": "0" * 32},
    "passport/closed": {"at": MOMENT},
    "passport/password_changed": {"at": MOMENT},
    "passport/verify": {
        "occasion": "registered",
        "verify": ["https://cet.example.edu.cn/passport/verify/x/", "https://cet.example.com/passport/verify/x/"],
        "disown": ["https://cet.example.edu.cn/passport/disown/x/", "https://cet.example.com/passport/disown/x/"],
        "until": MOMENT,
    },
    "payments/ended": PAID,
    "payments/group_paid": {"school": "测试学校机构01", "paid": ["(1) 英语四级笔试"], "back": [BACK]},
    "payments/group_released": {
        "school": "测试学校机构01",
        "released": [{"label": "(1) 英语四级笔试", "held_until": MOMENT}],
    },
    "payments/group_returned": {"school": "测试学校机构01", "paid": [], "back": [BACK]},
    "payments/paid": PAID | {"paid": ["(1) 英语四级笔试"], "back": [BACK]},
    "payments/refunded": PAID | {"returned": Decimal("0.01"), "why": "该科目已经支付", "done_at": MOMENT},
    "payments/returned": PAID | {"paid": [], "back": [BACK]},
    "registration/empty_ended": {"sitting": SITTING, "ended_at": MOMENT},
    "registration/empty_ending": {"sitting": SITTING, "ends_at": MOMENT},
    "registration/entered": {"sitting": SITTING, "entered": [{"label": "(1) 英语四级笔试", "held_until": MOMENT}]},
    "registration/entered_on_behalf": {
        "sitting": SITTING,
        "school": "测试学校机构01",
        "entered": [{"label": "(1) 英语四级笔试", "held_until": MOMENT}],
    },
    "registration/expired": {"sitting": SITTING, "subjects": ["(1) 英语四级笔试"], "ended_at": MOMENT},
    "registration/expiring": {"sitting": SITTING, "ending": [{"label": "(1) 英语四级笔试", "held_until": MOMENT}]},
    "registration/released_for_owner": {"sitting": SITTING, "school": "测试学校机构01"},
    "registration/released_from_holder": {"sitting": SITTING, "school": "测试学校机构01"},
    "registration/reminded": {
        "sitting": SITTING,
        "school": "测试学校机构01",
        "unpaid": [{"label": "(1) 英语四级笔试", "held_until": MOMENT}],
    },
    "registration/retrieved": {"at": MOMENT, "sitting": "2017年下半年CET考试"},
    "review/failed": {"sitting": SITTING, "reason": "未携带成绩单原件"},
    "review/passed": {"sitting": SITTING, "subjects": ["英语六级笔试", "英语六级口试"]},
    "registration/account_told": {"at": MOMENT, "sitting": "2017年下半年CET考试"},
}
HOSTILE = (
    "<script>alert(1)</script>",
    "x\r\nBcc: all@example.com\r\n\r\nhttps://evil.example.org/",
    "\n\n· https://cet.example.com.evil.example.org/",
    '"><img src=https://evil.example.org/a.png>',
    "{{ 7 * 7 }}{% raw %}",
    "教育网用户：https://evil.example.org/passport/reset/",
    "\u2028\u0085\x0b",
)


@pytest.fixture(autouse=True)
def bases(settings):
    settings.BASE_URLS = ["https://cet.example.edu.cn", "https://cet.example.com"]


def words(html):
    """What a mail program shows of the HTML."""
    body = html.partition("<body")[2]
    return re.sub(r"\s+", "", unescape(re.sub(r"<[^>]+>", "", body.partition(">")[2])))


def templates():
    """Every mail that any app sends."""
    found = Path(place.BASE, "baokao").glob("*/templates/*/mail/*.txt")
    return sorted(f"{file.parent.parent.name}/{file.stem}" for file in found if file.parent.parent.name != "core")


def test_every_mail_is_among_those_that_are_looked_at_here():
    assert templates() == sorted(CONTEXTS)


@pytest.mark.parametrize("template", sorted(CONTEXTS))
def test_text_and_html_say_the_same(template):
    subject, text = render(template, CONTEXTS[template])
    plain = re.sub(r"^· ", "", text.replace("————\n", ""), flags=re.M)
    shown = words(dressed(subject, text))
    masthead = "全国大学英语四、六级考试报名网CET4/CET6Registration"
    assert shown == masthead + re.sub(r"\s+", "", subject + plain)


@pytest.mark.parametrize("template", sorted(CONTEXTS))
def test_every_mail_leads_on_at_both_addresses_and_ends_with_the_foot(template):
    subject, text = render(template, CONTEXTS[template])
    assert 5 <= len(subject) <= 30
    assert "教育网用户：https://cet.example.edu.cn/" in text
    assert "\n非教育网用户：https://cet.example.com/" in text
    assert letter.OTHERWISE in text
    assert text.count("本邮件由系统自动发出，请勿回复。") == 1
    assert "客服电话：" in text


@pytest.mark.parametrize("template", sorted(CONTEXTS))
def test_the_html_loads_nothing_and_is_seen_in_the_dark(template):
    html = dressed(*render(template, CONTEXTS[template]))
    assert not re.search(r"<(img|script|link|iframe|object|form|svg)\b|url\(|@import|src=", html)
    assert "prefers-color-scheme: dark" in html
    assert set(re.findall(r'href="(https?://[^/"]+)', html)) == {
        "https://cet.example.edu.cn",
        "https://cet.example.com",
    }


def poisoned(value, poison):
    if isinstance(value, str):
        return poison if not value.startswith("https://") else value
    if isinstance(value, dict):
        return {key: poisoned(inner, poison) for key, inner in value.items()}
    return [poisoned(inner, poison) for inner in value] if isinstance(value, list) else value


@pytest.mark.parametrize("poison", HOSTILE)
@pytest.mark.parametrize("template", sorted(CONTEXTS))
def test_d6_what_people_typed_is_words_and_nothing_else(template, poison):
    harmless = render(template, poisoned(CONTEXTS[template], "x"))[1]
    subject, text = render(template, poisoned(CONTEXTS[template], poison))
    assert text.count("\n") == harmless.count("\n"), "no line is added"
    assert "\n" not in subject
    html = dressed(subject, text)
    assert not re.search(r"<(img|script)\b", html)
    assert not re.search(r'href="[^"]*evil', html)
    assert "49" not in re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "", words(html)).replace("62987880", "")


def test_way_is_one_line_where_there_is_one_address_and_none_where_there_is_none(settings):
    settings.BASE_URLS = ["https://cet.example.com"]
    assert letter.way("登录", "/login/") == "登录：https://cet.example.com/login/"
    settings.BASE_URLS = []
    assert letter.way("登录", "/login/") == ""


def test_a_letter_without_a_subject_is_a_fault():
    with pytest.raises(ValueError, match="no subject"):
        letter.split("您好：\n")
