"""Train scorers with scikit-learn. DECISIONS.md 5, 14 and 15 have what was tried."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import numpy as np
from scipy import sparse

from bot.nlu import ngrams
from bot.nlu.scorer import Layer, Network, Reads, Scorer, joined, mixed

SEED: Final = 0
HIDDEN: Final = 256
ONE_OF_BUCKETS: Final = 2**16
FOLDS: Final = 3
SVC_TOLERANCE: Final = 1e-2
"""Half the passes of scikit-learn's default; average precision is the same to three digits."""


def train_any_of(
    vectors: np.ndarray,
    encoded: np.ndarray,
    texts: Sequence[str],
    targets: np.ndarray,
    names: Sequence[str],
) -> tuple[Scorer, np.ndarray]:
    """Train for names of which any number may be right for a text.

    Linear weights on n-grams learn from every text. Two small networks then read what those
    weights would have said of a text that they had not seen: one of all texts, the other
    beside the sentence vector, of the texts that have one.

    Args:
        vectors: float32 [n_encoded, dim].
        encoded: int [n_encoded], which texts they belong to.
        targets: bool [n, n_columns]; columns after the names are hints that are learned too.

    Returns:
        The scorer, and scores of the encoded texts from scorers that did not see them,
        float32 [n_encoded, n_names].
    """
    counted = ngrams.counts(texts)
    idf = ngrams.inverse_document_frequency(counted)
    rows = ngrams.weighted(counted, idf)
    fold = np.random.default_rng(SEED).permutation(len(targets)) % FOLDS
    apart = np.zeros(targets.shape, dtype=np.float32)
    for held in range(FOLDS):
        weights, bias = _separators(rows[fold != held], targets[fold != held])
        apart[fold == held] = rows[fold == held] @ weights + bias
    weights, bias = _separators(rows, targets)

    def scorer(of: np.ndarray) -> Scorer:
        """From the texts for which `of` is true."""
        seen = of[encoded]
        both = joined("both", vectors[seen], apart[encoded][seen])
        return Scorer(
            names=tuple(names),
            networks=(
                _network("words", apart[of], targets[of]),
                _network("both", both, targets[encoded][seen]),
            ),
            network_weight=1.0,
            idf=idf,
            words=weights.astype(np.float16),
            word_bias=bias.astype(np.float32),
            word_weight=3.0,
        )

    unseen = np.zeros((len(encoded), len(names)), dtype=np.float32)
    for held in range(FOLDS):
        now = fold[encoded] == held
        unseen[now] = mixed(scorer(fold != held), vectors[now], apart[encoded][now])
    return scorer(np.ones(len(targets), dtype=bool)), unseen


def _separators(rows: sparse.csr_matrix, targets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Linear weights [n_buckets, n_columns] and bias [n_columns], a column each by itself."""
    from joblib import Parallel, delayed, effective_n_jobs

    rows = rows.astype(np.float64)
    rows.sort_indices()
    columns = targets.shape[1]
    jobs = min(effective_n_jobs(-1), 1 + len(targets) // 5000)
    size = -(-columns // (2 * jobs))
    fitted = Parallel(n_jobs=jobs, max_nbytes=None, batch_size=1)(
        delayed(_separate)(rows, targets[:, start : start + size])
        for start in range(0, columns, size)
    )
    return np.hstack([weights for weights, _ in fitted]), np.hstack([bias for _, bias in fitted])


def _separate(rows: sparse.csr_matrix, targets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    from sklearn.svm import LinearSVC

    weights = np.zeros((rows.shape[1], targets.shape[1]), dtype=np.float32)
    bias = np.full(targets.shape[1], -1.0)  # a column that is true of no text
    for column in range(targets.shape[1]):
        if targets[:, column].any():
            model = LinearSVC(C=1.0, tol=SVC_TOLERANCE, random_state=SEED)
            model.fit(rows, targets[:, column])
            weights[:, column], bias[column] = model.coef_[0], model.intercept_[0]
    return weights, bias


def _network(reads: Reads, values: np.ndarray, targets: np.ndarray) -> Network:
    from sklearn.neural_network import MLPClassifier
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(values)
    model = MLPClassifier(
        (HIDDEN,), alpha=1e-3, max_iter=10, batch_size=128, random_state=SEED, tol=0.0
    )
    with _few_passes():
        model.fit(scaler.transform(values).astype(np.float32), targets)
    first, second = zip(model.coefs_, model.intercepts_)
    last = (second[0].astype(np.float32), second[1].astype(np.float32))
    return Network(reads, (_standardised(scaler, *first), last))


@contextmanager
def _few_passes() -> Iterator[None]:
    """They are meant; scikit-learn would like more."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        yield


def _standardised(scaler: Any, weights: np.ndarray, bias: np.ndarray) -> Layer:
    """Fold a StandardScaler into a first layer: e5 vectors lie close together."""
    folded = weights / scaler.scale_[:, None]
    return folded.astype(np.float32), (bias - scaler.mean_ @ folded).astype(np.float32)


def train_one_of(
    vectors: np.ndarray, encoded: np.ndarray, texts: Sequence[str], targets: Sequence[str]
) -> Scorer:
    """Train for names of which exactly one is right for a text.

    Args:
        vectors: float32 [n_encoded, dim].
        encoded: int [n_encoded], which texts they belong to; every name has one.
        targets: n names.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import LinearSVC

    scaler = StandardScaler().fit(vectors)
    dense = LogisticRegression(C=0.02, max_iter=60, class_weight="balanced")
    with _few_passes():
        dense.fit(scaler.transform(vectors), [targets[i] for i in encoded])
    counted = ngrams.counts(texts, ONE_OF_BUCKETS)
    idf = ngrams.inverse_document_frequency(counted)
    words = LinearSVC(C=0.5, tol=SVC_TOLERANCE, random_state=SEED)
    words.fit(ngrams.weighted(counted, idf), list(targets))
    if list(dense.classes_) != list(words.classes_):
        raise ValueError("a name has texts, but none of them has a vector")
    layer = _standardised(scaler, _both(dense.coef_).T, _both(dense.intercept_[:, None]).ravel())
    return Scorer(
        names=tuple(str(name) for name in dense.classes_),
        networks=(Network("vector", (layer,)),),
        network_weight=1.0,
        idf=idf,
        words=_both(words.coef_).T.astype(np.float16),
        word_bias=_both(words.intercept_[:, None]).ravel().astype(np.float32),
        word_weight=4.0,
    )


def _both(rows: np.ndarray) -> np.ndarray:
    """scikit-learn keeps one row for two classes."""
    return np.vstack([-rows, rows]) if len(rows) == 1 else rows
