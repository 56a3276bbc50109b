"""Which London authority a typed place may mean; asks rather than guesses."""

from __future__ import annotations

import difflib
import functools
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from bot.text import UNSPACED, has_words, normal_form

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
_MAX_CHARS_COMPARED = 60
_MAX_WORDS_COMPARED = 6
"""What is read of a text to offer the nearest places: every part is held against every name."""
_WEIGHT_OF_A_WORD = 0.9
"""A word of a name counts less than a name: Kensington comes before West Kensington."""
_MAX_PLACES_OF_A_WORD = 3
"""A word in the names of more places than this tells little: 'hill', 'park', 'north'."""
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

    def nearest(self, typed: str, count: int = 3) -> list[str]:
        """The places whose names are most like what was typed, the likest first: to be offered.

        Args:
            count: how many, however far-fetched; fewer only where there are fewer places.

        Returns:
            Place ids of authorities; [] when nothing with letters was typed.
        """
        words = normal_form(typed)[:_MAX_CHARS_COMPARED]
        if not has_words(words):
            return []
        telling = [word for word in _long_words(words) if word not in self._shared_words]
        scores: dict[str, float] = {}
        for part in dict.fromkeys([words, *telling[:_MAX_WORDS_COMPARED]]):
            # difflib keeps what it knows of its second text only
            matcher = difflib.SequenceMatcher(b=part, autojunk=False)
            for spelling, places, weight in self._spellings:
                worst = min(scores.get(place, -1.0) for place in places) / weight
                matcher.set_seq1(spelling)
                if matcher.real_quick_ratio() > worst and matcher.quick_ratio() > worst:
                    score = matcher.ratio() * weight
                    scores |= {place: max(scores.get(place, -1.0), score) for place in places}
        return sorted(scores, key=lambda place: (-scores[place], place))[:count]

    @functools.cached_property
    def _authorities(self) -> dict[str, frozenset[str]]:
        """Names of authorities; a name that stands for none is left out."""
        named = {name: frozenset(places) - _NO_AUTHORITY for name, places in self.names.items()}
        return {name: places for name, places in named.items() if places}

    @functools.cached_property
    def _spellings(self) -> list[tuple[str, frozenset[str], float]]:
        """Names of authorities, and single words that tell much, with their weight."""
        words = [each for each in self._places_by_word.items() if each[0] not in self._shared_words]
        names = self._authorities.items()
        return [*((*each, 1.0) for each in names), *((*each, _WEIGHT_OF_A_WORD) for each in words)]

    @functools.cached_property
    def _places_by_word(self) -> dict[str, frozenset[str]]:
        found: dict[str, frozenset[str]] = {}
        for name, places in self._authorities.items():
            for word in _long_words(name):
                found[word] = found.get(word, frozenset()) | places
        return found

    @functools.cached_property
    def _shared_words(self) -> frozenset[str]:
        """'Hill', 'park', 'north', in the names of many authorities; 'London', of the whole."""
        found = self._places_by_word.items()
        of_many = [word for word, places in found if len(places) > _MAX_PLACES_OF_A_WORD]
        of_all = [name for name, places in self.names.items() if WHOLE in places]
        return frozenset((*of_many, *(word for name in of_all for word in name.split())))

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
        hits = [name for name in self.names if _as_a_word(name) in padded]
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


def _as_a_word(name: str) -> str:
    """As it stands between spaces; Chinese and Thai have none between words."""
    return name if UNSPACED.match(name) else f" {name} "


def _area(outcode: str) -> str:
    match = _AREA.match(outcode)
    return match.group() if match else ""


def _long_words(words: str) -> list[str]:
    """Words of four letters or more: shorter ones ('of', 'the', 'kew') are like too many."""
    return [word for word in words.split() if len(word) >= 4]


def _parts(words: str) -> list[str]:
    """Single words, pairs and triples of a sentence, of five letters or more."""
    single = words.split()[:30]
    parts = [
        " ".join(single[i : i + length])
        for length in (3, 2, 1)
        for i in range(len(single) - length + 1)
    ]
    return [part for part in parts if len(part) > 4]
