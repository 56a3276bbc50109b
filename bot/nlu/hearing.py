"""From log-odds and scores to what is heard: labels, whom they are about, likeliest intents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from bot.nlu.labels import DISCLOSURE_INTENT, FLAGS, LABELS

ANY: Final = DISCLOSURE_INTENT
"""The name that stands for any concern: a message has a label if it is a disclosure."""
SAID_OF: Final = ("who_self", "who_other")

SHARPNESS: Final = 0.7
"""What scores are multiplied by before they become shares: with it an intent of share 0.8 is the
right one in 97 of 100 messages of the development set (DECISIONS.md 16)."""


def heard_labels(above: Mapping[str, float]) -> set[str]:
    """Labels that count.

    A flag counts by itself. Signs and types need a concern, and a concern has at least one label:
    the nearest, where none counts.

    Args:
        above: how far each name's log-odds stand above where it counts, 'any concern' included.
    """
    if above[ANY] < 0:
        return {name for name in FLAGS if above[name] >= 0}
    labels = {name for name in LABELS if above[name] >= 0}
    return labels or {max(LABELS, key=lambda name: above[name])}


def chance_of(odds: float) -> float:
    """Log-odds as a chance, 0 to 1."""
    return float(1 / (1 + np.exp(-np.clip(odds, -30, 30))))


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
