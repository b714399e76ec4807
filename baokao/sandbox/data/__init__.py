"""The demonstration's data: the same each time, its windows set around the moment of loading (pages.md)."""

from datetime import datetime

from django.db import connection, transaction

from baokao.exams.models import Sitting
from baokao.sandbox.data import crowd, desk, exam, people, staff
from baokao.sandbox.data.accounts import Account
from baokao.sandbox.data.calendar import Calendar

CANDIDATE = Account("考生", "kaosheng@example.com", "kao-sheng-2026")
ACCOUNTS = (CANDIDATE, *staff.ACCOUNTS)


def is_loaded() -> bool:
    """Whether the database holds a sitting already; then nothing is loaded over it."""
    return Sitting.objects.exists()


def load(now: datetime, schools: int = crowd.SCHOOLS) -> tuple[Account, ...]:
    """Load everything, with so many schools beside the guide's, in one transaction, so that a start cut short leaves
    nothing half there."""
    if not is_loaded():
        with transaction.atomic():
            calendar = Calendar(now)
            sitting = exam.load(calendar)
            people.load(sitting, now)
            people.load_passports([(CANDIDATE.account, CANDIDATE.password)], now)
            staff.load(now)
            crowd.load(sitting, calendar, schools)
            desk.load(sitting, calendar)
        # Without the tables' figures the planner takes them for empty, and a desk's list for seconds.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return ACCOUNTS
