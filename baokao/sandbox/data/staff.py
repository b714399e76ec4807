"""One staff account for each desk of the demonstration, and a second coordinator, whose school is the guide's other."""

from datetime import datetime

from baokao.passport.models import Role
from baokao.passport.staff import services
from baokao.passport.staff.services import NewStaff
from baokao.sandbox.data.accounts import Account

# Secrets that everybody can read here are for a demonstration alone; production makes its own (baokao staff add).
_STAFF: tuple[tuple[str, str, Role, dict[str, list[str]], str, str], ...] = (
    ("national@example.com", "程老师", Role.NATIONAL, {}, "guojia-2026-desk", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PX2"),
    ("province@example.com", "赵老师", Role.PROVINCE, {"province": ["99"]}, "shengji-2026-desk",
     "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZL2"),
    ("teacher@example.com", "周老师", Role.COORDINATOR, {"school": ["99301"]}, "xuexiao-2026-desk",
     "NB2W45DFOIZA4YLBNB2W45DFOIZA4YL2"),
    ("teacher2@example.com", "吴老师", Role.COORDINATOR, {"school": ["99101"]}, "xuexiao-2026-two",
     "MFRGGZDFMZTWQ2LKMFRGGZDFMZTWQ2L2"),
    ("agent@example.com", "小钱", Role.AGENT, {}, "kefu-2026-desk", "ONSWG4TFOQYTEMZUONSWG4TFOQYTEMZ2"),
    ("supervisor@example.com", "孙主管", Role.SUPERVISOR, {}, "zhuguan-2026-desk", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ2"),
)  # fmt: skip
ACCOUNTS = tuple(Account(str(role.label), account, password, totp) for account, _, role, _, password, totp in _STAFF)


def load(now: datetime) -> None:
    """Make them."""
    for account, name, role, scopes, password, totp in _STAFF:
        services.make(NewStaff(account, name, role, scopes), "system", now, password=password, totp_secret=totp)
