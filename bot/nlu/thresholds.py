"""Choose one decision threshold per label, on messages that the heads have not seen.

Thresholds are linear scores (logits). Flags: recall first, within a ceiling of false
alarms. 'Any concern': the point where sensitivity and specificity meet. Signs and types:
best F1.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from bot.nlu.heads import train_any_of
from bot.nlu.labels import FLAGS

FOLDS: Final = 4
FLAG_RECALL: Final = 0.985
"""Share of flagged training messages that a threshold must catch, unseen."""
FLAG_FALSE_ALARMS: Final = 0.01
"""Ceiling of flags on messages without any label; the target of DESIGN's issue is 1%."""


def unseen_scores(
    vectors: np.ndarray, targets: np.ndarray, names: Sequence[str], *, strength: float
) -> np.ndarray:
    """Scores of each message from heads trained on the other folds, float32 [n, n_names]."""
    fold = np.random.default_rng(0).permutation(len(vectors)) % FOLDS
    scores = np.zeros(targets.shape, dtype=np.float32)
    for held in range(FOLDS):
        heads = train_any_of(
            vectors[fold != held], targets[fold != held], names, strength=strength
        )
        scores[fold == held] = heads.scores(vectors[fold == held])
    return scores


def choose_thresholds(
    vectors: np.ndarray, targets: np.ndarray, names: Sequence[str], *, strength: float
) -> dict[str, float]:
    """One threshold per name, as a linear score."""
    scores = unseen_scores(vectors, targets, names, strength=strength)
    quiet = ~targets.any(axis=1)
    thresholds = {}
    for column, name in enumerate(names):
        positive = scores[targets[:, column], column]
        negative = scores[~targets[:, column], column]
        if name in FLAGS:
            caught = float(np.quantile(positive, 1 - FLAG_RECALL))
            ceiling = float(np.quantile(scores[quiet, column], 1 - FLAG_FALSE_ALARMS))
            thresholds[name] = max(caught, ceiling)
        elif name == names[0]:
            thresholds[name] = _balance(positive, negative)
        else:
            thresholds[name] = _best_f1(positive, negative)
    return thresholds


def _balance(positive: np.ndarray, negative: np.ndarray) -> float:
    candidates = np.quantile(np.concatenate([positive, negative]), np.linspace(0.01, 0.99, 400))
    worst = [min((positive >= cut).mean(), (negative < cut).mean()) for cut in candidates]
    return float(candidates[int(np.argmax(worst))])


def _best_f1(positive: np.ndarray, negative: np.ndarray) -> float:
    candidates = np.unique(np.quantile(positive, np.linspace(0.0, 0.9, 200)))
    hits = np.array([(positive >= cut).sum() for cut in candidates], dtype=float)
    wrong = np.array([(negative >= cut).sum() for cut in candidates], dtype=float)
    f1 = 2 * hits / (hits + wrong + len(positive))
    return float(candidates[int(np.argmax(f1))])
