"""Read hours of work a day out of a short answer, in digits of any script or in words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from bot.answers import with_digits

_DAYS = r"(?:d(?:ay|ia|ía)s?|ايام|أيام|يوم)"
_NUMBER = re.compile(rf"(?<!\d)(\d{{1,2}})(?!\d)(?!\s*{_DAYS}\b)")
_BETWEEN = r"\s*(?:-|–|to|til|till|until|a|hasta|الى|إلى|ل|لـ)\s*(?:las?\s*)?"
_HALF = (
    r"\s*(am|pm|a\.m\.?|p\.m\.?|in the morning|at night|in the evening|de la mañana|de la manana|"
    r"de la noche|de la tarde|صباحا|الصبح|مساء|بالليل|ليلا)?"
)
_CLOCK = r"(?<!\d)(\d{1,2})(?::(\d{2}))?(?!\d)" + _HALF
_RANGE = re.compile(rf"(from|de|desde|من)?\s*{_CLOCK}{_BETWEEN}{_CLOCK}", re.IGNORECASE)
_AFTER_NOON: Final = ("pm", "p.m", "night", "evening", "noche", "tarde", "مساء", "بالليل", "ليلا")


def hours_a_day(text: str, languages: Iterable[str] = ("en",)) -> int | None:
    """Hours of work a day: '14', 'from 6am to 10pm', '١٢ ساعة', '12 horas, 6 días'.

    Returns:
        0..24, or None when the text holds no number or could mean two things: 'from 6 to 10'
        may be four hours or sixteen.
    """
    digits = with_digits(text, languages)
    if found := _RANGE.search(digits):
        return _between(*found.groups())
    numbers = [int(number) for number in _NUMBER.findall(digits)]
    numbers = [number for number in numbers if number <= 24]
    return max(numbers) if numbers else None


def _between(
    since: str | None,
    start: str,
    start_minutes: str | None,
    start_half: str | None,
    end: str,
    end_minutes: str | None,
    end_half: str | None,
) -> int | None:
    first, last = int(start), int(end)
    if max(first, last) > 24:
        return None
    says_half = start_half is not None or end_half is not None
    is_clock = says_half or start_minutes or end_minutes or first > last or since
    if not is_clock:
        return last  # '12-14': twelve to fourteen hours
    if says_half:
        return (_on_24(last, end_half) - _on_24(first, start_half)) % 24 or 24
    if last <= first <= 12:
        return last + 12 - first  # 'nine to five'
    if max(first, last) <= 12:
        return None
    return (last - first) % 24 or 24


def _on_24(hour: int, half: str | None) -> int:
    after_noon = half is not None and any(word in half.lower() for word in _AFTER_NOON)
    return hour % 12 + 12 if after_noon and hour <= 12 else hour % 12 if half else hour


def hours_value(text: str, languages: Iterable[str] = ("en",)) -> str | None:
    """The choice of the third question that a typed number of hours stands for."""
    hours = hours_a_day(text, languages)
    if hours is None:
        return None
    if hours == 0:
        return "none"
    return "up_to_8" if hours <= 8 else "9_to_12" if hours <= 12 else "over_12"


def is_unclear_range(text: str, languages: Iterable[str]) -> bool:
    """'From six to ten': four hours or sixteen."""
    return bool(_RANGE.search(with_digits(text, languages)))
