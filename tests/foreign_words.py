"""English where another language should be: the catalogue's own sentences, found in a text."""

from __future__ import annotations

import functools
import re

from bot.catalogues.checks import entries
from bot.catalogues.files import read_catalogue
from bot.i18n import LOCALES

BILINGUAL = ("utter_card", "utter_offer_language", "service.")
"""Beginnings of contexts that stand in English too, on purpose: what is read to an operator, an
offer of another language, names of services."""
BESIDE_A_WORKER = ("utter_ask_self_form", "utter_ask_worker")
"""The questions, which stand in English for a worker."""
MIN_CHARS = 9
"""Shorter pieces may stand in a word of another language."""

_PARTS = re.compile(r"\{\w+\}|\n")


@functools.cache
def _sentences(language: str, bilingual: tuple[str, ...]) -> tuple[str, ...]:
    file = LOCALES / language / "LC_MESSAGES" / "waymark.po"
    known = entries(read_catalogue(file, language))
    found = {
        part.strip(" .:,")
        for entry in known
        if not entry.context.startswith(bilingual)
        for part in _PARTS.split(entry.english)
        if part.strip(" .:,") not in entry.text
    }
    meant = "\n".join(entry.english for entry in known if entry.context.startswith(bilingual))
    return tuple(
        part for part in found if len(part) >= MIN_CHARS and " " in part and part not in meant
    )


def english_in(text: str, language: str, *, for_worker: bool = False) -> list[str]:
    """Pieces of our English that stand in a text of another language."""
    if language == "en":
        return []
    bilingual = (*BILINGUAL, *BESIDE_A_WORKER) if for_worker else BILINGUAL
    return [each for each in _sentences(language, bilingual) if each in text]
