"""Floors under what the held-out messages reach, so that no change quietly costs a language
its safety. They are guards, not targets: the targets and what is missing stand in SAFETY.md."""

from pathlib import Path

import pytest

from bot.evaluation import evaluate_files
from bot.settings import PROJECT, Settings

HELDOUT = sorted((PROJECT / "tests" / "nlu" / "heldout").glob("final_*.jsonl"))
FLOORS = {
    "sensitivity": 0.94,
    "specificity": 0.86,
    "immediate_danger_recall": 0.82,
    "self_harm_recall": 0.80,
    "under_18_recall": 0.88,
    "signs_micro_f1": 0.72,
    "types_micro_f1": 0.75,
    "intent_accuracy": 0.66,
}
CEILINGS = {"immediate_danger_false_alarms": 0.06, "self_harm_false_alarms": 0.05}


@pytest.fixture(scope="module")
def measured() -> dict:
    return evaluate_files([Path(file) for file in HELDOUT], Settings().model)


@pytest.mark.parametrize("language", ["en", "es", "ar"])
@pytest.mark.parametrize("measure", sorted(FLOORS))
def test_no_language_falls_below_its_floor(measured: dict, language: str, measure: str) -> None:
    assert measured[language][measure] >= FLOORS[measure]


@pytest.mark.parametrize("language", ["en", "es", "ar"])
@pytest.mark.parametrize("measure", sorted(CEILINGS))
def test_false_alarms_stay_rare(measured: dict, language: str, measure: str) -> None:
    assert measured[language][measure] <= CEILINGS[measure]


AWKWARD = {
    "empty": "",
    "an emoji": "😭",
    "ten thousand characters": "help me " * 1250,
    "mixed scripts": "my boss صاحب العمل mi jefe",
    "a right-to-left override": "he\u202eis outside\u202c",
    "zalgo": "h\u0301\u0302\u0303\u0304e\u0301\u0302l\u0301p",
    "digits": "123456789",
    "an address": "https://example.org/a?b=c",
    "a lone surrogate": "help \ud83d me",
    "control characters": "help\x00\x07 me",
    "a button's payload": '/delete_chat{"a":1}',
}


@pytest.mark.parametrize("name", sorted(AWKWARD))
def test_awkward_text_is_heard_without_an_error(hear, name: str) -> None:
    heard = hear(AWKWARD[name])

    assert set(heard) == {"lang", "intent", "who", "flags", "signs", "types"}


@pytest.mark.parametrize("text", ["he is outside with a knife", "está afuera con un cuchillo",
                                  "هو بالخارج ومعه سكين"])  # fmt: skip
def test_a_knife_outside_is_danger(hear, text: str) -> None:
    assert "immediate_danger" in hear(text)["flags"]
