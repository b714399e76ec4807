"""The sitting's name, state and announced dates, all but its exam days."""

import re
from collections.abc import Mapping
from typing import Any

from baokao.core.sheets import Findings
from baokao.core.yamlfile import Convert, Fields, Unsuitable
from baokao.core.yamlfile.values import line, moment, one_of, quoted
from baokao.exams.imports.sitting.known import Known

STATES = {"preparing": "准备中", "open": "进行中", "closed": "已结束"}
_MOMENTS = ("registration_opens_at", "registration_closes_at", "written_tickets_at", "speaking_tickets_at")
SITTING = ("code", "name", "state", *_MOMENTS)


def code(text: str) -> str:
    """Year and half."""
    if not re.fullmatch(r"20[0-9]{2}[12]", text):
        raise Unsuitable(f"应为年份加 1（上半年）或 2（下半年），如 20262，不是{quoted(text)}")
    return text


def read(root: Fields, known: Known, findings: Findings) -> dict[str, Any]:
    """The columns that the file names. A new sitting needs a name."""
    node = root.node("sitting")
    if node is None:
        return {}
    fields = Fields(node, "sitting", SITTING, findings)
    converters: dict[str, Convert[Any]] = {"name": line(60), "state": one_of(STATES)} | dict.fromkeys(_MOMENTS, moment)
    columns = fields.columns(converters, nullable=_MOMENTS)
    if known.is_new and "name" not in fields:
        fields.fault("name", f"未填写；考次 {known.code} 是新的，须有名称")
    opens, closes = (columns.get(name, known.columns.get(name)) for name in _MOMENTS[:2])
    if opens and closes and closes <= opens:
        fields.fault("registration_closes_at", "不晚于报名开始时间 registration_opens_at")
    if known.columns.get("state") == "open" and columns.get("state", "open") != "open":
        fields.warn("state", "考次将不再进行中，考生不能再进入报名")
    return columns


def check_opening(root: Fields, columns: Mapping[str, Any], known: Known, *, has_agreement: bool) -> None:
    """An open sitting has an agreement, without which nobody could go on (rule B2)."""
    state = columns.get("state", known.columns.get("state"))
    if state == "open" and not (has_agreement or known.has_agreement):
        root.fault("agreement", "未填写；进行中（open）的考次须有报名协议，否则考生无法继续")
