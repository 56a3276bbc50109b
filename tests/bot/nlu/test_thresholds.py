"""bot/nlu/thresholds.py: thresholds from messages that the heads have not seen."""

from __future__ import annotations

import numpy as np
import pytest

from bot.nlu.thresholds import FOLDS, choose_thresholds, unseen_scores

NAMES = ("any_concern", "immediate_danger", "debt")


@pytest.fixture(scope="module")
def data() -> tuple[np.ndarray, np.ndarray]:
    """240 messages: a third quiet, a third danger, a third debt; clearly apart."""
    which = np.arange(240) % 3
    centres = np.array([[0, 0, 0, 0], [6, 0, 6, 0], [0, 6, 6, 0]], np.float32)
    noise = np.random.default_rng(3).normal(size=(240, 4))
    targets = np.stack([which > 0, which == 1, which == 2], axis=1)
    return (centres[which] + noise).astype(np.float32), targets


def test_scores_come_from_the_other_folds(data: tuple[np.ndarray, np.ndarray]) -> None:
    """A message whose label is wrong can't teach its own score."""
    vectors, targets = data
    wrong = targets.copy()
    wrong[0] = [True, True, False]

    score = unseen_scores(vectors, wrong, NAMES, strength=0.1)[0, 1]

    assert score < 0


def test_scores_have_one_row_a_message(data: tuple[np.ndarray, np.ndarray]) -> None:
    vectors, targets = data

    assert unseen_scores(vectors, targets, NAMES, strength=0.1).shape == (240, 3)
    assert FOLDS > 1


def test_every_name_has_a_threshold(data: tuple[np.ndarray, np.ndarray]) -> None:
    assert tuple(choose_thresholds(*data, NAMES, strength=0.1)) == NAMES


def test_thresholds_part_what_is_apart(data: tuple[np.ndarray, np.ndarray]) -> None:
    vectors, targets = data
    scores = unseen_scores(vectors, targets, NAMES, strength=0.1)

    thresholds = choose_thresholds(vectors, targets, NAMES, strength=0.1)

    right = [((scores[:, i] >= thresholds[name]) == targets[:, i]).mean() for i, name in enumerate(NAMES)]
    assert min(right) > 0.95


def test_a_flag_stays_under_its_ceiling_of_false_alarms(
    data: tuple[np.ndarray, np.ndarray],
) -> None:
    vectors, targets = data
    scores = unseen_scores(vectors, targets, NAMES, strength=0.1)
    quiet = ~targets.any(axis=1)

    threshold = choose_thresholds(vectors, targets, NAMES, strength=0.1)["immediate_danger"]

    assert (scores[quiet, 1] >= threshold).mean() <= 0.02


def test_thresholds_are_deterministic(data: tuple[np.ndarray, np.ndarray]) -> None:
    first, second = (choose_thresholds(*data, NAMES, strength=0.1) for _ in range(2))

    assert first == second
