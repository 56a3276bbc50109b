"""Floors under what the held-out messages reach, so that no change quietly costs a language
its safety. They are guards, not targets: the targets and what is missing stand in SAFETY.md."""

import pytest

from bot.evaluation import evaluate_files
from bot.settings import PROJECT, Settings

HELDOUT = PROJECT / "tests" / "nlu" / "heldout"
SETS = {"second": "final_{}.jsonl", "third": "{}.jsonl", "everyday": "everyday_{}.jsonl"}
LANGUAGES = ("en", "es", "ar")
FLOORS = {
    "second": {
        "sensitivity": 0.95,
        "specificity": 0.91,
        "immediate_danger_recall": 0.95,
        "self_harm_recall": 0.9,
        "under_18_recall": 0.93,
        "signs_micro_f1": 0.77,
        "types_micro_f1": 0.85,
        "intent_accuracy": 0.8,
    },
    "third": {
        "sensitivity": 0.93,
        "specificity": 0.85,
        "everyday_specificity": 0.91,
        "immediate_danger_recall": 0.94,
        "self_harm_recall": 0.88,
        "under_18_recall": 0.9,
        "signs_micro_f1": 0.71,
        "types_micro_f1": 0.79,
        "intent_accuracy": 0.71,
    },
    "everyday": {"specificity": 0.91, "immediate_danger_recall": 0.88},
}
CEILINGS = {
    "everyday_immediate_danger_false_alarms": 0.06,
    "everyday_self_harm_false_alarms": 0.06,
}


@pytest.fixture(scope="module")
def measured() -> dict[str, dict]:
    return {
        name: evaluate_files(
            [HELDOUT / pattern.format(code) for code in LANGUAGES], Settings().model
        ).measures
        for name, pattern in SETS.items()
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "measure"), [(n, m) for n in SETS for m in sorted(FLOORS[n])])
def test_no_language_falls_below_its_floor(
    measured: dict, language: str, name: str, measure: str
) -> None:
    assert measured[name][language][measure] >= FLOORS[name][measure]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(SETS))
@pytest.mark.parametrize("measure", sorted(CEILINGS))
def test_false_alarms_stay_rare(measured: dict, language: str, name: str, measure: str) -> None:
    assert measured[name][language][measure] <= CEILINGS[measure]


ELSEWHERE = ("de", "tr", "uk", "bn")


def test_danger_is_heard_in_languages_that_are_not_spoken() -> None:
    files = [HELDOUT / f"elsewhere_{code}.jsonl" for code in ELSEWHERE]
    found = evaluate_files(files, Settings().model).measures

    for code in ELSEWHERE:
        assert found[code]["immediate_danger_recall"] >= 0.83
        assert found[code]["sensitivity"] >= 0.77
    assert found["all"]["everyday_specificity"] >= 0.86


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

    assert set(heard) == {"lang", "intent", "who", "flags", "signs", "types", "chance"}
    assert 0 <= heard["chance"] <= 1
