"""bot/nlu/hearing.py: from scores to labels, who, and intents."""

from __future__ import annotations

import numpy as np
import pytest

from bot.nlu.hearing import ANY, chance_of, heard_labels, likeliest, who_is_meant
from bot.nlu.labels import LABELS


@pytest.mark.parametrize(
    ("above", "heard"),
    [
        ({ANY: 1.0, "debt": 0.1}, {"debt"}),
        ({ANY: -0.1, "debt": 9.0}, set()),
        ({ANY: 1.0, "immediate_danger": 0.1, "debt": 0.1}, {"immediate_danger", "debt"}),
        ({ANY: -9.0, "immediate_danger": 0.1}, {"immediate_danger"}),
        ({ANY: -0.1, "immediate_danger": -0.1}, set()),
        ({ANY: 0.1, "debt": -0.6, "unpaid": -0.4}, {"unpaid"}),
    ],
    ids=[
        *("a sign", "a sign without a concern", "a flag and a sign"),
        *("a flag without a concern", "nothing", "a concern has the nearest"),
    ],
)
def test_what_counts_beside_the_odds_of_any_concern(
    above: dict[str, float], heard: set[str]
) -> None:
    assert heard_labels(dict.fromkeys(LABELS, -9.0) | above) == heard


def test_odds_are_a_chance_however_large() -> None:
    assert chance_of(0.0) == 0.5
    assert 0 < chance_of(-900.0) < 0.01 < 0.99 < chance_of(900.0) <= 1


@pytest.mark.parametrize(
    ("self_", "other", "of_someone", "who"),
    [
        (1.0, -1.0, True, "self"),
        (-1.0, 1.0, False, "other"),
        (-2.0, -1.0, True, "other"),
        (-2.0, -1.0, False, "none"),
    ],
)
def test_one_with_a_label_is_about_somebody(
    self_: float, other: float, of_someone: bool, who: str
) -> None:
    scores = {"who_self": self_, "who_other": other}

    assert who_is_meant(scores, of_someone=of_someone) == who


def test_intents_are_ranked_by_share() -> None:
    ranking = likeliest({"a": 1.0, "b": 3.0, "c": -2.0, "d": 9.0}, ("a", "b", "c"), 2)

    assert [each["name"] for each in ranking] == ["b", "a"]
    assert 1 > ranking[0]["confidence"] > ranking[1]["confidence"] > 0


def test_shares_of_all_intents_are_one_even_for_large_scores() -> None:
    names = ("a", "b", "c")

    ranking = likeliest(dict(zip(names, (900.0, 899.0, -900.0))), names, 3)

    assert np.isclose(sum(each["confidence"] for each in ranking), 1)
