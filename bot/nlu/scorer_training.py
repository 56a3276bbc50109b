"""Train a scorer with scikit-learn. DECISIONS.md 5 and 14 to 16 have what was tried."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import numpy as np
from scipy import sparse

from bot.nlu import ngrams
from bot.nlu.scorer import Layer, Network, Reads, Scorer, in_bytes, joined, mixed

SEED: Final = 0
HIDDEN: Final = 256
SVC_TOLERANCE: Final = 0.1
"""A third of the time of scikit-learn's default; average precision is the same to three digits."""
OTHERS_SHARE: Final = 1 / 6
"""Of the texts that an intent is not, those that its weights learn from (DECISIONS.md 16)."""


def train(
    vectors: np.ndarray,
    encoded: np.ndarray,
    texts: Sequence[str],
    targets: np.ndarray,
    names: Sequence[str],
    *,
    n_whole: int,
) -> tuple[Scorer, np.ndarray, np.ndarray]:
    """Train for names of which any number may be right for a text.

    Linear weights on n-grams learn from every text. Two small networks then read what weights
    that learned from one half say of the other half: one network of all its texts, the other,
    beside the sentence vector, of those that have one.

    Args:
        vectors: float32 [n_encoded, dim].
        encoded: int [n_encoded], which texts they belong to.
        targets: bool [n, n_names].
        n_whole: names whose weights learn from every text; those of the further ones learn from
            all texts that are it, and OTHERS_SHARE of the rest.

    Returns:
        The scorer; scores of encoded texts from scorers that did not see them, float32
        [n_judged, n_names]; and which texts these are, int [n_judged].
    """
    vocabulary, rows = ngrams.learn(texts)
    read = _half(len(texts), encoded)
    vectors, encoded = vectors[read[encoded]], encoded[read[encoded]]
    weights, bias = _separators(rows[~read], targets[~read], n_whole)
    apart = np.zeros(targets.shape, dtype=np.float32)
    apart[read] = rows[read] @ weights + bias
    weights, bias = _separators(rows, targets, n_whole)
    words, word_scale = in_bytes(weights)

    def scorer(networks: tuple[Network, ...]) -> Scorer:
        return Scorer(
            names=tuple(names),
            networks=networks,
            network_weight=1.0,
            vocabulary=vocabulary,
            words=words,
            word_scale=word_scale,
            word_bias=bias.astype(np.float32),
            word_weight=3.0,
        )

    part = np.random.default_rng(SEED).integers(0, 2, len(texts))
    # Those of all texts first: they take as long as the two that judge together.
    networks = _in_processes(
        len(texts),
        (
            (_networks, vectors, encoded, apart, targets, of)
            for of in (read, read & (part != 0), read & (part != 1))
        ),
    )
    unseen = np.zeros((len(encoded), len(names)), dtype=np.float32)
    for of in (0, 1):
        now = part[encoded] == of
        unseen[now] = mixed(scorer(networks[1 + of]), vectors[now], apart[encoded][now])
    return scorer(networks[0]), unseen, encoded


def _in_processes(n_texts: int, calls: Iterable[tuple[Any, ...]]) -> list[Any]:
    """Results of calls (function, *arguments), side by side; few texts are not worth a process."""
    from joblib import Parallel, delayed, effective_n_jobs

    n_jobs = min(effective_n_jobs(-1), 1 + n_texts // ngrams.TEXTS_A_PROCESS)
    return list(Parallel(n_jobs=n_jobs)(delayed(call)(*arguments) for call, *arguments in calls))


def _half(n: int, encoded: np.ndarray) -> np.ndarray:
    """Half of n texts, the encoded ones first, bool [n]."""
    is_encoded = np.zeros(n, dtype=bool)
    is_encoded[encoded] = True
    order = np.lexsort((np.random.default_rng(SEED).random(n), ~is_encoded))
    half = np.zeros(n, dtype=bool)
    half[order[: n // 2]] = True
    return half


def _separators(
    rows: sparse.csr_matrix, targets: np.ndarray, n_whole: int
) -> tuple[np.ndarray, np.ndarray]:
    """Linear weights [n_ngrams, n_names] and bias [n_names], a column each by itself."""
    rows = rows.astype(np.float64)
    rows.sort_indices()
    some = np.random.default_rng(SEED).random(len(targets)) < OTHERS_SHARE
    # Processes, though liblinear would let threads run: they share its random numbers.
    fitted = _in_processes(
        len(targets),
        (
            (_separate, rows, is_it, some | is_it if column >= n_whole else None)
            for column, is_it in enumerate(targets.T)
        ),
    )
    weights = np.stack([weights for weights, _ in fitted], axis=1)
    return weights, np.array([bias for _, bias in fitted])


def _separate(
    rows: sparse.csr_matrix, is_it: np.ndarray, kept: np.ndarray | None
) -> tuple[np.ndarray, float]:
    from sklearn.svm import LinearSVC

    if not is_it.any():
        return np.zeros(rows.shape[1], dtype=np.float32), -1.0
    if kept is not None:
        rows, is_it = rows[kept], is_it[kept]
    model = LinearSVC(C=1.0, tol=SVC_TOLERANCE, random_state=SEED).fit(rows, is_it)
    return model.coef_[0].astype(np.float32), float(model.intercept_[0])


def _networks(
    vectors: np.ndarray, encoded: np.ndarray, apart: np.ndarray, targets: np.ndarray, of: np.ndarray
) -> tuple[Network, ...]:
    """A network of either kind, from the texts for which `of` is true."""
    seen = of[encoded]
    both = joined("both", vectors[seen], apart[encoded][seen])
    return (
        _network("words", apart[of], targets[of]),
        _network("both", both, targets[encoded][seen]),
    )


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
