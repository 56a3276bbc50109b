"""bot/nlu/labels.py: the fixed ids."""

from __future__ import annotations

import pytest

from bot.nlu.labels import (
    FLAGS,
    INTERRUPTS,
    LABELS,
    SIGNS,
    TYPES,
    LabelError,
    of_kind,
    parse_labels,
)


@pytest.mark.parametrize("joined", ["debts", "debt+nothing", "Debt", "rehearsed_story"])
def test_an_unknown_label_raises(joined: str) -> None:
    with pytest.raises(LabelError):
        parse_labels(joined)


@pytest.mark.parametrize(
    ("joined", "labels"),
    [("", set()), ("+", set()), ("debt", {"debt"}), (" debt + threats +debt", {"debt", "threats"})],
)
def test_labels_are_joined_with_plus(joined: str, labels: set[str]) -> None:
    assert parse_labels(joined) == labels


def test_every_label_stands_once() -> None:
    assert len(LABELS) == len(set(LABELS)) == 25


def test_kinds_are_sorted_and_apart() -> None:
    assert of_kind(set(LABELS), SIGNS) == sorted(SIGNS)
    assert of_kind(["unpaid", "self_harm"], TYPES) == []


def test_every_flag_interrupts_danger_first() -> None:
    assert tuple(INTERRUPTS) == FLAGS
