"""Papers quote the figures of recognition that were measured last, and no older ones."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from papers import PAPERS

from bot.i18n import load_catalogues
from bot.settings import PROJECT

RESULTS = PROJECT / "benchmarks" / "results"
MEASURED: dict[str, dict[str, dict[str, Any]]] = json.loads(
    (RESULTS / "understanding.json").read_text("utf-8")
)

QUOTES = {
    "ACCURACY.md": (
        "{everyday_in_100[specificity]:.0f} in 100 stay unmarked, "
        "{everyday_in_100[immediate_danger_false_alarms]:.1f} in 100 raise a false alarm of danger,"
        " and {everyday_in_100[immediate_danger_recall]:.0f} in 100 dangers",
        "| Sensitivity of any concern | 0.97 | {all[sensitivity]:.3f} |",
        "| Specificity | 0.96 | {all[specificity]:.3f} |",
        "| Danger heard | 0.98 | {all[immediate_danger_recall]:.3f} |",
        "| False alarms of danger in everyday talk | 0.01 | "
        "{everyday[immediate_danger_false_alarms]:.3f} |",
        "| Self-harm heard | 0.98 | {all[self_harm_recall]:.3f} |",
        "| Child heard | 0.92 | {all[under_18_recall]:.3f} |",
        "| Signs, micro F1 | 0.82 | {all[signs_micro_f1]:.3f} |",
        "| Types, micro F1 | 0.82 | {all[types_micro_f1]:.3f} |",
    ),
    "SAFETY.md": (
        "{all_in_100[immediate_danger_recall]:.0f} in 100 dangers, "
        "{all_in_100[sensitivity]:.0f} in 100 concerns and "
        "{all_in_100[self_harm_recall]:.0f} in 100 thoughts of suicide are heard; "
        "{all_in_100[specificity]:.0f} in 100 harmless messages stay unmarked",
        "and {everyday_in_100[specificity]:.0f} in 100 in ordinary talk",
    ),
    "docs/hazards.md": (
        "{all[immediate_danger_recall]:.3f} of invented dangers are heard",
        "{all[self_harm_recall]:.3f} are heard where the aim is 0.98",
    ),
    "docs/impact-assessment.md": (
        "| Any concern heard (sensitivity) | 0.97 | {all[sensitivity]:.3f} |",
        "| Harmless messages left unmarked (specificity) | 0.96 | {all[specificity]:.3f} |",
        "| Danger heard | 0.98 | {all[immediate_danger_recall]:.3f} |",
        "| Self-harm heard | 0.98 | {all[self_harm_recall]:.3f} |",
        "| Child heard | 0.92 | {all[under_18_recall]:.3f} |",
        "| False alarms of danger in everyday talk | 0.01 | "
        "{everyday[immediate_danger_false_alarms]:.3f} |",
        "false alarms of danger are {all[immediate_danger_false_alarms]:.3f}",
    ),
    "docs/launch.md": (
        "specificity {all[specificity]:.3f} (aim 0.96)",
        "false alarms of danger in everyday talk "
        "{everyday[immediate_danger_false_alarms]:.3f} (aim 0.01)",
        "self-harm heard {all[self_harm_recall]:.3f} (aim 0.98)",
        "signs {all[signs_micro_f1]:.3f} (aim 0.82)",
    ),
    "docs/equality.md": (
        "danger was heard in {few_words[en]:.3f} of the messages in English, "
        "{few_words[es]:.3f} of those in Spanish and {few_words[ar]:.3f} in Arabic",
    ),
}
"""Sentences of the papers, with places for what stands in benchmarks/results."""


def figures() -> dict[str, Any]:
    """What the places in QUOTES mean."""
    pooled, everyday = MEASURED["sixteen"]["all"], MEASURED["everyday"]
    return {
        "all": pooled,
        "all_in_100": in_hundredths(pooled),
        "everyday": everyday["all"],
        "everyday_in_100": in_hundredths(everyday["all"]),
        "few_words": {code: row["immediate_danger_recall"] for code, row in everyday.items()},
    }


def in_hundredths(row: dict[str, Any]) -> dict[str, float]:
    return {name: 100 * value for name, value in row.items() if value is not None}


@pytest.mark.parametrize(
    ("paper", "quote"),
    [(paper, quote) for paper, quotes in QUOTES.items() for quote in quotes],
)
def test_papers_quote_what_was_measured_last(paper: str, quote: str) -> None:
    assert quote.format(**figures()) in PAPERS[paper]


SAFETY_COLUMNS = (
    "sensitivity",
    "specificity",
    "immediate_danger_recall",
    "immediate_danger_false_alarms",
    "self_harm_recall",
    "under_18_recall",
)
FURTHER_COLUMNS = ("signs_micro_f1", "types_micro_f1", "who_accuracy", "calibration_error")


def cells(row: dict[str, Any], names: tuple[str, ...]) -> str:
    """Cells of a table; what is heard has its interval beside it."""
    return " | ".join(
        f"{row[name]:.3f} ({100 * row[f'{name}_low']:.0f}–{100 * row[f'{name}_high']:.0f})"
        if name in SAFETY_COLUMNS and not name.endswith("false_alarms")
        else f"{row[name]:.3f}"
        for name in names
    )


@pytest.mark.parametrize("code", sorted(MEASURED["sixteen"]))
def test_tables_have_every_language_as_measured(code: str) -> None:
    row = MEASURED["sixteen"][code]
    names = {one.code: one.english_name for one in load_catalogues().languages.values()}
    names |= {"all": "All"}

    accuracy = cells(row, SAFETY_COLUMNS + FURTHER_COLUMNS)
    assert f"| {code} | {row['messages']} | {accuracy} |" in PAPERS["ACCURACY.md"]
    assert f"| {names[code]} | {cells(row, SAFETY_COLUMNS)} |" in PAPERS["docs/equality.md"]


@pytest.mark.parametrize("code", sorted(MEASURED["elsewhere"]))
def test_languages_that_it_does_not_speak_stand_as_measured(code: str) -> None:
    columns = ("sensitivity", "specificity", "immediate_danger_recall", "self_harm_recall")
    row = " | ".join(f"{MEASURED['elsewhere'][code][name]:.3f}" for name in columns)

    assert f"| {code} | {row} |" in PAPERS["ACCURACY.md"]


def test_public_requests_stand_as_measured() -> None:
    measured = (RESULTS / "understanding.md").read_text("utf-8")
    found = re.search(r"^Of \d+ everyday requests to an assistant.*$", measured, re.MULTILINE)

    assert found is not None
    assert found[0] in PAPERS["ACCURACY.md"]


def test_simpler_ways_stand_as_measured() -> None:
    measured = (RESULTS / "baselines.md").read_text("utf-8")
    rows = re.findall(r"^\S.*?((?:\s+\d\.\d{3}){6})$", measured, re.MULTILINE)

    assert len(rows) == 4  # Waymark, keywords, n-grams, nearest description
    missing = [row for row in rows if f"| {' | '.join(row.split())} |" not in PAPERS["ACCURACY.md"]]
    assert missing == []
