"""Pure rules of accounts."""

import unicodedata

from baokao.core.verdict import ACCEPTED, Refused, Verdict

TAKEN = Refused("account_taken", "该电子邮箱已注册，请直接登录或使用“找回密码”。", about="email")
WRONG = Refused("wrong", "账号或密码错误，请检查后重新输入。")
TOO_MANY = Refused("too_many", "该账号尝试登录次数过多，请稍等几分钟再试。", "忘记密码或账号，可致电客服。")


def folded(account: str) -> str:
    """The form in which an address is compared and unique: whatever its letter case or Unicode spelling (rule A1)."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", account.strip()).casefold())


def not_the_account(password: str, account: str) -> Verdict:
    """A password isn't the address (rule A1)."""
    if folded(password) == folded(account) or folded(password) == folded(account).split("@")[0]:
        return Refused("password_is_account", "密码不能与电子邮箱相同，请换一个密码。", about="password")
    return ACCEPTED
