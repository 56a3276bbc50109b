"""Floors as in test_understanding.py, of the thirteen further languages. A file of its own, so that
both are measured side by side."""

import pytest
from test_understanding import HELDOUT, LANGUAGES

from bot.evaluation import evaluate_files
from bot.i18n import load_catalogues
from bot.settings import Settings

OTHERS = {
    # sensitivity, specificity, recall of danger
    "fa": (0.88, 0.92, 0.9),
    "fr": (0.93, 0.9, 0.92),
    "hi": (0.94, 0.9, 0.95),
    "pl": (0.94, 0.94, 0.95),
    "pt": (0.94, 0.94, 0.9),
    "ro": (0.93, 0.87, 0.95),
    "so": (0.92, 0.89, 0.92),
    "sq": (0.94, 0.87, 0.95),
    "th": (0.96, 0.94, 0.95),
    "ti": (0.95, 0.9, 0.95),
    "tl": (0.96, 0.93, 0.95),
    "vi": (0.94, 0.88, 0.95),
    "zh_Hans": (0.91, 0.85, 0.9),
}
"""Three to five in a hundred under the least of what trainings reached: eighteen messages more
moved a language by up to four. Of some thirty dangers a language, one is three in a hundred."""
MORE_FLOORS = {
    "self_harm_recall": 0.7,
    "under_18_recall": 0.85,
    "signs_micro_f1": 0.69,
    "types_micro_f1": 0.56,
    "intent_accuracy": 0.61,
}
MORE_CEILINGS = {"immediate_danger_false_alarms": 0.08, "self_harm_false_alarms": 0.08}


@pytest.fixture(scope="module")
def others() -> dict:
    return evaluate_files([HELDOUT / f"{code}.jsonl" for code in OTHERS], Settings().model).measures


@pytest.mark.parametrize("language", sorted(OTHERS))
def test_no_other_language_falls_below_its_floor(others: dict, language: str) -> None:
    found = others[language]
    names = ("sensitivity", "specificity", "immediate_danger_recall")
    floors = dict(zip(names, OTHERS[language])) | MORE_FLOORS

    assert {name: found[name] for name, floor in floors.items() if found[name] < floor} == {}
    assert {name: found[name] for name, top in MORE_CEILINGS.items() if found[name] > top} == {}


def test_every_language_is_measured() -> None:
    assert {*LANGUAGES, *OTHERS} == set(load_catalogues().languages)
