"""Phrase lists that stand beside the classifier: data/danger_phrases, data/safe_phrases."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from bot.nlu.labels import FLAGS
from bot.text import UNSPACED, normal_form

NOT_DANGER: Final = "not_danger"
GAP: Final = r"(?: \S+){1,4} "
"""What `*` in a phrase stands for: one to four words."""
UNSPACED_GAP: Final = ".{1,10}"
"""The same in a script that puts no space between words."""


class PhraseListError(ValueError):
    """A phrase list is missing, empty or malformed."""


def read_lists(folder: Path, keys: Iterable[str]) -> dict[str, list[str]]:
    """Read and merge one YAML file a language.

    Returns:
        Every key with its phrases in normal form, `*` kept.

    Raises:
        PhraseListError: no file, an unknown key, or a phrase that is not text.
    """
    merged: dict[str, list[str]] = {key: [] for key in keys}
    files = sorted(folder.glob("*.yml"))
    if not files:
        raise PhraseListError(f"no phrase list in {folder}")
    for file in files:
        for key, phrases in _content(file).items():
            if key not in merged:
                raise PhraseListError(f"{file}: unknown key '{key}'")
            if not isinstance(phrases, list | None):
                raise PhraseListError(f"{file}: {key} must be a list")
            for phrase in phrases or []:
                if not isinstance(phrase, str):
                    raise PhraseListError(f"{file}: '{phrase}' under {key} needs quotation marks")
                normal = " * ".join(normal_form(part) for part in phrase.split("*")).strip("* ")
                if normal and normal not in merged[key]:
                    merged[key].append(normal)
    return merged


def _content(file: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise PhraseListError(f"{file} can't be read: {error}") from error
    if not isinstance(content, dict):
        raise PhraseListError(f"{file} must hold keys with lists of phrases")
    return content


def _pattern(phrases: Iterable[str]) -> re.Pattern[str] | None:
    """All phrases as one regular expression: whole words where their script has spaces.

    The spaced ones share one beginning, so that they are tried at the start of words only.
    """
    longest_first = sorted(phrases, key=len, reverse=True)
    spaced = [_words(each, GAP) for each in longest_first if not UNSPACED.search(each)]
    unspaced = [_words(each, UNSPACED_GAP) for each in longest_first if UNSPACED.search(each)]
    parts = [rf"(?<!\S)(?:{'|'.join(spaced)})(?!\S)"] if spaced else []
    return re.compile("|".join([*parts, *unspaced])) if longest_first else None


def _words(phrase: str, gap: str) -> str:
    return gap.join(re.escape(part) for part in phrase.split(" * "))


@dataclass(frozen=True)
class DangerPhrases:
    """Finds flags by phrase; a match inside a `not_danger` phrase does not count."""

    patterns: dict[str, re.Pattern[str] | None]
    cancelled: re.Pattern[str] | None

    @classmethod
    def from_lists(cls, lists: dict[str, list[str]]) -> DangerPhrases:
        """Compile merged lists."""
        return cls({flag: _pattern(lists[flag]) for flag in FLAGS}, _pattern(lists[NOT_DANGER]))

    def find(self, text: str) -> set[str]:
        """Flags whose phrases stand in the text (any form of text)."""
        normal = normal_form(text)
        spans = [m.span() for m in self.cancelled.finditer(normal)] if self.cancelled else []
        return {
            flag
            for flag, pattern in self.patterns.items()
            if pattern
            and any(
                not any(start <= match.start() and match.end() <= end for start, end in spans)
                for match in pattern.finditer(normal)
            )
        }


@dataclass(frozen=True)
class SafePhrases:
    """A message that is nothing but a safe phrase has that phrase's intent."""

    intents: dict[str, str]

    @classmethod
    def from_lists(cls, lists: dict[str, list[str]]) -> SafePhrases:
        """Turn intent -> phrases round."""
        return cls({phrase: intent for intent, phrases in lists.items() for phrase in phrases})

    def find(self, text: str) -> str | None:
        """The intent, or None."""
        return self.intents.get(normal_form(text))
