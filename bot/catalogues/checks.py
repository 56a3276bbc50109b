"""What must hold of every message of a catalogue, whoever wrote it.

Used by the tests of the catalogues and when a reader's file is taken back.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

import yaml
from babel.core import get_global
from babel.messages.catalog import Message

from bot.i18n import LOCALES
from bot.text import UNSPACED
from bot.wording import load_wording

RULED_OUT: Final = LOCALES / "ruled_out.yml"

MAX_BUTTON_CHARS: Final = 40
LONG_BUTTONS: Final = {
    "utter_ask_worker_form_observed": 60,  # the signs in the strategy's words, one a line
    "utter_ask_worker_form_worker_role": 60,  # official names, for workers
}
ON_BUTTONS: Final = (
    "utter_change_yes",
    "utter_keep_button",
    "utter_ask_again_button",
    "utter_about_self_button",
    "utter_about_other_button",
    "utter_no_place",
    "utter_all_places",
    "utter_none_is_right",
    "utter_skip",
    "utter_card_place_none",
)
"""Responses that actions put on buttons."""
OWN_SCRIPT_SHARE: Final = 0.5
"""Least share of a message's letters; the rest may be names and words to say in London."""
SCRIPTS: Final = {
    "Arab": "ARABIC",
    "Beng": "BENGALI",
    "Cyrl": "CYRILLIC",
    "Deva": "DEVANAGARI",
    "Ethi": "ETHIOPIC",
    "Guru": "GURMUKHI",
    "Hans": "CJK",
    "Hant": "CJK",
    "Latn": "LATIN",
    "Thai": "THAI",
}
"""Script, as CLDR names it -> how the Unicode names of its letters begin."""

_PLACEHOLDER: Final = re.compile(r"\{\w+\}")
_OUR_NAME: Final = "Waymark"
_LONG_NUMBER: Final = re.compile(r"\d(?:[\s().-]?\d){2,}")


@dataclass(frozen=True)
class Entry:
    """One message of a catalogue."""

    context: str
    english: str
    text: str
    is_fuzzy: bool

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from all others."""
        return self.context, self.english

    @property
    def is_name(self) -> bool:
        """Whether it is the name of a service, which stays as it is said in London."""
        return self.context.startswith("service.") and self.context.endswith(".name")


def entries(catalogue: Iterable[Message]) -> list[Entry]:
    """Every message but the header."""
    return [
        Entry(message.context or "", str(message.id), str(message.string or ""), message.fuzzy)
        for message in catalogue
        if message.id
    ]


def is_empty(language: str, entry: Entry) -> bool:
    """Nothing is said, or only what a machine guessed."""
    return not entry.text.strip() or entry.is_fuzzy


def has_other_placeholders(language: str, entry: Entry) -> bool:
    """A placeholder is missing, or there is one that the English does not have."""
    english, text = (Counter(_PLACEHOLDER.findall(t)) for t in (entry.english, entry.text))
    return english != text


def has_loose_brace(language: str, entry: Entry) -> bool:
    """A brace that belongs to no placeholder."""
    return bool(re.search(r"[{}]", _PLACEHOLDER.sub("", entry.text)))


def has_other_lines(language: str, entry: Entry) -> bool:
    """More or fewer lines than the English."""
    return entry.english.count("\n") != entry.text.count("\n")


def is_long_button(language: str, entry: Entry) -> bool:
    """Too long for a button."""
    limit = LONG_BUTTONS.get(entry.context, MAX_BUTTON_CHARS)
    return entry.key in buttons() and len(entry.text) > limit


def is_in_other_script(language: str, entry: Entry) -> bool:
    """Written in another script than the language's."""
    return not entry.is_name and own_share(language, entry.text) < OWN_SCRIPT_SHARE


def has_phone_number(language: str, entry: Entry) -> bool:
    """A long number that the same place of the English does not have: numbers are filled in."""
    typed = long_numbers(entry.text)
    return bool(typed) and not (entry.is_name and typed == long_numbers(entry.english))


def has_ruled_out_term(language: str, entry: Entry) -> bool:
    """A word that the language's REGISTER.md rules out."""
    if entry.is_name:
        return False
    return any(
        re.search(term if UNSPACED.match(term) else rf"(?<!\w){term}", entry.text, re.IGNORECASE)
        for term in _ruled_out().get(language, ())
    )


CHECKS: Final[dict[str, Callable[[str, Entry], bool]]] = {
    "nothing is said": is_empty,
    "placeholders differ from the English": has_other_placeholders,
    "a brace stands alone": has_loose_brace,
    "lines differ from the English": has_other_lines,
    "too long for a button": is_long_button,
    "in another script": is_in_other_script,
    "a long number is typed": has_phone_number,
    "a term that is ruled out": has_ruled_out_term,
}
"""What may be wrong with a message, in words -> how to tell."""


def faults(language: str, found: list[Entry], wanted: Iterable[tuple[str, str]]) -> list[str]:
    """What is wrong with a catalogue, a line each.

    Args:
        wanted: keys of the template.
    """
    keys, known = set(wanted), {entry.key for entry in found}
    lines = [f"missing: {context}: {english}" for context, english in sorted(keys - known)]
    lines += [f"unknown: {context}: {english}" for context, english in sorted(known - keys)]
    for what, is_wrong in CHECKS.items():
        lines += [f"{what}: {e.context}: {e.text}" for e in found if is_wrong(language, e)]
    return lines


def long_numbers(text: str) -> list[str]:
    """Three digits or more in any script; the names of placeholders may hold some."""
    return _LONG_NUMBER.findall(_PLACEHOLDER.sub("", text))


def script_of(language: str) -> str:
    """Beginning of the Unicode names of a language's letters."""
    code, *parts = language.split("_")
    named = [part for part in parts if part in SCRIPTS]
    return SCRIPTS[named[0] if named else get_global("likely_subtags")[code].split("_")[1]]


def own_share(language: str, text: str) -> float:
    """Share of letters, placeholders and our name aside, that are of the language's script."""
    text = _PLACEHOLDER.sub("", text).replace(_OUR_NAME, "")
    letters = [char for char in text if char.isalpha()]
    own = [char for char in letters if unicodedata.name(char, "").startswith(script_of(language))]
    return len(own) / len(letters) if letters else 1.0


@functools.lru_cache(maxsize=1)
def buttons() -> frozenset[tuple[str, str]]:
    """Keys of the messages that stand on buttons."""
    responses = load_wording().responses
    titles = {
        (name, button["title"])
        for name, variations in responses.items()
        for variation in variations
        for button in variation.get("buttons") or ()
    }
    texts = {(name, variation["text"]) for name in ON_BUTTONS for variation in responses[name]}
    return frozenset(titles | texts)


@functools.lru_cache(maxsize=1)
def _ruled_out() -> dict[str, list[str]]:
    return dict(yaml.safe_load(RULED_OUT.read_text(encoding="utf-8")))
