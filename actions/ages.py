"""Read a person's age out of a short answer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from bot.answers import with_digits
from bot.text import normal_form

_AGE = re.compile(r"(?:\S+ ){0,3}(?P<age>\d{1,2})(?: \S+){0,2}")
_LEAST_AGE: Final = 5
"""A smaller number counts children, or days."""
ADULT: Final = 18


def _age(text: str, languages: Iterable[str]) -> int | None:
    found = _AGE.fullmatch(normal_form(with_digits(text, languages)))
    age = int(found["age"]) if found else 0
    return age if age >= _LEAST_AGE else None


def age_value(text: str, languages: Iterable[str]) -> str | None:
    """The choice of 'is the person an adult?' that an age stands for."""
    age = _age(text, languages)
    return None if age is None else "child" if age < ADULT else "adult"


def child_value(text: str, languages: Iterable[str]) -> str | None:
    """The choice of 'is a child involved?' that an age stands for."""
    age = _age(text, languages)
    return None if age is None else "yes" if age < ADULT else "no"
