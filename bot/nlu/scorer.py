"""Scores for names (labels, intents, who) from a text's vector and its n-grams.

Two views of a text are added: small networks on the sentence vector carry the meaning
across languages, linear weights on n-grams carry the very words. Trained with
scikit-learn, stored and run as plain arrays. DECISIONS.md 5 has what was tried.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np

from bot.nlu import ngrams

Layer = tuple[np.ndarray, np.ndarray]
Network = tuple[Layer, ...]

SEEDS: Final = (0,)
HIDDEN: Final = 256
ONE_OF_BUCKETS: Final = 2**16


DAMAGED: Final = (
    *(OSError, ValueError, KeyError, EOFError, IndexError, TypeError),
    *(zipfile.BadZipFile, zlib.error),
)
"""What reading a damaged .npz file may raise."""


class NotTrainedError(RuntimeError):
    """A scorer is missing or damaged; zeros are never returned instead."""


@dataclass(frozen=True)
class Scorer:
    """Linear scores (logits) per name.

    Attributes:
        names: what the columns stand for.
        networks: each a chain of layers (weights [in, out], bias [out]) with ReLU between;
            their mean counts `dense_weight` times.
        idf: float32 [n_buckets].
        words: float16 [n_buckets, n_names]; their score counts `word_weight` times.
        word_bias: float32 [n_names].
    """

    names: tuple[str, ...]
    networks: tuple[Network, ...]
    dense_weight: float
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
        dense = sum(_run(network, vectors) for network in self.networks) / len(self.networks)
        words = np.stack([self._words(text) for text in texts])
        total: np.ndarray = self.dense_weight * dense + self.word_weight * words
        return total

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
        n_names = len(self.names)
        arrays = [self.idf, self.words, self.word_bias]
        arrays += [array for network in self.networks for layer in network for array in layer]
        return (
            bool(self.networks)
            and self.words.shape == (len(self.idf), n_names)
            and self.word_bias.shape == (n_names,)
            and all(network[-1][1].shape == (n_names,) for network in self.networks)
            and all(weights.shape[1] == len(bias) for n in self.networks for weights, bias in n)
            and all(
                left[0].shape[1] == right[0].shape[0]
                for network in self.networks
                for left, right in pairwise(network)
            )
            and all(bool(np.isfinite(array).all()) for array in arrays)
        )

    def save(self, path: Path) -> None:
        """Write one compressed .npz file without pickled objects."""
        arrays: dict[str, Any] = {
            f"layer_{n}_{depth}_{part}": array
            for n, network in enumerate(self.networks)
            for depth, layer in enumerate(network)
            for part, array in zip("wb", layer)
        }
        np.savez_compressed(
            path,
            names=np.array(self.names),
            shape=np.array([len(self.networks), len(self.networks[0])]),
            mixing=np.array([self.dense_weight, self.word_weight]),
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
                n_networks, depth = stored["shape"].tolist()
                scorer = cls(
                    names=tuple(stored["names"].tolist()),
                    networks=tuple(
                        tuple(
                            (stored[f"layer_{n}_{d}_w"], stored[f"layer_{n}_{d}_b"])
                            for d in range(depth)
                        )
                        for n in range(n_networks)
                    ),
                    dense_weight=float(stored["mixing"][0]),
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


def _run(network: Network, vectors: np.ndarray) -> np.ndarray:
    values = vectors
    for depth, (weights, bias) in enumerate(network):
        values = (np.maximum(values, 0) if depth else values) @ weights + bias
    return values


def _standardised(scaler: Any, weights: np.ndarray, bias: np.ndarray) -> Layer:
    """Fold a StandardScaler into a first layer: e5 vectors lie close together."""
    folded = weights / scaler.scale_[:, None]
    return folded.astype(np.float32), (bias - scaler.mean_ @ folded).astype(np.float32)


def train_any_of(
    vectors: np.ndarray,
    texts: Sequence[str],
    targets: np.ndarray,
    names: Sequence[str],
    *,
    seeds: Sequence[int] = SEEDS,
) -> Scorer:
    """Train for names of which any number may be right for a text.

    Args:
        vectors: float32 [n, dim].
        targets: bool [n, n_names].
        seeds: one network each.
    """
    from sklearn.neural_network import MLPClassifier
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import LinearSVC

    scaler = StandardScaler().fit(vectors)
    scaled = scaler.transform(vectors)

    def network(seed: int) -> Network:
        model = MLPClassifier(
            (HIDDEN,), alpha=1e-3, max_iter=12, batch_size=128, random_state=seed, tol=0.0
        )
        model.fit(scaled, targets)
        first, second = zip(model.coefs_, model.intercepts_)
        return _standardised(scaler, *first), (
            second[0].astype(np.float32),
            second[1].astype(np.float32),
        )

    counted = ngrams.counts(texts)
    idf = ngrams.inverse_document_frequency(counted)
    rows = ngrams.weighted(counted, idf)

    def words(column: int) -> tuple[np.ndarray, float]:
        model = LinearSVC(C=1.0, random_state=0).fit(rows, targets[:, column])
        return model.coef_[0].astype(np.float16), float(model.intercept_[0])

    fitted = [words(column) for column in range(len(names))]
    return Scorer(
        names=tuple(names),
        networks=tuple(_ignoring_warnings(network, seed) for seed in seeds),
        dense_weight=0.25,
        idf=idf,
        words=np.stack([row for row, _ in fitted], axis=1),
        word_bias=np.array([bias for _, bias in fitted], dtype=np.float32),
        word_weight=5.0,
    )


def train_one_of(vectors: np.ndarray, texts: Sequence[str], targets: Sequence[str]) -> Scorer:
    """Train for names of which exactly one is right for a text.

    Args:
        vectors: float32 [n, dim].
        targets: n names.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import LinearSVC

    scaler = StandardScaler().fit(vectors)
    dense = LogisticRegression(C=0.02, max_iter=60, class_weight="balanced")
    dense.fit(scaler.transform(vectors), list(targets))
    counted = ngrams.counts(texts, ONE_OF_BUCKETS)
    idf = ngrams.inverse_document_frequency(counted)
    words = LinearSVC(C=0.5, random_state=0).fit(ngrams.weighted(counted, idf), list(targets))
    layer = _standardised(scaler, _both(dense.coef_).T, _both(dense.intercept_[:, None]).ravel())
    return Scorer(
        names=tuple(str(name) for name in dense.classes_),
        networks=((layer,),),
        dense_weight=1.0,
        idf=idf,
        words=_both(words.coef_).T.astype(np.float16),
        word_bias=_both(words.intercept_[:, None]).ravel().astype(np.float32),
        word_weight=4.0,
    )


def _both(rows: np.ndarray) -> np.ndarray:
    """scikit-learn keeps one row for two classes."""
    return np.vstack([-rows, rows]) if len(rows) == 1 else rows


def _ignoring_warnings(train: Any, seed: int) -> Network:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # 12 passes are meant; scikit-learn would like more
        network: Network = train(seed)
        return network
