"""Pure rules of the speaking test: where it may be taken, what it needs, and what goes along (rules C7, C8)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from baokao.core.verdict import Refused
from baokao.registration import rules
from baokao.registration.rules import SubjectFacts

_ASK_SCHOOL = "如有疑问请咨询学校负责老师。"


@dataclass(frozen=True)
class Home:
    """Where a candidate comes from: the record's school, its province, and its outbound policy (`own` or `any`) as its
    campus narrows it."""

    school: str
    province: str
    outbound: str

    @property
    def stays(self) -> bool:
        """Only the own school's campuses may be chosen."""
        return self.outbound == "own"


def closed_to(home: Home, school: str, province: str, inbound: str) -> str | None:
    """Why a campus of that school, province and inbound policy can't be chosen; None where both sides admit it."""
    if school == home.school:
        return None
    if home.stays:
        return "您的学校只允许在本校报考口试。"
    if inbound == "own":
        return "该校区只接受本校考生。"
    if inbound == "province" and province != home.province:
        return "该校区只接受本省考生。"
    return None


def refusals(facts: SubjectFacts, home: Home, written: Iterable[SubjectFacts], now: datetime) -> list[Refused]:
    """Everything that stands in the way of this speaking subject at the campus of these facts.

    `written` are the written subjects of the same registration; those with an entry count.
    """
    found = []
    if not facts.eligible:
        found.append(_refused(facts, "not_eligible", not_eligible(facts), "请联系学校负责老师。"))
    if not has_written(facts, written):
        name = facts.name.replace("口试", "笔试")
        message = f"必须先完成{name}的报考，才可以报考同级别口试。"
        found.append(_refused(facts, "no_written", message, "请先返回，通过“笔试报考”报考。"))
    if facts.offering is not None and (reason := closed_to(home, facts.school[0], facts.province, facts.inbound)):
        found.append(_refused(facts, "not_admitted", reason, _ASK_SCHOOL))
    return found + [refusal for refusal in rules.refusals(facts, now) if refusal.code != "not_eligible"]


def not_eligible(facts: SubjectFacts) -> str:
    """The guide's sentence: `不具有CET六级口试报考资格！`, for another language with the subject's name."""
    name = facts.name.replace("英语", "CET") if facts.language == "English" else facts.name
    return f"不具有{name}报考资格！"


def has_written(facts: SubjectFacts, written: Iterable[SubjectFacts]) -> bool:
    """Whether the written entry of the same level and language is there (rule C7)."""
    return any(one.entry is not None and _belong(facts, one) for one in written)


def going_along(held: Iterable[SubjectFacts], given_up: Sequence[SubjectFacts]) -> list[SubjectFacts]:
    """The speaking subjects of `held`, those with an entry, whose written entry is given up (rule C7)."""
    return [one for one in held if one.entry and any(_belong(one, written) for written in given_up)]


def going_along_question(along: Sequence[SubjectFacts]) -> Refused:
    """What has to be agreed to before the written entry goes; `about` are the codes to agree to."""
    names = "、".join(one.label for one in along)
    return Refused(
        "takes_along",
        f"取消笔试科目时，同级别的口试科目 {names} 将一并取消。",
        "请确认。",
        about=",".join(one.code for one in along),
    )


def _belong(speaking: SubjectFacts, written: SubjectFacts) -> bool:
    return speaking.level == written.level and speaking.language == written.language


def _refused(facts: SubjectFacts, code: str, message: str, remedy: str) -> Refused:
    return Refused(code, message, remedy, about=facts.code)
