"""Choose one decision threshold per label, on messages that the scorer has not seen.

Thresholds are scores (logits). Flags: recall first, within a ceiling of false alarms.
'Any concern': the point where sensitivity and specificity meet. Signs and types: best F1.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from bot.nlu.hearing import ANY
from bot.nlu.labels import FLAGS

FLAG_RECALL: Final = 0.99
"""Share of flagged training messages that a threshold must catch, unseen."""
FLAG_FALSE_ALARMS: Final = {"immediate_danger": 0.06, "self_harm": 0.045, "under_18": 0.03}
"""Ceiling of flags on unseen training messages without any label. Most of these were written to
sound like danger; on everyday talk the share is lower (benchmarks/results/understanding.md)."""

OFFSETS: Final = {
    ANY: 3.0,
    "immediate_danger": -1.8,
    "self_harm": -1.5,
}
"""Added to thresholds (logits), because two things differ from the messages that choose them: a
scorer trained on all messages scores higher, and a flag without a concern must also be clear.
Chosen on the development set (DECISIONS.md 15)."""


def choose_thresholds(
    scores: np.ndarray, targets: np.ndarray, names: Sequence[str]
) -> dict[str, float]:
    """One threshold per name, as a score."""
    quiet = ~targets.any(axis=1)
    thresholds = {}
    for column, name in enumerate(names):
        positive = scores[targets[:, column], column]
        negative = scores[~targets[:, column], column]
        if name in FLAGS:
            caught = float(np.quantile(positive, 1 - FLAG_RECALL))
            ceiling = float(np.quantile(scores[quiet, column], 1 - FLAG_FALSE_ALARMS[name]))
            thresholds[name] = max(caught, ceiling)
        elif name == ANY:
            thresholds[name] = _balance(positive, negative)
        else:
            thresholds[name] = _best_f1(positive, negative)
    return {name: cut + OFFSETS.get(name, 0.0) for name, cut in thresholds.items()}


def calibrate(scores: np.ndarray, is_so: np.ndarray) -> tuple[float, float]:
    """Slope and offset that turn scores for any concern into how often there is one (Platt)."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression().fit(scores[:, None] + OFFSETS[ANY], is_so)
    return float(model.coef_[0, 0]), float(model.intercept_[0])


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
