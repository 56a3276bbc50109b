"""Opening hours: what is known of them, and whether that is enough to say 'open now'."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

ALWAYS: Final = "always"
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LAST_MINUTE = "23:59"
"""Stands for midnight in the data."""


@dataclass(frozen=True)
class OpenHours:
    """A range of days with opening and closing time ('mon' to 'fri', '09:00' to '17:00')."""

    days: tuple[str, str]
    opens: str
    closes: str

    def covers(self, when: datetime.datetime) -> bool:
        """Whether this range holds at a time in London."""
        first, last = (DAYS.index(day) for day in self.days)
        time = when.strftime("%H:%M")
        in_time = self.opens <= time < self.closes or time == self.closes == _LAST_MINUTE
        return first <= when.weekday() <= last and in_time


Hours = str | tuple[OpenHours, ...]
"""'always', 'every_day_may_change', 'unknown', or ranges."""


def london_now() -> datetime.datetime:
    """The time in London, whatever the server's clock zone."""
    return datetime.datetime.now(ZoneInfo("Europe/London"))


def is_open(hours: Hours, when: datetime.datetime) -> bool | None:
    """Whether a line is open, bank holidays apart; None where nobody can know it."""
    if isinstance(hours, str):
        return True if hours == ALWAYS else None
    return any(each.covers(when) for each in hours)


def is_out_of_hours(hours: Hours) -> bool:
    """Whether these ranges are 'evenings, nights and weekends'."""
    weekend = OpenHours(("sat", "sun"), "00:00", _LAST_MINUTE)
    return not isinstance(hours, str) and weekend in hours and len(hours) > 1
