"""From scores to what is heard: labels, who they are about, and the likeliest intents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from bot.nlu.labels import DISCLOSURE_INTENT, LABELS

ANY: Final = DISCLOSURE_INTENT
"""The name that stands for any concern: a message has a label if it is a disclosure."""
SAID_OF: Final = ("who_self", "who_other")

SHARPNESS: Final = 0.7
"""What scores are multiplied by before they become shares: with it an intent of share 0.8 is the
right one in 97 of 100 messages of the development set (DECISIONS.md 16)."""


def heard_labels(above: Mapping[str, float], margins: Mapping[str, float]) -> set[str]:
    """Labels that count.

    Args:
        above: what each name scores above its threshold, 'any concern' included.
        margins: see MessageClassifier.get_default_config.
    """
    labels = {name for name in LABELS if above[name] >= 0}
    if above[ANY] < 0:
        return {name for name in labels if above[name] >= margins["clear_margin"]}
    if not labels:
        nearest = max(LABELS, key=lambda name: above[name])
        return {nearest} if above[nearest] >= -margins["near_margin"] else set()
    return labels


def chance_of(score: float, calibration: tuple[float, float]) -> float:
    """How likely any concern is, 0 to 1; see thresholds.calibrate."""
    slope, offset = calibration
    return float(1 / (1 + np.exp(-np.clip(slope * score + offset, -30, 30))))


def who_is_meant(scores: Mapping[str, float], *, of_someone: bool) -> str:
    """Whom a message is about; one with a label is about somebody."""
    self_, other = (scores[name] for name in SAID_OF)
    if max(self_, other) < 0 and not of_someone:
        return "none"
    return "self" if self_ >= other else "other"


def likeliest(
    scores: Mapping[str, float], intents: tuple[str, ...], n: int
) -> list[dict[str, Any]]:
    """The n likeliest intents with their shares ('confidence', 0 to 1), as Rasa ranks them."""
    found = SHARPNESS * np.array([scores[intent] for intent in intents])
    shares = np.exp(found - found.max())
    shares /= shares.sum()
    return [{"name": intents[i], "confidence": float(shares[i])} for i in np.argsort(-shares)[:n]]
