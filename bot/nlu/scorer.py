"""Scores for names (labels, intents) from a text's vector and its n-grams.

Two views of a text are added: linear weights on n-grams carry the very words, small networks
on those weights' scores and on the sentence vector carry context and meaning, across
languages. Trained with scikit-learn, stored and run as plain arrays. DECISIONS.md 14 has
what was tried.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from scipy import sparse

from bot.nlu import ngrams

Layer = tuple[np.ndarray, np.ndarray]
Reads = Literal["vector", "words", "both"]

SEED: Final = 0
HIDDEN: Final = 256
ONE_OF_BUCKETS: Final = 2**16
FOLDS: Final = 3
SVC_TOLERANCE: Final = 1e-2
"""Half the passes of scikit-learn's default; average precision is the same to three digits."""

DAMAGED: Final = (
    *(OSError, ValueError, KeyError, EOFError, IndexError, TypeError),
    *(zipfile.BadZipFile, zlib.error),
)
"""What reading a damaged .npz file may raise."""


class NotTrainedError(RuntimeError):
    """A scorer is missing or damaged; zeros are never returned instead."""


@dataclass(frozen=True)
class Network:
    """A chain of layers (weights [in, out], bias [out]) with ReLU between.

    `reads`: the sentence vector, the word scores, or word scores followed by the vector.
    """

    reads: Reads
    layers: tuple[Layer, ...]

    def run(self, vectors: np.ndarray, words: np.ndarray) -> np.ndarray:
        """Scores, float32 [n, n_names or more]."""
        values = _joined(self.reads, vectors, words)
        for depth, (weights, bias) in enumerate(self.layers):
            values = (np.maximum(values, 0) if depth else values) @ weights + bias
        return values


def _joined(reads: Reads, vectors: np.ndarray, words: np.ndarray) -> np.ndarray:
    """What a network reads of a text."""
    if reads == "both":
        return np.hstack([words, vectors])
    return vectors if reads == "vector" else words


@dataclass(frozen=True)
class Scorer:
    """Scores (logits) per name.

    Attributes:
        names: what the first columns stand for; further columns are hints to the networks.
        networks: their mean counts `network_weight` times.
        idf: float32 [n_buckets].
        words: float16 [n_buckets, n_columns]; their score counts `word_weight` times.
        word_bias: float32 [n_columns].
    """

    names: tuple[str, ...]
    networks: tuple[Network, ...]
    network_weight: float
    idf: np.ndarray
    words: np.ndarray
    word_bias: np.ndarray
    word_weight: float

    def scores(self, vectors: np.ndarray, texts: Sequence[str]) -> np.ndarray:
        """Score texts.

        Args:
            vectors: float32 [n, dim], one row a text.
            texts: n cleaned texts.

        Returns:
            float32 [n, n_names].
        """
        words = np.stack([self._words(text) for text in texts])
        return _mixed(self, vectors, words)

    def shares(self, vectors: np.ndarray, texts: Sequence[str]) -> np.ndarray:
        """Probabilities over all names that sum to 1 a text."""
        scores = self.scores(vectors, texts)
        scores = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares: np.ndarray = scores / scores.sum(axis=1, keepdims=True)
        return shares

    def _words(self, text: str) -> np.ndarray:
        found, values = ngrams.features(text, self.idf)
        row: np.ndarray = values.astype(np.float32) @ self.words[found].astype(np.float32)
        return row + self.word_bias

    def _is_sound(self) -> bool:
        """Whether shapes fit and all numbers are finite."""
        n_names, n_columns = len(self.names), len(self.word_bias)
        layers = [network.layers for network in self.networks]
        arrays = [self.idf, self.words, self.word_bias]
        arrays += [array for chain in layers for layer in chain for array in layer]
        return (
            bool(self.networks)
            and n_columns >= n_names
            and self.words.shape == (len(self.idf), n_columns)
            and all(len(chain[-1][1]) == n_columns for chain in layers)
            and all(weights.shape[1] == len(bias) for chain in layers for weights, bias in chain)
            and all(
                left[0].shape[1] == right[0].shape[0]
                for chain in layers
                for left, right in pairwise(chain)
            )
            and all(
                len(network.layers[0][0]) == n_columns
                for network in self.networks
                if network.reads == "words"
            )
            and all(bool(np.isfinite(array).all()) for array in arrays)
        )

    def save(self, path: Path) -> None:
        """Write one compressed .npz file without pickled objects."""
        arrays: dict[str, Any] = {
            f"layer_{n}_{depth}_{part}": array
            for n, network in enumerate(self.networks)
            for depth, layer in enumerate(network.layers)
            for part, array in zip("wb", layer)
        }
        np.savez_compressed(
            path,
            names=np.array(self.names),
            reads=np.array([network.reads for network in self.networks]),
            depth=np.array([len(network.layers) for network in self.networks]),
            mixing=np.array([self.network_weight, self.word_weight]),
            idf=self.idf,
            words=self.words,
            word_bias=self.word_bias,
            **arrays,
        )

    @classmethod
    def load(cls, path: Path) -> Scorer:
        """Read what `save` wrote.

        Raises:
            NotTrainedError: the file is missing, damaged or of the wrong shape.
        """
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                scorer = cls(
                    names=tuple(stored["names"].tolist()),
                    networks=tuple(
                        Network(
                            reads,
                            tuple(
                                (stored[f"layer_{n}_{d}_w"], stored[f"layer_{n}_{d}_b"])
                                for d in range(depth)
                            ),
                        )
                        for n, (reads, depth) in enumerate(
                            zip(stored["reads"].tolist(), stored["depth"].tolist())
                        )
                    ),
                    network_weight=float(stored["mixing"][0]),
                    word_weight=float(stored["mixing"][1]),
                    idf=stored["idf"],
                    words=stored["words"],
                    word_bias=stored["word_bias"],
                )
        except DAMAGED as error:
            raise NotTrainedError(
                f"{path.name} can't be read ({type(error).__name__}): train again with `make train`"
            ) from error
        if not scorer._is_sound():
            raise NotTrainedError(f"{path.name} has the wrong shape: train again with `make train`")
        return scorer


def _mixed(scorer: Scorer, vectors: np.ndarray, words: np.ndarray) -> np.ndarray:
    n_names = len(scorer.names)
    read = sum(network.run(vectors, words) for network in scorer.networks) / len(scorer.networks)
    total: np.ndarray = scorer.network_weight * read + scorer.word_weight * words
    return total[:, :n_names]


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
        both = _joined("both", vectors[seen], apart[encoded][seen])
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
        unseen[now] = _mixed(scorer(fold != held), vectors[now], apart[encoded][now])
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
    import warnings

    from sklearn.neural_network import MLPClassifier
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(values)
    model = MLPClassifier(
        (HIDDEN,), alpha=1e-3, max_iter=10, batch_size=128, random_state=SEED, tol=0.0
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # few passes are meant; scikit-learn would like more
        model.fit(scaler.transform(values).astype(np.float32), targets)
    first, second = zip(model.coefs_, model.intercepts_)
    last = (second[0].astype(np.float32), second[1].astype(np.float32))
    return Network(reads, (_standardised(scaler, *first), last))


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
