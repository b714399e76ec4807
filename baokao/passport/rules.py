"""Pure rules of accounts."""

import unicodedata

from baokao.core.verdict import ACCEPTED, Refused, Verdict

# The privacy notice that holds now (rule H5). Whoever rewrites /pages/privacy/ raises it, and everybody is asked again.
PRIVACY_VERSION = "2026-1"

TAKEN = Refused("account_taken", "该电子邮箱已注册，请直接登录或使用“找回密码”。", about="email")
WRONG = Refused("wrong", "账号或密码错误，请检查后重新输入。")
TOO_MANY = Refused("too_many", "该账号尝试登录次数过多，请稍等几分钟再试。", "忘记密码或账号，可致电客服。")
WRONG_CURRENT = Refused("wrong_current", "当前密码错误，请重新输入。", about="current")
TOO_MANY_CURRENT = Refused(
    "too_many_current", "当前密码输错次数过多，请稍等几分钟再试。", "忘记密码的，请使用“找回密码”。", about="current"
)
NO_CURRENT = Refused("no_current", "更改电子邮箱，请输入当前密码。", about="current")
SAME_PASSWORD = Refused("same_password", "新密码不能与当前密码相同，请换一个密码。", about="password")
ADDRESS_IS_PASSWORD = Refused(
    "address_is_password", "密码不能与电子邮箱相同，请先修改密码，再更改电子邮箱。", about="email"
)
TOO_MANY_ADDRESSES = Refused("too_many_addresses", "更改电子邮箱过于频繁，请一小时后再试。", about="email")
TOO_MANY_MAILS = Refused(
    "too_many_mails", "验证邮件发送过于频繁，请一小时后再试。", "邮件可能有延迟，请先查看收件箱和垃圾邮件箱。"
)
VERIFIED = Refused("verified", "该电子邮箱已验证，无需再次验证。")
SIGNED_OUT = Refused("signed_out", "登录已失效，请重新登录。")
OLD_NOTICE = Refused("old_notice", "隐私说明刚刚更新，请阅读新版本后再同意。")

DEAD_LINK = Refused("dead_link", "链接无效、已使用或已过期。", "请重新找回密码，并使用最新一封邮件中的链接。")
WRONG_ADDRESS = Refused(
    "wrong_address", "邮箱名称不正确，请填写收到找回密码邮件的邮箱（即通行证账号）。", about="email"
)
TOO_MANY_RESETS = Refused("too_many_resets", "填写次数过多，请一小时后再试，或致电客服。", about="email")


def folded(account: str) -> str:
    """The form in which an address is compared and unique: whatever its letter case or Unicode spelling (rule A1)."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", account.strip()).casefold())


def not_the_account(password: str, account: str) -> Verdict:
    """A password isn't the address (rule A1)."""
    if folded(password) == folded(account) or folded(password) == folded(account).split("@")[0]:
        return Refused("password_is_account", "密码不能与电子邮箱相同，请换一个密码。", about="password")
    return ACCEPTED
