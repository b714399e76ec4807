"""The dates of the demonstration's sitting, all reckoned from the moment of loading."""

from datetime import date, datetime, time, timedelta

from baokao.core.zone import SHANGHAI, local

_SATURDAY = 5


class Calendar:
    """Registration opened yesterday at 14:00 and closes in ten days at 17:00; the rest keeps a real sitting's pace."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.today = local(now).date()
        self.opens_at = self._at(-1, 14)
        self.closes_at = self._at(10, 17)
        self.pay_until = self.closes_at + timedelta(days=1)
        self.written_on = self._saturday_after(65)
        self.speaking4_on = self.written_on - timedelta(weeks=4)
        self.speaking6_on = self.speaking4_on + timedelta(days=1)
        self.written_tickets_at = datetime.combine(self.written_on - timedelta(days=15), time(9), SHANGHAI)
        self.speaking_tickets_at = datetime.combine(self.speaking4_on - timedelta(days=5), time(9), SHANGHAI)

    @property
    def code(self) -> str:
        """Year and half of the sitting, by the day of loading."""
        return f"{self.today.year}{1 if self.today.month <= 6 else 2}"

    @property
    def later(self) -> datetime:
        """When the campus that is not open yet opens."""
        return self._at(3, 9)

    def _at(self, days: int, hour: int) -> datetime:
        return datetime.combine(self.today + timedelta(days=days), time(hour), SHANGHAI)

    def _saturday_after(self, days: int) -> date:
        day = self.today + timedelta(days=days)
        return day + timedelta(days=(_SATURDAY - day.weekday()) % 7)
