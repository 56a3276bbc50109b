"""Scores for names (labels, intents) from a text's vector and its n-grams.

Two views of a text are added: linear weights on n-grams carry the very words, small networks
on those weights' scores and on the sentence vector carry context and meaning, across
languages. Trained in bot/nlu/scorer_training.py, stored and run as plain arrays.
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

from bot.nlu.ngrams import Vocabulary

Layer = tuple[np.ndarray, np.ndarray]
Reads = Literal["words", "both"]

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

    `reads`: the word scores, or word scores followed by the sentence vector.
    """

    reads: Reads
    layers: tuple[Layer, ...]

    def run(self, vectors: np.ndarray, words: np.ndarray) -> np.ndarray:
        """Scores, float32 [n, n_names]."""
        values = joined(self.reads, vectors, words)
        for depth, (weights, bias) in enumerate(self.layers):
            values = (np.maximum(values, 0) if depth else values) @ weights + bias
        return values


def joined(reads: Reads, vectors: np.ndarray, words: np.ndarray) -> np.ndarray:
    """What a network reads of a text."""
    return np.hstack([words, vectors]) if reads == "both" else words


@dataclass(frozen=True)
class Scorer:
    """Scores (logits) per name.

    Attributes:
        names: what the columns stand for.
        networks: their mean counts `network_weight` times.
        vocabulary: the n-grams that `words` weighs.
        words: int8 [n_ngrams, n_names], to be multiplied by `word_scale`, float32 [n_ngrams];
            their score counts `word_weight` times.
        word_bias: float32 [n_names].
    """

    names: tuple[str, ...]
    networks: tuple[Network, ...]
    network_weight: float
    vocabulary: Vocabulary
    words: np.ndarray
    word_scale: np.ndarray
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
        return mixed(self, vectors, words)

    def _words(self, text: str) -> np.ndarray:
        found, values = self.vocabulary.features(text)
        values = (values * self.word_scale[found]).astype(np.float32)
        row: np.ndarray = values @ self.words[found].astype(np.float32)
        return row + self.word_bias

    def _is_sound(self) -> bool:
        """Whether shapes fit and all numbers are finite."""
        n_names = len(self.names)
        layers = [network.layers for network in self.networks]
        hashes, idf = self.vocabulary.hashes, self.vocabulary.idf
        arrays = [idf, self.word_scale, self.word_bias]
        arrays += [array for chain in layers for layer in chain for array in layer]
        return (
            bool(self.networks)
            and hashes.ndim == 1
            and idf.shape == hashes.shape
            and bool((hashes[1:] > hashes[:-1]).all())
            and self.word_bias.shape == (n_names,)
            and self.words.shape == (len(hashes), n_names)
            and self.words.dtype == np.int8
            and self.word_scale.shape == hashes.shape
            and all(len(chain[-1][1]) == n_names for chain in layers)
            and all(weights.shape[1] == len(bias) for chain in layers for weights, bias in chain)
            and all(
                left[0].shape[1] == right[0].shape[0]
                for chain in layers
                for left, right in pairwise(chain)
            )
            and all(
                len(network.layers[0][0]) == n_names
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
            hashes=self.vocabulary.hashes,
            idf=self.vocabulary.idf,
            words=self.words,
            word_scale=self.word_scale,
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
                    vocabulary=Vocabulary(stored["hashes"], stored["idf"]),
                    words=stored["words"],
                    word_scale=stored["word_scale"],
                    word_bias=stored["word_bias"],
                )
        except DAMAGED as error:
            raise NotTrainedError(
                f"{path.name} can't be read ({type(error).__name__}): train again with `make train`"
            ) from error
        if not scorer._is_sound():
            raise NotTrainedError(f"{path.name} has the wrong shape: train again with `make train`")
        return scorer


def in_bytes(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights in a byte each, and what each row is to be multiplied by.

    A row's largest weight becomes 127. What that changes of a score is small beside the
    distance between scores (DECISIONS.md 97).
    """
    scale = np.abs(weights).max(axis=1, initial=0.0) / 127
    whole = np.round(weights / np.maximum(scale, 1e-12)[:, None])
    return whole.astype(np.int8), scale.astype(np.float32)


def mixed(scorer: Scorer, vectors: np.ndarray, words: np.ndarray) -> np.ndarray:
    """Scores from sentence vectors and word scores, float32 [n, n_names]."""
    read = sum(network.run(vectors, words) for network in scorer.networks) / len(scorer.networks)
    total: np.ndarray = scorer.network_weight * read + scorer.word_weight * words
    return total
