"""The left rail: each desk's areas, in groups. An area whose page isn't there yet shows nothing."""

from collections.abc import Iterable
from dataclasses import dataclass

from baokao.passport.models import Role

_SCHOOL = frozenset({Role.COORDINATOR})
_ROSTER = frozenset({Role.COORDINATOR, Role.PROVINCE, Role.NATIONAL})
_ALL = frozenset(Role)


@dataclass(frozen=True)
class Area:
    """A line of the rail: what it is called, where it leads, and for which desks it is."""

    label: str
    url_name: str
    roles: frozenset[Role] = _SCHOOL


GROUPS: tuple[tuple[str, tuple[Area, ...]], ...] = (
    (
        "报名",
        (
            Area("报名与缴费", "office:home", _ALL),
            Area("统计", "office:standing"),
            Area("考生名单", "office:candidates"),
            Area("报名信息核对表", "office:check_list"),
            Area("集体缴费", "office:groups"),
            Area("缴费提醒", "office:reminders"),
            Area("代报名", "office:behalf"),
            Area("信息占用", "office:release"),
            Area("账号查询", "office:accounts"),
        ),
    ),
    (
        "学籍与资格",
        (
            Area("学籍导入", "office:roster"),
            Area("照片导入", "office:photos"),
            Area("学生", "office:students", _ROSTER),
            Area("学籍冲突", "office:conflicts", _ROSTER),
            Area("CET6资格复核", "office:review"),
        ),
    ),
    (
        "校区",
        (
            Area("开考科目与容量", "office:offerings"),
            Area("报考设置", "office:settings"),
            Area("学校通告", "office:notice"),
            Area("联系人", "office:contacts"),
        ),
    ),
    ("本人", (Area("我的账号", "office:account", _ALL),)),
)


def of(role: Role) -> Iterable[tuple[str, list[Area]]]:
    """The groups of a role's rail with their areas."""
    for group, areas in GROUPS:
        yield group, [area for area in areas if role in area.roles]
