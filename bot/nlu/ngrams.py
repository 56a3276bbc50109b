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

AT_LEAST: Final = 4
"""Texts in which an n-gram must stand to count: one text's own spelling teaches nothing."""
TEXTS_A_PROCESS: Final = 5000
TEXTS_AT_ONCE: Final = 20_000
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
        parts = [
            self._some_rows(counted[start : start + TEXTS_AT_ONCE])
            for start in range(0, len(counted), TEXTS_AT_ONCE)
        ]
        return sparse.vstack(parts, format="csr")

    def _some_rows(self, counted: Sequence[tuple[np.ndarray, np.ndarray]]) -> sparse.csr_matrix:
        """All of them together: one by one takes five times as long."""
        lengths = [len(found) for found, _ in counted]
        text = np.repeat(np.arange(len(counted)), lengths)
        places, known = self._places(np.concatenate([found for found, _ in counted]))
        times = np.concatenate([times for _, times in counted])[known]
        text = text[known]
        values = (1.0 + np.log(times)) * self.idf[places]
        length = np.sqrt(np.bincount(text, weights=values**2, minlength=len(counted)))
        values = (values / np.maximum(length, 1e-9)[text]).astype(np.float32)
        shape = (len(counted), len(self.hashes))
        return sparse.csr_matrix((values, (text, places)), shape=shape)

    def _places(self, found: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Where the known ones of these hashes stand, and which are known."""
        places = np.searchsorted(self.hashes, found)
        known = places < len(self.hashes)
        known[known] = self.hashes[places[known]] == found[known]
        return places[known], known

    def _row(self, found: np.ndarray, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        places, known = self._places(found)
        values = (1.0 + np.log(times[known])) * self.idf[places]
        return places, values / max(float(np.sqrt((values**2).sum())), 1e-9)


def learn(
    texts: Sequence[str], *, at_least: int = AT_LEAST
) -> tuple[Vocabulary, sparse.csr_matrix]:
    """The n-grams that stand in `at_least` of these texts, and the texts' rows."""
    counted = _counted(texts)
    hashes, seen = np.unique(np.concatenate([found for found, _ in counted]), return_counts=True)
    kept = seen >= at_least
    idf = np.log((1 + len(texts)) / (1 + seen[kept])) + 1
    vocabulary = Vocabulary(hashes[kept], idf.astype(np.float32))
    return vocabulary, vocabulary.rows(counted)


def _counted(texts: Sequence[str]) -> list[tuple[np.ndarray, np.ndarray]]:
    """Each text's hashes, sorted, and how often each stands there."""
    from joblib import Parallel, delayed, effective_n_jobs

    n_jobs = min(effective_n_jobs(-1), 1 + len(texts) // TEXTS_A_PROCESS)
    parts = Parallel(n_jobs=n_jobs)(delayed(_counts)(texts[i::n_jobs]) for i in range(n_jobs))
    counted: list[tuple[np.ndarray, np.ndarray]] = [parts[0][0]] * len(texts)
    for i, part in enumerate(parts):
        counted[i::n_jobs] = part
    return counted


def _counts(texts: Sequence[str]) -> list[tuple[np.ndarray, np.ndarray]]:
    return [np.unique(hashes_of(text), return_counts=True) for text in texts]


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
