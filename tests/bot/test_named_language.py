"""bot/language.py: the name of a language in what someone typed."""

from __future__ import annotations

import pytest

from bot.language import named_language


@pytest.mark.parametrize("text", ["", "hello", "Klingon", "englishman", "roman catholic", "😭"])
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
        ("我想说中文", "zh_Hans"),
        ("cantonese", "zh_Hans"),
        ("farsi or dari", "fa"),
        ("Tagalog po", "tl"),
        ("tieng viet", "vi"),
        ("po polsku", "pl"),
        ("ขอพูดภาษาไทย", "th"),
        ("हिंदी में", "hi"),
        ("ትግርኛ", "ti"),
        ("af soomaali", "so"),
    ],
)
def test_the_first_language_that_is_named(text: str, code: str) -> None:
    assert named_language(text) == code
