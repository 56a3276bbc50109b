"""Character and word n-grams of a text, as TF-IDF features of those that training met.

They carry what the sentence vector blurs: the very words ('knife', 'cuchillo'), typos and
romanised spellings included. Only hashes are kept, so nothing typed is ever stored.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import sparse

from bot.text import UNSPACED, normal_form

AT_LEAST: Final = 3
"""Texts in which an n-gram must stand to count: one text's own spelling teaches nothing."""
CHAR_LENGTHS: Final = (2, 3, 4, 5)
UNSPACED_LENGTHS: Final = (1, 2, 3, 4)
"""Of characters that no space parts into words; one is often a word."""
WORD_LENGTHS: Final = (1, 2, 3)


@dataclass(frozen=True)
class Vocabulary:
    """The n-grams that count.

    Attributes:
        hashes: uint32 [n], sorted.
        idf: float32 [n], smoothed inverse document frequency.
    """

    hashes: np.ndarray
    idf: np.ndarray

    def features(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """One text's TF-IDF row of unit length, as (places in the vocabulary, values)."""
        return self._row(*np.unique(hashes_of(text), return_counts=True))

    def rows(self, counted: Sequence[tuple[np.ndarray, np.ndarray]]) -> sparse.csr_matrix:
        """As `features`, of texts whose hashes were counted, float32 [n_texts, n]."""
        columns, values = zip(*(self._row(*each) for each in counted))
        starts = np.cumsum([0, *map(len, columns)])
        return sparse.csr_matrix(
            (np.concatenate(values).astype(np.float32), np.concatenate(columns), starts),
            shape=(len(counted), len(self.hashes)),
        )

    def _row(self, found: np.ndarray, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        places = np.searchsorted(self.hashes, found)
        known = places < len(self.hashes)
        known[known] = self.hashes[places[known]] == found[known]
        places = places[known]
        values = (1.0 + np.log(times[known])) * self.idf[places]
        return places, values / max(float(np.sqrt((values**2).sum())), 1e-9)


def learn(
    texts: Sequence[str], *, at_least: int = AT_LEAST
) -> tuple[Vocabulary, sparse.csr_matrix]:
    """The n-grams that stand in `at_least` of these texts, and the texts' rows."""
    counted = [np.unique(hashes_of(text), return_counts=True) for text in texts]
    hashes, seen = np.unique(np.concatenate([found for found, _ in counted]), return_counts=True)
    kept = seen >= at_least
    idf = np.log((1 + len(texts)) / (1 + seen[kept])) + 1
    vocabulary = Vocabulary(hashes[kept], idf.astype(np.float32))
    return vocabulary, vocabulary.rows(counted)


def hashes_of(text: str) -> np.ndarray:
    """Hash of every n-gram of a text, uint32, one entry an occurrence."""
    words = normal_form(text).split()
    grams = []
    for word in words:
        is_spaced = UNSPACED.search(word) is None
        padded = f" {word} " if is_spaced else word
        for length in CHAR_LENGTHS if is_spaced else UNSPACED_LENGTHS:
            grams += [padded[i : i + length] for i in range(max(1, len(padded) - length + 1))]
    for length in WORD_LENGTHS:
        grams += ["_".join(words[i : i + length]) + "_" for i in range(len(words) - length + 1)]
    return np.fromiter(
        (zlib.crc32(gram.encode()) for gram in grams), dtype=np.uint32, count=len(grams)
    )
