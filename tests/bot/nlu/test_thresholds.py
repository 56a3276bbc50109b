"""bot/nlu/thresholds.py: thresholds from messages that the scorer has not seen."""

from __future__ import annotations

import numpy as np
import pytest

from bot.nlu.hearing import ANY
from bot.nlu.thresholds import FLAG_FALSE_ALARMS, OFFSETS, choose_thresholds

NAMES = (ANY, "immediate_danger", "debt")


def targets(n: int) -> np.ndarray:
    """A third quiet, a third danger, a third debt."""
    which = np.arange(n) % 3
    return np.stack([which > 0, which == 1, which == 2], axis=1)


@pytest.fixture(scope="module")
def scores() -> np.ndarray:
    """Scores that part the kinds clearly."""
    noise = np.random.default_rng(3).normal(size=(3000, 3))
    return (np.where(targets(3000), 4.0, -4.0) + noise).astype(np.float32)


def test_every_name_has_a_threshold(scores: np.ndarray) -> None:
    assert tuple(choose_thresholds(scores, targets(3000), NAMES)) == NAMES


def test_thresholds_part_what_is_apart(scores: np.ndarray) -> None:
    thresholds = choose_thresholds(scores, targets(3000), NAMES)

    cut = np.array([thresholds[name] for name in NAMES])
    cut -= [OFFSETS.get(name, 0) for name in NAMES]
    assert ((scores >= cut) == targets(3000)).mean(axis=0).min() > 0.98


def test_a_flag_stays_under_its_ceiling_of_false_alarms() -> None:
    """Also where flags and quiet messages can't be told apart."""
    noise = np.random.default_rng(4).normal(size=(3000, 3)).astype(np.float32)

    threshold = choose_thresholds(noise, targets(3000), NAMES)["immediate_danger"]
    threshold -= OFFSETS["immediate_danger"]

    quiet = ~targets(3000).any(axis=1)
    assert (noise[quiet, 1] >= threshold).mean() <= FLAG_FALSE_ALARMS["immediate_danger"] + 0.001


def test_a_flag_that_is_clear_catches_nearly_all(scores: np.ndarray) -> None:
    threshold = choose_thresholds(scores, targets(3000), NAMES)["immediate_danger"]

    assert (scores[targets(3000)[:, 1], 1] >= threshold).mean() >= 0.98
