"""What a coordinator can do about a refusal that a candidate reads, in words for the telephone."""

from dataclasses import dataclass

from baokao.registration.rules import SubjectFacts
from baokao.registration.speaking import Home


@dataclass(frozen=True)
class Remedy:
    """What helps, and the page of the office where it is done; empty where it is done elsewhere."""

    text: str
    page: str = ""


NONE = Remedy("")
_STUDENT, _OFFERINGS = "office:student", "office:offerings"
_BY_CODE = {
    "not_eligible": Remedy("可在学籍中补充资格科目。", _STUDENT),
    "restricted": Remedy("本校的限制可在学籍页面解除，全国的限制请联系省级承办机构。", _STUDENT),
    "no_exam_date": Remedy("考试日期由教育部考试中心公布，公布后即可报考。"),
    "not_offered": Remedy("可开考该科目。", _OFFERINGS),
    "closed": Remedy("请核对各级所设的报名时间。", _OFFERINGS),
    "full": Remedy("可调高容量；有考生取消或到期未支付时也会重新放出。", _OFFERINGS),
    "two_of_level_4": Remedy("考生须先取消已报考的四级笔试；已支付的不能取消。"),
    "two_of_level_6": Remedy("考生须先取消已报考的六级笔试；已支付的不能取消。"),
    "both_levels": Remedy("可改为允许同时报考；或由考生先取消另一级别，已支付的不能取消。", "office:settings"),
    "no_written": Remedy("考生须先报考同级别笔试。"),
    "not_admitted": Remedy("可放宽本校考生的口试报考范围。", "office:settings"),
    "over": Remedy("科目将被自动删除，报名时间内可以重新报考。"),
}
# By how an entry is locked.
_LOCKED = {
    "group": Remedy("由本校缴费，或解除锁定后由考生自行支付。", "office:groups"),
    "payment": Remedy("考生正在支付，30 分钟内会有结果；请勿重复支付。"),
}
_FEES = {
    "written": Remedy("笔试费用由省级承办机构设置，请向其询问。"),
    "speaking": Remedy("口试费用由教育部考试中心设置。"),
}
_CET6 = Remedy("CET4成绩达到425分的，请考生申请CET6资格复核，或由本校代为申请。", "office:review_students")
_ELSEWHERE = Remedy("考生可在“口试报考”中选择其他校区。")


def of(code: str, one: SubjectFacts, home: Home) -> Remedy:
    """What helps against the refusal of this code about this subject; `NONE` where nothing is known."""
    if code == "locked" and one.entry is not None:
        return _LOCKED.get(one.entry.lock, NONE)
    if code == "not_eligible" and (one.language, one.level) == ("English", 6):
        return _CET6
    if code == "no_fee":
        return _FEES.get(one.kind, NONE)
    if one.kind == "speaking" and code in ("not_offered", "closed", "full") and not home.stays:
        return _ELSEWHERE
    return _BY_CODE.get(code, NONE)
