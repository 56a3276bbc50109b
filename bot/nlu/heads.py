"""Linear heads on sentence vectors: trained with scikit-learn, stored and run as plain arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np


class NotTrainedError(RuntimeError):
    """A head is missing or damaged; zeros are never returned instead."""


@dataclass(frozen=True)
class Heads:
    """Standardisation followed by one linear score per name.

    Attributes:
        names: what the columns stand for.
        weights: float32 [dim, n]; the standardisation is folded in.
        bias: float32 [n].
    """

    names: tuple[str, ...]
    weights: np.ndarray
    bias: np.ndarray

    def scores(self, vectors: np.ndarray) -> np.ndarray:
        """Linear scores, float32 [n_texts, n_names]."""
        return vectors @ self.weights + self.bias

    def each(self, vectors: np.ndarray) -> np.ndarray:
        """Independent probabilities 0..1 per name, float32 [n_texts, n_names]."""
        scores = np.clip(self.scores(vectors), -50, 50)
        return 1.0 / (1.0 + np.exp(-scores))

    def share(self, vectors: np.ndarray) -> np.ndarray:
        """Probabilities over all names that sum to 1 per text."""
        scores = self.scores(vectors)
        scores = np.exp(scores - scores.max(axis=1, keepdims=True))
        return scores / scores.sum(axis=1, keepdims=True)

    def save(self, path: Path) -> None:
        """Write to one .npz file without pickled objects."""
        np.savez(path, names=np.array(self.names), weights=self.weights, bias=self.bias)

    @classmethod
    def load(cls, path: Path) -> Heads:
        """Read what `save` wrote.

        Raises:
            NotTrainedError: the file is missing, damaged or of the wrong shape.
        """
        try:
            with np.load(path, allow_pickle=False) as stored:
                heads = cls(
                    tuple(stored["names"].tolist()),
                    stored["weights"].astype(np.float32),
                    stored["bias"].astype(np.float32),
                )
        except (OSError, ValueError, KeyError, EOFError) as error:
            raise NotTrainedError(
                f"{path.name} can't be read ({type(error).__name__}): train again with `make train`"
            ) from error
        if heads.weights.ndim != 2 or heads.weights.shape[1] != len(heads.names):
            raise NotTrainedError(f"{path.name} has the wrong shape: train again with `make train`")
        return heads


def _fold(scaler: Any, coefficients: np.ndarray, intercept: np.ndarray) -> tuple[Any, Any]:
    weights = (coefficients / scaler.scale_).T
    bias = intercept - scaler.mean_ @ weights
    return weights.astype(np.float32), bias.astype(np.float32)


def train_one_of(vectors: np.ndarray, targets: Sequence[str], *, strength: float) -> Heads:
    """Train heads of which exactly one is right for each text (multinomial).

    Args:
        vectors: float32 [n, dim].
        targets: n names.
        strength: inverse regularisation (scikit-learn's C).
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(vectors)
    model = LogisticRegression(C=strength, max_iter=400, class_weight="balanced")
    model.fit(scaler.transform(vectors), list(targets))
    coefficients, intercept = model.coef_, model.intercept_
    if len(model.classes_) == 2:  # scikit-learn keeps one row for two classes
        coefficients = np.vstack([-coefficients, coefficients]) / 2
        intercept = np.concatenate([-intercept, intercept]) / 2
    weights, bias = _fold(scaler, coefficients, intercept)
    return Heads(tuple(str(name) for name in model.classes_), weights, bias)


def train_any_of(
    vectors: np.ndarray, targets: np.ndarray, names: Sequence[str], *, strength: float
) -> Heads:
    """Train heads any number of which may be right for a text (one against the rest).

    Args:
        vectors: float32 [n, dim].
        targets: bool [n, len(names)].
    """
    from joblib import Parallel, delayed
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(vectors)
    scaled = scaler.transform(vectors)

    def fit(column: int) -> tuple[np.ndarray, np.ndarray]:
        model = LogisticRegression(C=strength, max_iter=400)
        model.fit(scaled, targets[:, column])
        return model.coef_[0], model.intercept_[0]

    fitted = Parallel(n_jobs=2, prefer="threads")(delayed(fit)(i) for i in range(len(names)))
    weights, bias = _fold(
        scaler, np.stack([row for row, _ in fitted]), np.array([offset for _, offset in fitted])
    )
    return Heads(tuple(names), weights, bias)
