"""Which London authority a typed place may mean; asks rather than guesses."""

from __future__ import annotations

import difflib
import functools
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from bot.text import normal_form

OUTSIDE: Final = "outside"
"""A place that is not in London."""

WHOLE: Final = "london"
"""'London', without saying which part."""

_NO_AUTHORITY: Final = frozenset({OUTSIDE, WHOLE})
_MAX_CANDIDATES = 4
_WHOLE_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][0-9A-Z]?)[0-9][A-Z]{2}")
"""A whole postcode without a space; its first half is the group."""
_FIRST_HALF = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]?")
_POSTCODE = re.compile(r"[A-Z]{1,2} ?[0-9][0-9A-Z]?( ?[0-9][A-Z]{2})?")
_AREA = re.compile(r"[A-Z]{1,2}")
_NUMBER = re.compile(r"[0-9][0-9A-Z]?")
_MAX_WORDS_SPLIT_POSTCODE = 4
"""In longer messages 'SE 1' is more likely to be two words."""


@dataclass(frozen=True)
class PlaceNames:
    """Names in their normal form, and first halves of postcodes, with the places they may mean."""

    names: dict[str, tuple[str, ...]]
    outcodes: dict[str, tuple[str, ...]]

    def candidates(self, typed: str) -> list[str]:
        """Place ids that a typed place may mean.

        Returns:
            [] when nothing is near; [OUTSIDE] or [WHOLE] when no authority can be named.
        """
        words = normal_form(typed)
        if not words:
            return []
        said = [found for found in (self._by_postcode(words), *self._by_name(words)) if found]
        return _together(said) or self._near(words) or self._elsewhere(words)

    def exact(self, typed: str) -> list[str]:
        """The same without guessing at typos: for words that may not be a place at all."""
        words = normal_form(typed)
        said = [found for found in (self._by_postcode(words), *self._by_name(words)) if found]
        return _together(said)

    def is_place(self, typed: str) -> bool:
        """Whether the whole of it is the name of a place or a postcode of London's."""
        words = normal_form(typed)
        is_postcode = _POSTCODE.fullmatch(words.upper()) and self._by_postcode(words)
        return words in self.names or bool(is_postcode)

    def _by_postcode(self, words: str) -> tuple[str, ...]:
        for half in _first_halves(words):
            trimmed = half.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
            if found := self.outcodes.get(half) or self.outcodes.get(trimmed):
                return found
        return ()

    def _by_name(self, words: str) -> list[tuple[str, ...]]:
        padded = f" {words} "
        hits = [name for name in self.names if f" {name} " in padded]
        longest = [a for a in hits if not any(f" {a} " in f" {b} " for b in hits if b != a)]
        return [self.names[name] for name in longest]

    def _near(self, words: str) -> list[str]:
        near = difflib.get_close_matches(words, self.names, n=4, cutoff=0.72)
        for part in _parts(words):
            near += difflib.get_close_matches(part, self.names, n=2, cutoff=0.85)
        return _together([tuple(place for name in near for place in self.names[name])])

    def _elsewhere(self, words: str) -> list[str]:
        """A postcode of an area that London has not; the list of London's own is incomplete."""
        areas = {_area(half) for half in _first_halves(words)}
        return [OUTSIDE] if areas and not areas & self._london_areas else []

    @functools.cached_property
    def _london_areas(self) -> frozenset[str]:
        return frozenset(_area(outcode) for outcode in self.outcodes)


def name_table(named: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """(name, place id) pairs as a table by the name's normal form."""
    table: dict[str, tuple[str, ...]] = {}
    for name, place in named:
        key = normal_form(name)
        table[key] = tuple(dict.fromkeys((*table.get(key, ()), place)))
    return table


def _together(said: list[tuple[str, ...]]) -> list[str]:
    """What all that was said agrees on, else everything it may mean.

    'Kilburn, Camden' is Camden; 'Hackney or Islington' is for the person to choose.
    """
    authorities = [[p for p in places if p not in _NO_AUTHORITY] for places in said]
    authorities = [places for places in authorities if places]
    if authorities:
        shared = [p for p in authorities[0] if all(p in places for places in authorities)]
        found = shared or [place for places in authorities for place in places]
        return list(dict.fromkeys(found))[:_MAX_CANDIDATES]
    rest = {place for places in said for place in places}
    return [OUTSIDE] if OUTSIDE in rest else sorted(rest)


def _first_halves(words: str) -> Iterator[str]:
    tokens = words.upper().split()
    for token in tokens:
        if whole := _WHOLE_POSTCODE.fullmatch(token):
            yield whole.group(1)
        elif _FIRST_HALF.fullmatch(token):
            yield token
    if len(tokens) <= _MAX_WORDS_SPLIT_POSTCODE:
        for area, number in itertools.pairwise(tokens):
            if _AREA.fullmatch(area) and _NUMBER.fullmatch(number):
                yield area + number


def _area(outcode: str) -> str:
    match = _AREA.match(outcode)
    return match.group() if match else ""


def _parts(words: str) -> list[str]:
    """Single words, pairs and triples of a sentence, of five letters or more."""
    single = words.split()[:30]
    parts = [
        " ".join(single[i : i + length])
        for length in (3, 2, 1)
        for i in range(len(single) - length + 1)
    ]
    return [part for part in parts if len(part) > 4]
