"""What the services refuse with that no rule says."""

from baokao.core.verdict import Refused

CLOSED = Refused("sitting_closed", "本考次已结束，仅供查看。")
GONE = Refused("record_gone", "学籍信息已变更，请重新查询。")
TOO_MANY = Refused("too_many", "提交次数过多，请一小时后再试，或联系学校负责老师代为申请。")
SEARCHED_TOO_OFTEN = Refused("too_many", "查询次数过多，请稍后再试。")
