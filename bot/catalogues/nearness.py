"""Whether a translation says what its English says: held against all English by the encoder.

The encoder gives a vector for a sentence in any of our languages. A translation that stands in
the wrong place, lost half of its sentences or was never finished lies nearer to other English
than to its own. Words on buttons are too short to be told apart so, and English that says almost
the same as other English can't be: both are left out.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.catalogues.checks import Entry
from bot.nlu.encoder import encode

MIN_WORDS: Final = 8
"""Of the English, placeholders aside. Measured: of 3,660 translations of eight words and more four
in a thousand lie nearer to other English, of all 9,000 twelve in a hundred."""
TWINS: Final = 0.6
"""English sentences with this likeness (cosine of centred vectors) say almost the same."""
NEIGHBOURS: Final = 10

_PLACEHOLDER: Final = re.compile(r"\{\w+\}")


@dataclass(frozen=True)
class Placed:
    """How a translation lies among the English.

    Attributes:
        nearest: the English it lies nearest to, its own aside.
        margin: by how much its own lies nearer; below zero it does not.
    """

    entry: Entry
    nearest: str
    margin: float


def place(translations: Sequence[Entry]) -> list[Placed]:
    """Every translation that is long enough, the worst first."""
    judged = [entry for entry in translations if _is_judged(entry)]
    english = sorted({entry.english for entry in judged})
    at = {text: n for n, text in enumerate(english)}
    sources = _centred(english)
    likeness = _likeness(_centred([entry.text for entry in judged]), sources)
    is_twin = sources @ sources.T >= TWINS
    placed = []
    for row, entry in zip(likeness, judged):
        own = at[entry.english]
        others = np.where(is_twin[own], -np.inf, row)
        nearest = int(others.argmax())
        placed.append(Placed(entry, english[nearest], float(row[own] - others[nearest])))
    return sorted(placed, key=lambda each: each.margin)


def _is_judged(entry: Entry) -> bool:
    return not entry.is_name and len(_plain(entry.english).split()) >= MIN_WORDS


def _likeness(found: np.ndarray, sources: np.ndarray) -> np.ndarray:
    """Cosines less how near each side lies to everything (CSLS): some sentences lie near to all.

    Conneau et al. 2018, 'Word translation without parallel data', section 2.3.
    """
    cosines = found @ sources.T
    few = min(NEIGHBOURS, *cosines.shape)
    across = np.sort(cosines, axis=1)[:, -few:].mean(axis=1, keepdims=True)
    down = np.sort(cosines, axis=0)[-few:].mean(axis=0, keepdims=True)
    likeness: np.ndarray = 2 * cosines - across - down
    return likeness


def _centred(texts: list[str]) -> np.ndarray:
    """Unit vectors without what all texts of a language share."""
    vectors = np.vstack([_vector(_plain(text)) for text in texts])
    vectors = vectors - vectors.mean(axis=0)
    length: np.ndarray = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.maximum(length, 1e-9)


@functools.lru_cache(maxsize=1024)
def _vector(text: str) -> np.ndarray:
    return encode([text])[0]


def _plain(text: str) -> str:
    return _PLACEHOLDER.sub("x", text).replace("\n", " ")
