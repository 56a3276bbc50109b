"""bot/open_hours.py: 'open now' is said only where it is known, by London's clock."""

from __future__ import annotations

import datetime

import pytest

from bot.open_hours import OpenHours, is_open, is_out_of_hours, london_now

WEEK = OpenHours(("mon", "fri"), "09:00", "17:00")
NIGHT = (
    OpenHours(("mon", "fri"), "00:00", "09:00"),
    OpenHours(("mon", "fri"), "17:00", "23:59"),
    OpenHours(("sat", "sun"), "00:00", "23:59"),
)
MONDAY, FRIDAY, SATURDAY = 23, 27, 28


def at(day: int, hour: int, minute: int = 0) -> datetime.datetime:
    return datetime.datetime(2026, 11, day, hour, minute)


@pytest.mark.parametrize(
    ("when", "open_now"),
    [
        (at(MONDAY, 8, 59), False),
        (at(MONDAY, 9), True),
        (at(FRIDAY, 16, 59), True),
        (at(FRIDAY, 17), False),
        (at(SATURDAY, 12), False),
    ],
    ids=str,
)
def test_a_range(when: datetime.datetime, open_now: bool) -> None:
    assert is_open((WEEK,), when) is open_now


@pytest.mark.parametrize("hour", range(24))
@pytest.mark.parametrize("day", [MONDAY, FRIDAY, SATURDAY])
@pytest.mark.parametrize("minute", [0, 59])
def test_day_and_out_of_hours_lines_share_every_minute(day: int, hour: int, minute: int) -> None:
    when = at(day, hour, minute)

    assert is_open((WEEK,), when) is not is_open(NIGHT, when)


@pytest.mark.parametrize(
    ("hours", "known"), [("always", True), ("unknown", None), ("every_day_may_change", None)]
)
def test_what_nobody_can_know_is_not_said(hours: str, known: bool | None) -> None:
    assert is_open(hours, at(MONDAY, 12)) is known


def test_the_clock_is_london_s() -> None:
    assert str(london_now().tzinfo) == "Europe/London"


@pytest.mark.parametrize(("hours", "night"), [(NIGHT, True), ((WEEK,), False), ("always", False)])
def test_out_of_hours(hours: str | tuple[OpenHours, ...], night: bool) -> None:
    assert is_out_of_hours(hours) is night
