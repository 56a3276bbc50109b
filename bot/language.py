"""Find the name of a language in what someone typed ('in spanish please', 'العربية')."""

from __future__ import annotations

import functools

from babel import Locale

from bot.i18n import load_catalogues
from bot.text import normal_form


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
    names.pop("", None)
    return names


def named_language(text: str) -> str | None:
    """The code of the first language named in the text, if there is a catalogue for it."""
    words = normal_form(text).split()
    # Arabic writes 'in' and 'the' as part of the word: بالاسبانية
    words += [word[1:] for word in words if word.startswith(("بال", "لال"))]
    padded = f" {' '.join(words)} "
    hits = {name: padded.find(f" {name} ") for name in _names()}
    found = {name: where for name, where in hits.items() if where >= 0}
    return _names()[min(found, key=lambda name: found[name])] if found else None
