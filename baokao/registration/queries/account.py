"""What the account page shows of registrations: which bind the account."""

import uuid
from dataclasses import dataclass

from baokao.core.raw import rows

_HELD = """
SELECT s.name, s.state = 'open', coalesce(bool_or(e.state = 'paid'), false), count(e.id) > 0
  FROM registration_registration r
  JOIN exams_sitting s ON s.code = r.sitting_id
  LEFT JOIN registration_entry e ON e.registration_id = r.id AND e.state IN ('unpaid', 'paid')
 WHERE r.passport_id = %s AND r.state = 'live'
 GROUP BY r.id, s.code, s.name, s.state ORDER BY s.code DESC
"""


@dataclass(frozen=True)
class Held:
    """A live registration of the account: in which sitting, whether that is open, and what stands within it."""

    sitting: str
    open: bool
    paid: bool
    entered: bool

    @property
    def remedy(self) -> str:
        """What stands between the person and 注销账号, and what to do about it (rule H3)."""
        if self.paid or not self.open:
            return "已支付的科目和已结束的考次须按规定保存，保存期满前不能注销，如有疑问请致电客服。"
        if self.entered:
            return "请先在“笔试报考”中取消未支付的科目，再取消报名信息。"
        return "请先取消报名信息。"


def held(passport: uuid.UUID) -> list[Held]:
    """The live registrations of the passport, latest sitting first."""
    return [Held(*row) for row in rows(_HELD, [passport])]
