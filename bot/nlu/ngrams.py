"""Hashed character and word n-grams of a text, as TF-IDF features.

They carry what the sentence vector blurs: the very words ('knife', 'cuchillo'), typos and
romanised spellings included. Hashing needs no vocabulary, so nothing typed is ever stored.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy import sparse

from bot.text import normal_form

BUCKETS: Final = 2**18
CHAR_LENGTHS: Final = (2, 3, 4, 5)
WORD_LENGTHS: Final = (1, 2, 3)


def buckets(text: str) -> np.ndarray:
    """Bucket of every n-gram of a text, int64, one entry an occurrence."""
    words = normal_form(text).split()
    grams = []
    for word in words:
        padded = f" {word} "
        for length in CHAR_LENGTHS:
            grams += [padded[i : i + length] for i in range(max(1, len(padded) - length + 1))]
    for length in WORD_LENGTHS:
        grams += ["_".join(words[i : i + length]) + "_" for i in range(len(words) - length + 1)]
    return np.fromiter(
        (zlib.crc32(gram.encode()) % BUCKETS for gram in grams), dtype=np.int64, count=len(grams)
    )


def counts(texts: Sequence[str]) -> sparse.csr_matrix:
    """Sublinear term frequencies, float32 [n_texts, BUCKETS]."""
    columns, values, starts = [], [], [0]
    for text in texts:
        found, times = np.unique(buckets(text), return_counts=True)
        columns.append(found)
        values.append(1.0 + np.log(times))
        starts.append(starts[-1] + len(found))
    return sparse.csr_matrix(
        (np.concatenate(values).astype(np.float32), np.concatenate(columns), starts),
        shape=(len(texts), BUCKETS),
    )


def inverse_document_frequency(matrix: sparse.csr_matrix, *, at_least: int = 2) -> np.ndarray:
    """Smoothed idf, float32 [BUCKETS]; 0 for buckets in fewer than `at_least` texts."""
    seen = np.bincount(matrix.indices, minlength=matrix.shape[1])
    idf = np.log((1 + matrix.shape[0]) / (1 + seen)) + 1
    return np.where(seen >= at_least, idf, 0).astype(np.float32)


def weighted(matrix: sparse.csr_matrix, idf: np.ndarray) -> sparse.csr_matrix:
    """TF-IDF rows of unit length."""
    scaled = matrix.multiply(idf).tocsr()
    norms = np.sqrt(np.asarray(scaled.multiply(scaled).sum(axis=1)).ravel())
    return sparse.diags(1 / np.maximum(norms, 1e-9)).dot(scaled).astype(np.float32).tocsr()


def features(text: str, idf: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """One text's TF-IDF row as (buckets, values): what a score needs at run time."""
    found, times = np.unique(buckets(text), return_counts=True)
    values = (1.0 + np.log(times)) * idf[found]
    kept = values > 0
    found, values = found[kept], values[kept]
    return found, values / max(float(np.sqrt((values**2).sum())), 1e-9)
