"""bot/language.py: the name of a language in what someone typed."""

from __future__ import annotations

import pytest

from bot.language import named_language


@pytest.mark.parametrize("text", ["", "hello", "Klingon", "englishman", "😭"])
def test_no_language_is_named(text: str) -> None:
    assert named_language(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("in SPANISH please", "es"),
        ("español", "es"),
        ("espanol", "es"),
        ("العربية", "ar"),
        ("árabe", "ar"),
        ("not English, Spanish", "en"),
    ],
)
def test_the_first_language_that_is_named(text: str, code: str) -> None:
    assert named_language(text) == code
