"""The three columns that say who somebody is, which roster and score files share."""

import re

from baokao.core.sheets import Findings
from baokao.roster.rules import id_type_of, name_key, number_key, number_warning, shown_name

NUMBER_AT_MOST = 30
NAME_AT_MOST = 60
_SPOILT = re.compile(r"\d(\.\d+)?E\+?\d+").fullmatch


class Identities:
    """Reads 证件类型, 证件号码 and 姓名 of a row, noting what is wrong with them."""

    def __init__(self, findings: Findings):
        self._findings = findings

    def id_type(self, row: int, text: str) -> str:
        """The code of an ID type, empty after a fault."""
        if not text.strip():
            self._findings.fault(row, "证件类型", "未填写")
            return ""
        code = id_type_of(text)
        if code is None:
            self._findings.fault(row, "证件类型", f"未知的证件类型“{text.strip()[:20]}”")
        return code or ""

    def number(self, row: int, text: str, id_type: str) -> str:
        """The normalised ID number, empty after a fault. An odd one is only warned of (rule B3)."""
        number = number_key(text)
        if not number:
            self._findings.fault(row, "证件号码", "未填写")
        elif len(number) > NUMBER_AT_MOST or not number.isprintable():
            self._findings.fault(row, "证件号码", f"过长（多于 {NUMBER_AT_MOST} 个字符）或含有无法识别的字符")
        elif "E" in number and id_type != "4" and _SPOILT(number):
            self._findings.fault(row, "证件号码", "是数值（科学计数法），末尾数字已丢失，请把该列设为文本后重新填写")
        else:
            if id_type and (reason := number_warning(id_type, number)):
                self._findings.warn(row, "证件号码", reason)
            return number
        return ""

    def name(self, row: int, text: str) -> tuple[str, str]:
        """The name as shown and as compared, both empty after a fault."""
        name = shown_name(text)
        key = name_key(name)
        if not key:
            self._findings.fault(row, "姓名", "未填写")
        elif len(name) > NAME_AT_MOST or len(key) > NAME_AT_MOST:
            self._findings.fault(row, "姓名", f"过长（多于 {NAME_AT_MOST} 个字符）")
        else:
            if not name.isprintable():
                self._findings.warn(row, "姓名", "含有非标准字符，可能无法显示和打印")
            return name, key
        return "", ""
