"""Short words as answers, number words and ages, in each language: data/answers/<code>.yml.

Reads words; what they mean at a question is the business of actions/readings.py.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import yaml

from bot.errors import WaymarkError
from bot.i18n import SOURCE_LANGUAGE
from bot.text import SIGNED_SCRIPTS, UNSPACED, normal_form, western_digits

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
NUMBER: Final = "#"
FIRST_PART_WORDS: Final = 5
"""No phrase at the start of a message is looked for beyond this length."""

_WORD: Final = re.compile(rf"(?:[^\W_]|[{SIGNED_SCRIPTS}])+")
_STUCK: Final = re.compile(r"(?<=\d)(?=[^\W\d])")
"""Between the number and the word of '16h'."""
_CLAUSE_END: Final = re.compile(r"[.,;:!?،؛؟।።፣፡，。；：！？、\n]|\s[-–]\s")


class AnswersError(WaymarkError, ValueError):
    """A file of answers is missing or malformed."""


@dataclass(frozen=True)
class Clock:
    """Words around the hours of a day, lower case, with and without accents.

    `since` and `until` stand before the first and the second hour; the halves of the day and
    `oclock` beside either; `days` after a number that counts no hours.
    """

    since: tuple[str, ...] = ()
    until: tuple[str, ...] = ()
    oclock: tuple[str, ...] = ()
    before_noon: tuple[str, ...] = ()
    after_noon: tuple[str, ...] = ()
    days: tuple[str, ...] = ()


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
    clock: Clock


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
        if _begins_with(rest[0], words.but):
            return "partly" if kind in ("yes", "always") else kind
        first_clause = normal_form(_CLAUSE_END.split(text, maxsplit=1)[0])
        ends_there = first_clause == " ".join(parts[:length])
        return kind if ends_there else None
    return None


def _begins_with(word: str, beginnings: frozenset[str]) -> bool:
    """Whether a word is one of some; without spaces, whether one of them begins it."""
    return word in beginnings or any(
        UNSPACED.match(each) and word.startswith(each) for each in beginnings
    )


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
                is_spaced = UNSPACED.match(said) is None
                start = r"(?<!\S)" if is_spaced and not words.prefixes else ""
                end = r"(?!\S)" if is_spaced else ""
                text = tokens = re.sub(start + re.escape(said) + end, number, tokens)

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
    said = _STUCK.sub(" ", normal_form(with_digits(text, spoken))).split()
    hours = {word for language in spoken if (words := _words(language)) for word in words.hours}
    after = [following for word, following in pairwise([*said, ""]) if word.isdigit()]
    return bool(after) and hours.issuperset(after)


@functools.lru_cache(maxsize=64)
def clock_words(languages: tuple[str, ...]) -> Clock:
    """The words of all these languages together."""
    clocks = [words.clock for language in languages if (words := _words(language))]
    return Clock(
        **{
            part.name: tuple(word for clock in clocks for word in getattr(clock, part.name))
            for part in fields(Clock)
        }
    )


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
            own_age=tuple(_age_pattern(each, after) for each in content["own_age"]),
            clock=Clock(**{part: _spellings(all_) for part, all_ in content["clock"].items()}),
        )
    except (OSError, yaml.YAMLError, KeyError, AttributeError, TypeError) as error:
        raise AnswersError(f"{file} can't be read: {error!r}") from error


def _spellings(words: Iterable[str]) -> tuple[str, ...]:
    """With accents and without."""
    return tuple(
        dict.fromkeys(form for word in words for form in (word.lower(), normal_form(word)) if form)
    )


def _age_pattern(phrase: str, after: str) -> re.Pattern[str]:
    before, rest = (normal_form(part) for part in phrase.split(NUMBER))
    age = r"(?P<age>\d{1,2})"
    if UNSPACED.search(phrase):
        return re.compile(rf"{re.escape(before)}\s?(?<!\d){age}(?!\d)\s?{re.escape(rest)}")
    start = rf"(?<!\S){re.escape(before)} " if before else r"(?<!\S)"
    end = rf" {re.escape(rest)}(?!\S)" if rest else rf"(?: (?:{after})(?!\S)|$)"
    return re.compile(start + age + end)


def languages_of(chosen: str | None, typed: str | None) -> tuple[str, ...]:
    """Which languages' words a message may be in, the likeliest first."""
    return tuple(dict.fromkeys(code for code in (typed, chosen, SOURCE_LANGUAGE) if code))
