"""Phone numbers stand in data/services and nowhere else (promise 6)."""

from __future__ import annotations

import re

import pytest

from bot.directory import load_directory
from bot.settings import PROJECT

BUILT = ("web_widget/dist/", "web_widget/generated/")
"""Made from the directory by web_widget/build.py."""

SOURCES = sorted(
    str(file.relative_to(PROJECT))
    for pattern in (
        "domain.yml",
        "config.yml",
        "actions/**/*.py",
        "bot/**/*.py",
        "bot/**/*.html",
        "data/stories/*.yml",
        "data/nlu/**/*.yml",
        "web_widget/*.js*",
    )
    for file in PROJECT.glob(pattern)
)
_GAP = r"[\s().-]?"
AT_LEAST_DIGITS = 4
"""Three digits may be anything. Sentences and catalogues are looked at in tests/i18n, too."""


def directory_numbers() -> dict[str, str]:
    """Every number of the directory that is long enough, with its service."""
    directory = load_directory()
    entries = [
        *directory.services.values(),
        *(c for p in directory.places.values() for c in p.contacts),
    ]
    numbers = {
        "".join(filter(str.isdigit, number)): entry.id
        for entry in entries
        for number in (entry.phone, entry.sms_number)
        if number
    }
    return {number: entry for number, entry in numbers.items() if len(number) >= AT_LEAST_DIGITS}


NUMBERS = directory_numbers()
PATTERN = re.compile(
    r"(?<![\d\w])(?:" + "|".join(_GAP.join(number) for number in NUMBERS) + r")(?![\d\w])"
)


def test_something_is_looked_at() -> None:
    assert len(NUMBERS) > 20
    assert len(SOURCES) > 60
    assert PATTERN.search(next(iter(NUMBERS)))


@pytest.mark.parametrize("source", SOURCES)
def test_no_number_of_the_directory_is_typed_elsewhere(source: str) -> None:
    assert not source.startswith(BUILT)
    assert PATTERN.findall((PROJECT / source).read_text(encoding="utf-8")) == []
