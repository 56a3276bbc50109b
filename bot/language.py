"""Find the name of a language in what someone typed ('in spanish please', 'العربية')."""

from __future__ import annotations

import functools
from typing import Final

import yaml
from babel import Locale

from bot.i18n import LOCALES, load_catalogues
from bot.text import UNSPACED, normal_form

CALLED: Final = LOCALES / "called.yml"

ELSEWHERE: Final = (
    *("am", "bg", "bn", "cs", "de", "el", "et", "fa", "fil", "fr", "ha", "hi", "hr", "hu", "hy"),
    *("id", "ig", "it", "ja", "ka", "km", "ko", "ku", "lo", "lt", "lv", "ml", "mn", "ms", "my"),
    *("ne", "nl", "pa", "pl", "ps", "pt", "ro", "ru", "si", "sk", "so", "sq", "sr", "sw", "ta"),
    *("te", "th", "ti", "tr", "uk", "ur", "vi", "yo", "zh"),
)
"""Languages that people may name and that may have no catalogue yet."""


@functools.lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Normal form of every language's name, in every language that has a catalogue -> code."""
    codes = list(load_catalogues().languages)
    names = {}
    for code in codes:
        for shown_in in codes:
            shown = Locale.parse(code).get_display_name(shown_in) or ""
            names[normal_form(shown)] = code
            names[normal_form(shown.split("(")[0])] = code
    for code, called in yaml.safe_load(CALLED.read_text(encoding="utf-8")).items():
        names |= {normal_form(name): code for name in called if code in codes}
    names.pop("", None)
    return names


def named_language(text: str) -> str | None:
    """The code of the first language named in the text, if there is a catalogue for it."""
    words = normal_form(text).split()
    # Arabic writes 'in' and 'the' as part of the word: بالاسبانية
    words += [word[1:] for word in words if word.startswith(("بال", "لال"))]
    padded = f" {' '.join(words)} "
    hits = {name: padded.find(name if UNSPACED.match(name) else f" {name} ") for name in _names()}
    found = {name: where for name, where in hits.items() if where >= 0}
    return _names()[min(found, key=lambda name: found[name])] if found else None


@functools.lru_cache(maxsize=1)
def _names_elsewhere() -> dict[str, str]:
    spoken = list(load_catalogues().languages)
    others = [code for code in ELSEWHERE if load_catalogues().negotiate([code]) is None]
    names = {
        normal_form((Locale.parse(code).get_display_name(shown_in) or "").split("(")[0]): code
        for code in others
        for shown_in in (*spoken, code)
    }
    names.pop("", None)
    return names


def language_named_elsewhere(text: str) -> str | None:
    """The code of a language that is named and that there is no catalogue for."""
    padded = f" {normal_form(text)} "
    return next((code for name, code in _names_elsewhere().items() if f" {name} " in padded), None)
