"""bot/evaluation.py: measures of what is heard against gold labels."""

from __future__ import annotations

from typing import Any

import pytest

from bot.evaluation import as_table, measure


def heard(**labels: Any) -> dict[str, Any]:
    return {"flags": [], "signs": [], "types": [], "who": "none", "intent": "greet", **labels}


def test_without_messages_nothing_counts() -> None:
    result = measure([])

    assert (result["messages"], result["sensitivity"], result["who_accuracy"]) == (0, None, None)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sensitivity", 0.5),
        ("specificity", 0.5),
        ("immediate_danger_recall", 1.0),
        ("everyday_specificity", 1.0),
        ("immediate_danger_false_alarms", 0.5),
        ("immediate_danger_over_alarms", 0.0),
        ("self_harm_over_alarms", 0.5),
        ("everyday_immediate_danger_false_alarms", 0.0),
        ("signs_micro_f1", 0.0),
        ("signs_macro_f1", 0.0),
        ("types_micro_f1", 1.0),
        ("types_macro_f1", None),
    ],
)
def test_measures(name: str, value: float | None) -> None:
    pairs = [
        (heard(flags=["immediate_danger"]), heard(flags=["immediate_danger", "self_harm"])),
        (heard(signs=["debt"]), heard()),
        (heard(hard=True), heard(flags=["immediate_danger"])),
        (heard(), heard()),
    ]

    assert measure(pairs)[name] == value


def test_a_table_has_a_column_a_language() -> None:
    table = as_table({"en": measure([]), "all": measure([])})

    assert table.splitlines()[0].split() == ["en", "all"]
