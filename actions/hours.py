"""Read hours of work a day out of a short answer, in digits of any script or in words."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

from bot.answers import Clock, clock_words, with_digits
from bot.text import UNSPACED


@functools.lru_cache(maxsize=64)
def _range(words: Clock) -> re.Pattern[str]:
    """'From six in the morning to ten at night', in the words of some languages."""
    half = _any_of((*words.before_noon, *words.after_noon))

    def clock(name: str) -> str:
        number = rf"(?<!\d)(?P<{name}>\d{{1,2}})(?:[:.፡](?P<{name}_minutes>\d{{2}}))?(?!\d)"
        before, after = rf"(?P<{name}_half_before>{half})", rf"(?P<{name}_half_after>{half})"
        oclock = _any_of(words.oclock)
        marked = rf"(?P<{name}_oclock>{oclock})?"
        return rf"(?:{oclock})?\s*{before}?\s*{number}\s*{marked}\s*{after}?"

    since = rf"(?P<since>{_any_of(words.since)})?\s*"
    until = rf"\s*(?:{_any_of(('-', '–', *words.until))})\s*"
    return re.compile(since + clock("first") + until + clock("last"), re.IGNORECASE)


@functools.lru_cache(maxsize=64)
def _number(words: Clock) -> re.Pattern[str]:
    """A number that counts no days."""
    return re.compile(rf"(?<!\d)(\d{{1,2}})(?!\d)(?!\s*(?:{_any_of(words.days)})(?!\w))", re.I)


def _any_of(words: tuple[str, ...]) -> str:
    """Whole words, where their script has spaces between them."""
    whole = [
        re.escape(word) + ("" if UNSPACED.match(word) else r"(?![^\W\d_])")
        for word in sorted(words, key=len, reverse=True)
    ]
    return "|".join(whole) or r"(?!)"


def hours_a_day(text: str, languages: Iterable[str] = ("en",)) -> int | None:
    """Hours of work a day: '14', 'from 6am to 10pm', '١٢ ساعة', '12 horas, 6 días'.

    Returns:
        0..24, or None when the text holds no number or could mean two things: 'from 6 to 10'
        may be four hours or sixteen.
    """
    spoken = tuple(languages)
    digits, words = with_digits(text, spoken), clock_words(spoken)
    if found := _range(words).search(digits):
        return _between(found, words)
    numbers = [int(number) for number in _number(words).findall(digits)]
    numbers = [number for number in numbers if number <= 24]
    return max(numbers) if numbers else None


def _between(found: re.Match[str], words: Clock) -> int | None:
    first, last = int(found["first"]), int(found["last"])
    if max(first, last) > 24:
        return None
    first_half = found["first_half_before"] or found["first_half_after"]
    last_half = found["last_half_before"] or found["last_half_after"]
    says_half = first_half is not None or last_half is not None
    says_minutes = found["first_minutes"] or found["last_minutes"]
    says_oclock = found["first_oclock"] and found["last_oclock"]
    if not (says_half or says_minutes or says_oclock or first > last or found["since"]):
        return last  # '12-14': twelve to fourteen hours
    if says_half:
        hours = _on_24(last, last_half, words) - _on_24(first, first_half, words)
        return hours % 24 or 24
    if last <= first <= 12:
        return last + 12 - first  # 'nine to five'
    if max(first, last) <= 12:
        return None
    return (last - first) % 24 or 24


def _on_24(hour: int, half: str | None, words: Clock) -> int:
    if half is None or hour > 12:
        return hour
    return hour % 12 + 12 if half.lower() in words.after_noon else hour % 12


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
    spoken = tuple(languages)
    return bool(_range(clock_words(spoken)).search(with_digits(text, spoken)))
