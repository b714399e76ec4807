"""Pure rules of the CET-6 review: who may apply, what a ticket number comes to, and who decides (rules E1 to E7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from baokao.core.verdict import Refused
from baokao.core.words import shown
from baokao.exams.rules import Span, last_closing
from baokao.roster.rules import PASSING_SCORE

CET6, CET4 = "2", "1"
# Since that month CET is marked out of 710; before, out of 100, and the certificate decides (rule E6).
MARKED_OUT_OF_710_SINCE = "2005-06"
HIGHEST = 710

BEFORE_2005 = Refused(
    "before_2005", "CET四级笔试成绩为2005年之前的考生，请联系学校相关负责老师代为申请。", about="ticket"
)
NO_MATCH = Refused(
    "no_match",
    "所填准考证号与您的信息没有对应的CET四级笔试通过记录，无法提交，请核对准考证号。",
    "忘记准考证号的，请联系学校负责老师代为申请。",
    about="ticket",
)
OTHER_RECORD = Refused("other_record", "本通行证账号已为其他考生提交复核申请，请联系学校负责老师代为申请。")
PENDING = Refused("pending", "申请正在复核，不能修改或删除，请联系学校负责老师。")
PASSED = Refused("passed", "复核已通过，不能更改或取消。")
ELIGIBLE = Refused("eligible", "已具有英语六级笔试报考资格，无需申请复核。")
NOT_OFFERED = Refused("not_offered", "本校区未开考英语六级笔试，不能申请复核。")
NOT_FAILED = Refused("not_failed", "没有可以删除的复核申请。", "请刷新页面查看当前状态。")

SETTLED = Refused("settled", "该申请已不在待复核状态。", "请刷新页面查看当前状态。")
DECIDED = Refused("decided", "该申请已由他人复核，尚未生效。", "请刷新页面查看结果。")
NOT_DECIDED = Refused("not_decided", "没有可以撤销的复核结果。", "请刷新页面查看当前状态。")
NOT_YOURS = Refused("not_yours", "只有作出复核结果的老师本人可以撤销。")
TOO_LATE = Refused("too_late", "复核结果已生效，不能撤销。")
NO_REASON = Refused("no_reason", "请填写理由。", about="reason")


class Outcome(StrEnum):
    """What a submission comes to: passed by itself (rule E3), or a coordinator decides (rule E4)."""

    PASSED = "passed"
    PENDING = "pending"


@dataclass(frozen=True)
class ScoreFacts:
    """A past score by its ticket number, held against the record."""

    subject: str
    score: int
    same_number: bool
    same_name: bool


@dataclass(frozen=True)
class Case:
    """What decides whether a candidate may apply for a record.

    `eligible` and `restriction` are about 英语六级笔试; `own` is the state of the passport's application for this
    record, empty when it has none or deleted it; `other` says that it has one for another record; `spans` is the window
    of 英语六级笔试 for this person.
    """

    offered: bool
    eligible: bool
    restriction: str | None
    own: str
    other: bool
    spans: Sequence[Span]


def is_shown(case: Case) -> bool:
    """Whether the pages bear the button CET6资格复核 (rule E1)."""
    return bool(case.own) or (case.offered and case.restriction is None and not case.eligible)


def submission_refusals(case: Case, now: datetime) -> list[Refused]:
    """Why this candidate can't submit, or submit again, at this moment (rules E1, E2, E4, E7)."""
    if case.own == "passed":
        return [PASSED]
    if case.own == "pending":
        return [PENDING]
    if case.other:
        return [OTHER_RECORD]
    found = []
    if case.eligible:
        found.append(ELIGIBLE)
    if case.restriction is not None:
        reason = case.restriction or "未说明原因"
        found.append(Refused("restricted", f"已被限制报考：{reason}。", "请联系学校负责老师。"))
    if not case.offered:
        found.append(NOT_OFFERED)
    elif (ended := last_closing(case.spans)) is not None and ended <= now:
        found.append(Refused("closed", f"复核申请已于{shown(ended)}截止。", "如有疑问请联系学校负责老师。"))
    return found


def withdrawal_refusals(case: Case) -> list[Refused]:
    """Why the candidate can't delete the application: only a failed one can be (rules E4, E7)."""
    return {"passed": [PASSED], "pending": [PENDING], "failed": []}.get(case.own, [NOT_FAILED])


def year_of(ticket: str) -> int:
    """The year of a written ticket number's sitting: of two digits 87 to 99 are 19xx, else 20xx."""
    year = int(ticket[6:8])
    return 1900 + year if year >= 87 else 2000 + year


def outcome(ticket: str, score: ScoreFacts | None) -> Outcome | Refused:
    """What a sound ticket number comes to (rules E3 to E6); `score` is what is known under it.

    Every kind of miss is one refusal, which doesn't tell what was wrong.
    """
    if year_of(ticket) < 2005:
        return BEFORE_2005
    if score is None or score.subject != CET4 or score.score < PASSING_SCORE:
        return NO_MATCH
    if score.same_number:
        return Outcome.PASSED
    return Outcome.PENDING if score.same_name else NO_MATCH


@dataclass(frozen=True)
class OpenDecision:
    """A decision that has not taken effect yet."""

    decided_by: str
    effective_at: datetime


def decision_refusals(state: str, opened: OpenDecision | None, reason: str) -> list[Refused]:
    """Why an application can't be decided now (rules E4, E7). A decision needs its reason: what was looked at, or what
    is missing."""
    if state != "pending":
        return [SETTLED]
    if opened is not None:
        return [DECIDED]
    return [] if reason.strip() else [NO_REASON]


def undo_refusals(state: str, opened: OpenDecision | None, actor: str, now: datetime) -> list[Refused]:
    """Why a decision can't be undone: only by who made it, and only before it takes effect."""
    if state in ("passed", "failed"):
        return [TOO_LATE]
    if opened is None:
        return [NOT_DECIDED]
    if opened.decided_by != actor:
        return [NOT_YOURS]
    return [] if now < opened.effective_at else [TOO_LATE]


@dataclass(frozen=True)
class Certificate:
    """The CET-4 certificate that a school applies with on behalf (rule E6). `examined_in` is a month, `2004-06`;
    `ticket` may be empty, `score` None where marks don't decide."""

    number: str
    examined_in: str
    score: int | None
    ticket: str = ""


def certificate_refusals(certificate: Certificate, pages: int) -> list[Refused]:
    """What a certificate lacks to be applied with: since June 2005 a score of 425 decides, before it the certificate
    itself; a scan of it always belongs to it (rule E6)."""
    found = []
    if not certificate.number.strip():
        found.append(Refused("no_certificate", "请填写证书编号。", about="certificate_number"))
    if certificate.examined_in >= MARKED_OUT_OF_710_SINCE:
        score = certificate.score
        if score is None:
            found.append(Refused("no_score", "2005年6月及以后的考试，请填写成绩。", about="score"))
        elif not PASSING_SCORE <= score <= HIGHEST:
            found.append(Refused("low_score", f"成绩应在{PASSING_SCORE}至{HIGHEST}分之间。", about="score"))
    if not pages:
        found.append(Refused("no_evidence", "请上传证书或成绩单的扫描件。", about="proof"))
    return found
