"""How often records and accounts may be looked up: every figure of this app's throttles (docs/throttles.md)."""

from datetime import timedelta

from baokao.core.throttle import Limit

_HOUR, _TEN_MINUTES = timedelta(hours=1), timedelta(minutes=10)

# 资格信息查询 (rule B3). A campus sits behind one address and all of it looks up in the opening minutes.
LOOK_UP_PASSPORT = Limit("lookup.passport", 30, _HOUR)
LOOK_UP_NUMBER = Limit("lookup.number", 20, _HOUR)
LOOK_UP_CLIENT = Limit("lookup.client", 3000, _TEN_MINUTES)

# 账号找回 (rule A8): nobody is signed in here, and far fewer ask.
RETRIEVE_NUMBER = Limit("retrieve.number", 10, _HOUR)
RETRIEVE_CLIENT = Limit("retrieve.client", 600, _TEN_MINUTES)
# One name with ever other numbers: somebody who searches a classmate's number.
RETRIEVE_NAME_HERE = Limit("retrieve.name.here", 20, _HOUR)
RETRIEVE_NAME = Limit("retrieve.name", 300, _HOUR)
