"""Agreement, notices, instructions, content pages and news of the demonstration."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from baokao.core.zone import local

TEXTS = Path(__file__).resolve().parents[1] / "texts"
PAGES = ("intro", "candidates", "schedule", "process", "faq", "tips", "privacy")
_PROVINCE_NOTICE = "一、遵守时间\n二、遵守纪律\n三、不得迟到，不许早退\n四、尊敬老师、友爱同学"
_SCHOOL_NOTICE = (
    "请考生在报名截止前完成报考和支付。缴费后页面仍显示未支付的，请不要重复支付，稍候点击“更新”。\n"
    "学籍、资格信息有误的，保存前请先联系学校负责老师更正。"
)
_WRITTEN = (
    "同级别科目仅能报考一科。如英语四级与日语四级无法同时报考。\n"
    "已报未支付科目在24小时后会被系统删除，报考完毕请尽快完成支付。\n"
    "已支付科目不可取消报考。"
)
_SPEAKING = (
    "口试科目可报考要求考生具有科目报考资格、同级别笔试科目已经报考、科目考试日期非空、校区在报名时间内、有剩余容量、费用已设且大于0。\n"
    "口试报考科目的可报考校区受考生学籍校区、学籍学校口试报考设置限制，如有疑问请咨询学校相关老师。\n"
    "口试报考科目为选报科目，可以不报任何口试科目。\n"
    "已报未支付科目在24小时后会被系统删除。已报未支付科目在报名时间内可以取消。如已报未支付科目无法取消，"
    "请联系学校老师确认是否被集体缴费锁定。\n"
    "已支付科目不可取消报考。具体编排信息可到报名信息页面查看。口试准考证打印时间在首页。"
    "准考证下载链接在可以打印准考证时会在报名信息页面显示。\n"
    "口试报考科目的具体考试时间、考试地点以准考证为准。"
)


def sections(name: str, half_name: str, now: datetime) -> dict[str, Any]:
    """All of them as the sections of a sitting's file, news dated back from the moment of loading."""
    pages = {slug: read(slug) for slug in PAGES}
    return {
        "agreement": {"label": f"{local(now):%Y年%-m月%-d日}版", "text": _clauses(read("agreement")[1])},
        "instructions": {"written": _WRITTEN, "speaking": _SPEAKING},
        "notices": {"99": _PROVINCE_NOTICE, "99101": _SCHOOL_NOTICE, "99301": _SCHOOL_NOTICE},
        "pages": {slug: {"title": title, "body": body} for slug, (title, body) in pages.items()},
        "news": [
            {"title": headline, "body": body, "published_at": f"{local(now - timedelta(days=days)):%Y-%m-%d %H:%M:%S}"}
            for days, headline, body in _news(name, half_name)
        ],
    }


def read(name: str) -> tuple[str, str]:
    """Title and body of a text; its first line is `# title`."""
    first, _, body = (TEXTS / f"{name}.md").read_text(encoding="utf-8").partition("\n")
    return first.removeprefix("#").strip(), body.strip()


def _clauses(body: str) -> str:
    """The agreement's clauses, one a line, without the numbers that the page gives them."""
    lines = (line.strip() for line in body.splitlines())
    return "\n".join(line.lstrip("0123456789").lstrip(".、 ") for line in lines if line)


def _news(name: str, half_name: str) -> list[tuple[int, str, str]]:
    return [
        (
            0,
            f"{name}网上报名开始",
            "网上报名已经开始。请先查询并核对资格信息，再报考笔试科目，并在24小时内完成支付。",
        ),
        (
            3,
            "关于部分校区口试报名时间的说明",
            "口试考点可先向本校考生开放，再向外校考生开放，以报考页面显示的时间为准。",
        ),
        (6, "CET6资格复核办理须知", "已通过CET4而资格科目中没有英语六级笔试的考生，可凭CET4准考证号申请复核。"),
        (10, "更改账号邮箱与密码找回的办法", "记得密码的考生可登录后自行更改邮箱；邮箱错误又忘记密码的，请致电客服。"),
        (
            16,
            f"{half_name}全国大学英语四、六级考试报名公告",
            "考试日程见本站首页，请考生按时报名、缴费并打印准考证。",
        ),
    ]
