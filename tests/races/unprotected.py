"""The same program with one protection taken away, for the races' controls. `UNPROTECTED` names it.

A control that passes with the protection gone proves that its race would not have found the fault, and fails the build.
"""

import os

from baokao.exams import counters
from baokao.registration import standing
from tests.live import application

__all__ = ["application"]

match os.environ["UNPROTECTED"]:
    case "counter":
        # The seat is counted without asking whether one is free; the question before it was asked too early.
        counters.TAKE = "UPDATE exams_offering SET taken = taken + 1 WHERE id = %s"
    case "registration-lock":
        standing.LOCK = standing.LOCK.replace("FOR NO KEY UPDATE OF r", "")
    case "nothing":
        pass
    case other:
        raise SystemExit(f"no protection is called {other}")
