"""How often accounts may be tried, asked for and set anew: every figure of this app's throttles (docs/throttles.md)."""

from datetime import timedelta

from baokao.core.throttle import Limit

_QUARTER, _HOUR, _TEN_MINUTES = timedelta(minutes=15), timedelta(hours=1), timedelta(minutes=10)

# Signing in (rule A4). The first keeps a stranger elsewhere from locking a person out; the second bounds guessing by
# many.
SIGN_IN_HERE = Limit("login.here", 10, _QUARTER)
SIGN_IN_EVERYWHERE = Limit("login.everywhere", 100, _HOUR)
# A client whose failures pass this is still let in with the right password, since a whole campus sits behind one
# address; each further wrong try of it counts this many times more against the account that it is aimed at.
SIGN_IN_CLIENT = Limit("login.client", 1500, _TEN_MINUTES)
SIGN_IN_PENALTY = 3

# Asking for a mail about a new password (rule A5). Each mail that was let through carries a link that works, so that a
# full bucket keeps nobody from the own account.
RECOVER_ADDRESS = Limit("recover.address", 3, _HOUR)
RECOVER_CLIENT = Limit("recover.client", 600, _TEN_MINUTES)
# Everybody together: beyond it the mail server would be busy with nothing else.
RECOVER_ALL = Limit("recover.all", 6000, _TEN_MINUTES)

# 修改资料 to another address, and 验证邮箱 (rules A3, A6): each sends a mail to an address that may be a stranger's.
CHANGE_ADDRESS = Limit("address.passport", 5, _HOUR)
VERIFY_PASSPORT = Limit("verify.passport", 5, _HOUR)
VERIFY_ADDRESS = Limit("verify.address", 5, _HOUR)

# Setting a password by a link: wrong addresses typed (rule A5).
RESET_PASSPORT = Limit("reset.passport", 20, _HOUR)
