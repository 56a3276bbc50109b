"""bot/nlu/verdicts.py: log-odds from scores of messages that the scorer has not seen."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from bot.nlu.hearing import ANY
from bot.nlu.labels import FLAGS
from bot.nlu.scorer import NotTrainedError
from bot.nlu.verdicts import COUNTS_FROM, DECIDED, N_RISKS, NEVER, Verdicts, learn_verdicts

DANGER, DEBT = DECIDED.index("immediate_danger"), DECIDED.index("debt")
N_INTENTS = 4


def kinds(n: int = 3000) -> np.ndarray:
    """A third quiet, a third danger, a third debt: bool [n, n_decided]."""
    which = np.arange(n) % 3
    is_so = np.zeros((n, len(DECIDED)), dtype=bool)
    is_so[:, 0], is_so[:, DANGER], is_so[:, DEBT] = which > 0, which == 1, which == 2
    return is_so


def scored(is_so: np.ndarray, *, apart: float, seed: int = 3) -> np.ndarray:
    """Scores whose means lie `apart` and on whose intents a quiet message scores as much."""
    n = len(is_so)
    scores = np.random.default_rng(seed).normal(size=(n, N_RISKS + N_INTENTS))
    scores[:, : len(DECIDED)] += np.where(is_so, apart / 2, -apart / 2)
    scores[:, N_RISKS:] -= apart / 2
    scores[~is_so[:, 0], N_RISKS] += apart
    return scores


def test_odds_part_what_is_apart() -> None:
    verdicts = learn_verdicts(scored(kinds(), apart=8), kinds())

    above = verdicts.odds(scored(kinds(), apart=8, seed=4)) - verdicts.cuts

    for column in (0, DANGER, DEBT):
        assert ((above[:, column] >= 0) == kinds()[:, column]).mean() > 0.98


def test_an_everyday_intent_that_scores_high_speaks_against_danger() -> None:
    """'My phone died': the words of danger, and far more of talk about phones."""
    verdicts = learn_verdicts(scored(kinds(), apart=3), kinds())
    danger = scored(kinds(), apart=3)[1:2]
    phone = danger.copy()
    phone[0, N_RISKS] += 4

    assert verdicts.odds(phone)[0, DANGER] < verdicts.odds(danger)[0, DANGER] - 1
    assert verdicts.odds(phone)[0, 0] < verdicts.odds(danger)[0, 0] - 1


def test_odds_are_as_likely_as_they_say() -> None:
    """Of messages with a chance of about a half, about a half tell of a concern."""
    verdicts = learn_verdicts(scored(kinds(), apart=2), kinds())

    chance = 1 / (1 + np.exp(-verdicts.odds(scored(kinds(), apart=2, seed=4))[:, 0]))

    doubtful = (chance > 0.35) & (chance < 0.65)
    assert doubtful.sum() > 50
    assert kinds()[doubtful, 0].mean() == pytest.approx(0.5, abs=0.12)


def test_flags_and_a_concern_count_from_the_chance_that_is_set() -> None:
    verdicts = learn_verdicts(scored(kinds(), apart=4), kinds())

    chances = dict(zip(DECIDED, 1 / (1 + np.exp(-verdicts.cuts))))

    assert {name: chances[name] for name in COUNTS_FROM} == pytest.approx(COUNTS_FROM)
    assert max(COUNTS_FROM[flag] for flag in FLAGS) < COUNTS_FROM[ANY]


def test_a_label_without_examples_is_never_heard() -> None:
    verdicts = learn_verdicts(scored(kinds(), apart=4), kinds())

    odds = verdicts.odds(scored(kinds(), apart=4))

    assert (odds[:, DECIDED.index("trauma")] == NEVER).all()


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    verdicts = learn_verdicts(scored(kinds(), apart=4), kinds())
    verdicts.save(tmp_path / "verdicts.json")

    loaded = Verdicts.load(tmp_path / "verdicts.json")

    scores = scored(kinds(), apart=4)
    assert (loaded.odds(scores) == verdicts.odds(scores)).all()
    assert (loaded.cuts == verdicts.cuts).all()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda stored: stored.pop("debt"),
        lambda stored: stored.update(other=stored["debt"]),
        lambda stored: stored["debt"].pop("cut"),
        lambda stored: stored["debt"].update(weights=[1.0]),
        lambda stored: stored["debt"].update(bias=None),
        lambda stored: stored["debt"].update(bias=float("inf")),
    ],
    ids=["a label less", "a label more", "no cut", "a weight", "no number", "infinite"],
)
def test_damaged_verdicts_raise(tmp_path: Path, spoil: object) -> None:
    file = tmp_path / "verdicts.json"
    learn_verdicts(scored(kinds(), apart=4), kinds()).save(file)
    stored = json.loads(file.read_text())
    spoil(stored)  # type: ignore[operator]
    file.write_text(json.dumps(stored))

    with pytest.raises(NotTrainedError, match=r"make train"):
        Verdicts.load(file)
