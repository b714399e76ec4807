"""What the public pages show."""

from datetime import datetime
from typing import Any

from baokao.core.words import left
from baokao.exams.models import News, Page, Sitting
from baokao.home import calendar
from baokao.home.calendar import spoken

_WEEKDAYS = "一二三四五六日"
_NEWS_ON_HOME = 6


def home(now: datetime) -> dict[str, Any]:
    """The home page: the latest sitting that isn't over, its calendar, and the news."""
    sitting = Sitting.objects.exclude(state=Sitting.State.CLOSED).order_by("-code").first()
    return {
        "page_title": "首页",
        "here": "home",
        "now": now,
        "sitting": sitting,
        "state": _state(sitting, now) if sitting else None,
        "calendar": calendar.draw(calendar.rows_of(sitting), now) if sitting else None,
        "exam_days": _exam_days(sitting) if sitting else [],
        "ticket_tips": _ticket_tips(sitting) if sitting else [],
        "news": list(News.objects.filter(published_at__lte=now)[:_NEWS_ON_HOME]),
    }


def page(slug: str) -> Page | None:
    """A content page."""
    return Page.objects.filter(slug=slug).first()


def news(number: int, now: datetime) -> News | None:
    """A news item that is out."""
    return News.objects.filter(id=number, published_at__lte=now).first()


def _state(sitting: Sitting, now: datetime) -> dict[str, str]:
    """The tag, and the next date with what is left until it: opens, closes, tickets, exam (look.md)."""
    opens, closes = sitting.registration_opens_at, sitting.registration_closes_at
    tag, lead = "报名时间待公布", ""
    if opens and closes:
        tag = "即将开始报名" if now < opens else "报名进行中" if now < closes else "报名已结束"
        lead = f"网上报名 {spoken(opens)} — {spoken(closes)}"
    coming = [(opens, "距网上报名开始还有"), (closes, "距网上报名截止还剩")]
    coming += [(row.begins, f"距{row.title}还有") for row in calendar.rows_of(sitting)[1:]]
    for moment, what in coming:
        if moment and now < moment:
            return {"tag": tag, "lead": lead, "what": what, "left": left(moment, now)}
    return {"tag": tag, "lead": lead, "what": "", "left": ""}


def _exam_days(sitting: Sitting) -> list[dict[str, Any]]:
    found = []
    if sitting.written_on:
        lines = ["上午：英语、日语、德语、俄语、法语四级", "下午：英语、日语、俄语、德语六级"]
        found.append({"day": sitting.written_on, "title": "笔试", "lines": lines})
    for day, level in ((sitting.speaking4_on, "英语四级"), (sitting.speaking6_on, "英语六级")):
        if day:
            found.append({"day": day, "title": "口试（选）", "lines": [level]})
    return [one | {"weekday": f"星期{_WEEKDAYS[one['day'].weekday()]}"} for one in found]


def _ticket_tips(sitting: Sitting) -> list[str]:
    """The guide's three lines about printing admission tickets."""
    if not sitting.written_tickets_at:
        return []
    return [
        "请考生按规定领取或自行打印准考证。",
        f"请自行打印准考证考生于{spoken(sitting.written_tickets_at)}起登录该系统进行下载及打印，考试日前均可进行操作。",
        "自行打印准考证“考生须知”中有关条形码及题目作答顺序等内容仅针对英语四级和英语六级笔试科目。",
    ]
