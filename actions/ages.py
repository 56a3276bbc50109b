"""Read a person's age out of a short answer; what is not asked of a child."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

from bot.answers import with_digits
from bot.text import normal_form

_AGE = re.compile(r"(?:\S+ ){0,3}(?P<age>\d{1,2})(?: \S+){0,2}")
_LEAST_AGE: Final = 5
"""A smaller number counts children, or days."""
ADULT: Final = 18
UNSURE: Final = "unsure"

NOT_ASKED: Final = "not_asked"
"""Value of a question that has no meaning for this person."""
ADULTS_ONLY: Final = ("care_needs", "consent")
"""A child, or somebody who may be one, is protected and referred in any case."""


def _age(text: str, languages: Iterable[str]) -> int | None:
    found = _AGE.fullmatch(normal_form(with_digits(text, languages)))
    age = int(found["age"]) if found else 0
    return age if age >= _LEAST_AGE else None


def age_value(text: str, languages: Iterable[str]) -> str | None:
    """The choice of 'is the person an adult?' that an age stands for."""
    age = _age(text, languages)
    return None if age is None else "child" if age < ADULT else "adult"


def settled_by_age(tracker: Tracker, age: str) -> list[EventType]:
    """What need not be asked at this age, or must be asked after all.

    Args:
        age: a value of 'is the person an adult?'.
    """
    before, after = (NOT_ASKED, None) if age == "adult" else (None, NOT_ASKED)
    return [SlotSet(slot, after) for slot in ADULTS_ONLY if tracker.get_slot(slot) == before]


def child_value(text: str, languages: Iterable[str]) -> str | None:
    """The choice of 'is a child involved?' that an age stands for."""
    age = _age(text, languages)
    return None if age is None else "yes" if age < ADULT else "no"
