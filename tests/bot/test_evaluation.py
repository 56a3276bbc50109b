"""bot/evaluation.py: measures of what is heard against gold labels."""

from __future__ import annotations

from typing import Any

import pytest

from bot.evaluation import as_intervals, as_list, as_table, evaluate, measure


def heard(**labels: Any) -> dict[str, Any]:
    return {
        "flags": [],
        "signs": [],
        "types": [],
        "who": "none",
        "intent": "greet",
        "chance": 0.5,
        **labels,
    }


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


def test_the_interval_holds_the_share_and_narrows_with_more_messages() -> None:
    few = [(heard(signs=["debt"]), heard(signs=["debt"] if n % 4 else [])) for n in range(20)]
    some, many = measure(few), measure(few * 25)

    for result in (some, many):
        assert result["sensitivity_low"] < 0.75 < result["sensitivity_high"]
        assert result["signs_micro_f1_low"] < result["signs_micro_f1"] < 1
    assert (
        many["sensitivity_high"] - many["sensitivity_low"]
        < (some["sensitivity_high"] - some["sensitivity_low"]) / 3
    )


@pytest.mark.parametrize(
    ("chances", "error"), [((1.0, 0.0), 0.0), ((0.55, 0.45), 0.45), ((0.0, 1.0), 1.0)]
)
def test_calibration_error(chances: tuple[float, float], error: float) -> None:
    pairs = [(heard(signs=["debt"]), heard(chance=chances[0])), (heard(), heard(chance=chances[1]))]

    assert measure(pairs)["calibration_error"] == pytest.approx(error)


def test_the_surest_mistakes_come_first() -> None:
    lines = [
        (heard(lang="en", text="missed", signs=["debt"]), heard(chance=0.4)),
        (heard(lang="en", text="false", signs=[]), heard(signs=["debt"], chance=0.9)),
        (heard(lang="es", text="right", signs=["debt"]), heard(signs=["debt"], chance=0.1)),
    ]

    found = evaluate(lines)

    assert [gold["text"] for gold, _ in found.mistakes] == ["false", "missed"]
    assert as_list(found.mistakes).splitlines()[0].split() == [
        "0.90",
        "en",
        "-",
        "/",
        "debt",
        "false",
    ]
    assert set(found.measures) == {"en", "es", "all"}


def test_intervals_have_a_row_a_measure() -> None:
    table = as_intervals({"all": measure([(heard(signs=["debt"]), heard(signs=["debt"]))])})

    assert "100-100" in next(row for row in table.splitlines() if row.startswith("sensitivity"))
    assert any(row.startswith("self_harm_recall") and "-" in row for row in table.splitlines())
