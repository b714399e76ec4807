"""What staff accounts must be like, and what their refusals say (rules G1, G2)."""

from collections.abc import Mapping, Sequence

from baokao.core.verdict import ACCEPTED, Refused, Verdict

WRONG = Refused("staff.wrong", "账号、密码或动态码不正确，", "请检查后重试；动态码每30秒更换一次，每个只能使用一次。")
TOO_MANY = Refused("staff.too_many", "登录尝试过于频繁，", "请15分钟后再试；忘记密码请联系上级机构重置。")
TOO_MANY_CURRENT = Refused("staff.too_many_current", "当前密码尝试过于频繁，", "请15分钟后再试。", about="current")
WRONG_CURRENT = Refused("staff.wrong_current", "当前密码不正确，", "请重新输入。", about="current")
TAKEN = Refused("staff.taken", "该账号已存在，", "请换一个账号。", about="account")
UNKNOWN = Refused("staff.unknown", "没有该账号，", "请核对后重试。", about="account")

# What the scope of each role is made of: what it needs exactly one of, and what may narrow it.
_NEEDS = {"province": "province", "coordinator": "school"}
_MAY = {"coordinator": {"campus", "department"}}


def scope_verdict(role: str, scopes: Mapping[str, Sequence[str]]) -> Verdict:
    """Whether a role may have this scope, given as the values of each kind (rule G, the desks' table).

    A provincial office has one province, a coordinator one school and perhaps campuses of it and departments; the
    others have no scope of their own.
    """
    given = {kind for kind, values in scopes.items() if values}
    needed = _NEEDS.get(role)
    if needed and len(scopes.get(needed, ())) != 1:
        return Refused(
            "staff.scope_missing", f"该角色必须属于一个{'省' if needed == 'province' else '学校'}，", "请补充。"
        )
    if given - ({needed} if needed else set()) - _MAY.get(role, set()):
        return Refused("staff.scope_unfit", "该角色不能有这样的范围，", "请检查。")
    school = next(iter(scopes.get("school", ())), "")
    if any(not campus.startswith(school) for campus in scopes.get("campus", ())):
        return Refused("staff.scope_foreign", "校区不属于该学校，", "请检查校区代码。")
    return ACCEPTED
