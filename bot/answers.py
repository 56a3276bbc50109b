"""Short words as answers, number words and ages, in each language: data/answers/<code>.yml.

Reads words; what they mean at a question is the business of actions/readings.py.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import yaml

from bot.errors import WaymarkError
from bot.i18n import SOURCE_LANGUAGE
from bot.text import normal_form, western_digits

FOLDER: Final = Path(__file__).parent.parent / "data" / "answers"
KINDS: Final = (
    "yes",
    "no",
    "hardly",
    "partly",
    "unsure",
    "never",
    "nobody",
    "always",
    "safe",
    "alone",
)
LATIN_WORDS: Final = 2
NUMBER: Final = "#"
FIRST_PART_WORDS: Final = 5
"""No phrase at the start of a message is looked for beyond this length."""

_WORD: Final = re.compile(r"[^\W_]+", re.UNICODE)
_CLAUSE_END: Final = re.compile(r"[.,;:!?،؛؟\n]|\s[-–]\s")


class AnswersError(WaymarkError, ValueError):
    """A file of answers is missing or malformed."""


@dataclass(frozen=True)
class Words:
    """One language's words."""

    kinds: dict[str, str]
    but: frozenset[str]
    numbers: dict[str, str]
    joined: dict[str, str]
    prefixes: tuple[str, ...]
    hours: frozenset[str]
    own_age: tuple[re.Pattern[str], ...]
    latin: frozenset[str]


def kind_of(text: str, languages: Iterable[str]) -> str | None:
    """What kind of answer a text is: one of KINDS, or None.

    'yes but he keeps half' is `partly`: whoever says 'but' takes some of the yes back.
    """
    for language in languages:
        words = _words(language)
        if words and (kind := _kind_in(text, words)):
            return kind
    return None


def _kind_in(text: str, words: Words) -> str | None:
    normal = normal_form(text)
    if normal in words.kinds:
        return words.kinds[normal]
    parts = normal.split()
    for length in range(min(len(parts) - 1, FIRST_PART_WORDS), 0, -1):
        kind, rest = words.kinds.get(" ".join(parts[:length])), parts[length:]
        if kind is None:
            continue
        if rest[0] in words.but:
            return "partly" if kind in ("yes", "always") else kind
        first_clause = normal_form(_CLAUSE_END.split(text, maxsplit=1)[0])
        ends_there = first_clause == " ".join(parts[:length])
        return kind if ends_there else None
    return None


def is_only_an_answer(text: str, languages: Iterable[str]) -> bool:
    """Whether a text is nothing but such words."""
    normal = normal_form(text)
    return any(words and normal in words.kinds for words in map(_words, languages))


@functools.lru_cache(maxsize=1)
def all_languages() -> tuple[str, ...]:
    """The languages that there are answers for."""
    return tuple(sorted(file.stem for file in FOLDER.glob("*.yml")))


def with_digits(text: str, languages: Iterable[str]) -> str:
    """The text with number words, and digits of any script, as 0-9."""
    digits = western_digits(text)
    for language in languages:
        if words := _words(language):
            digits = _with_digits(digits, words)
    return digits


def _with_digits(text: str, words: Words) -> str:
    if words.joined:
        tokens = normal_form(text)
        for said, number in words.joined.items():
            if said in tokens:
                text = tokens = re.sub(rf"{re.escape(said)}(?!\w)", number, tokens)

    def digits(match: re.Match[str]) -> str:
        word = normal_form(match.group())
        if word in words.numbers:
            return words.numbers[word]
        for prefix in words.prefixes:
            if word.startswith(prefix) and word[len(prefix) :] in words.numbers:
                return f"{prefix} {words.numbers[word[len(prefix) :]]}"
        return match.group()

    return _WORD.sub(digits, text)


def counts_only_hours(text: str, languages: Iterable[str]) -> bool:
    """Whether every number in a text is a number of hours: '16 hours a day', and no age."""
    spoken = tuple(languages)
    said = normal_form(with_digits(text, spoken)).split()
    hours = {word for language in spoken if (words := _words(language)) for word in words.hours}
    after = [following for word, following in pairwise([*said, ""]) if word.isdigit()]
    return bool(after) and hours.issuperset(after)


def own_age(text: str, languages: Iterable[str]) -> int | None:
    """The age that somebody says they are: 'I'm 15', 'tengo quince años', 'عمري ١٥'."""
    spoken = tuple(languages)
    normal = normal_form(with_digits(text, spoken))
    for language in spoken:
        words = _words(language)
        for pattern in words.own_age if words else ():
            if found := pattern.search(normal):
                return int(found["age"])
    return None


def in_latin_letters(text: str, languages: Iterable[str]) -> str | None:
    """The language of another script that a text stands in, in Latin letters: 'ana khayfa'."""
    said = normal_form(text).split()
    for language in languages:
        words = _words(language)
        if words and sum(word in words.latin for word in said) >= LATIN_WORDS:
            return language
    return None


@functools.lru_cache(maxsize=64)
def _words(language: str) -> Words | None:
    file = FOLDER / f"{language}.yml"
    return read(file) if file.is_file() else None


def read(file: Path) -> Words:
    """Read one language's file.

    Raises:
        AnswersError: it can't be read, or has an unknown kind.
    """
    try:
        content: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
        if unknown := set(content["kinds"]).difference(KINDS):
            raise AnswersError(f"{file}: unknown kinds {sorted(unknown)}")
        after = "|".join(re.escape(normal_form(str(each))) for each in content["after_age"])
        return Words(
            kinds={normal_form(str(p)): k for k, all_ in content["kinds"].items() for p in all_},
            but=frozenset(normal_form(word) for word in content["but"]),
            numbers={normal_form(k): str(v) for k, v in content["numbers"].items()},
            joined={normal_form(k): str(v) for k, v in (content.get("joined") or {}).items()},
            prefixes=tuple(content.get("prefixes") or ()),
            hours=frozenset(normal_form(each) for each in content["hours"]),
            latin=frozenset(content.get("latin") or ()),
            own_age=tuple(_age_pattern(each, after) for each in content["own_age"]),
        )
    except (OSError, yaml.YAMLError, KeyError, AttributeError, TypeError) as error:
        raise AnswersError(f"{file} can't be read: {error!r}") from error


def _age_pattern(phrase: str, after: str) -> re.Pattern[str]:
    before, _, rest = phrase.partition(NUMBER)
    tail = rf"(?: (?:{after})(?!\S)|$)"
    if rest.strip():
        tail = rf" {re.escape(normal_form(rest))}(?!\S)"
    return re.compile(rf"(?<!\S){re.escape(normal_form(before))} (?P<age>\d{{1,2}}){tail}")


def languages_of(chosen: str | None, typed: str | None) -> tuple[str, ...]:
    """Which languages' words a message may be in, the likeliest first."""
    return tuple(dict.fromkeys(code for code in (typed, chosen, SOURCE_LANGUAGE) if code))
