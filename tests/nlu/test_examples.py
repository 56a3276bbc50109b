"""The training and held-out messages themselves: well-formed, enough, and apart."""

import json
from collections import Counter
from pathlib import Path

import pytest
import yaml

from bot.i18n import load_catalogues
from bot.nlu.labels import DISCLOSURE_INTENT, LABELS, WHO, parse_labels
from bot.settings import PROJECT
from bot.text import normal_form

LANGUAGES = sorted(load_catalogues().languages)
FILES = sorted((PROJECT / "data" / "nlu").glob("*/*.yml"))
MEASURING = sorted((PROJECT / "tests" / "nlu").glob("*/*.jsonl"))
HELDOUT = [file for file in MEASURING if file.parent.name == "heldout"]


def blocks(file: Path) -> list[dict]:
    return yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]


def examples(block: dict) -> list[str]:
    return [
        line.strip()[2:] for line in block["examples"].splitlines() if line.strip().startswith("- ")
    ]


@pytest.fixture(scope="module")
def messages() -> list[tuple[str, str, frozenset[str], str]]:
    """(language, intent, labels, text) of every training message."""
    return [
        (
            file.parent.name,
            block["intent"],
            parse_labels((block.get("metadata") or {}).get("labels") or ""),
            text,
        )
        for file in FILES
        for block in blocks(file)
        for text in examples(block)
    ]


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_labels_stand_where_they_belong(file: Path) -> None:
    for block in blocks(file):
        metadata = block.get("metadata") or {}
        labels = parse_labels(metadata.get("labels") or "")
        assert bool(labels) == (block["intent"] == DISCLOSURE_INTENT), block["intent"]
        assert metadata.get("who", "none") in WHO
        assert examples(block)


def test_no_message_has_two_intents(messages) -> None:
    intents: dict[str, set[str]] = {}
    for _, intent, _, text in messages:
        intents.setdefault(text, set()).add(intent)

    assert {text: found for text, found in intents.items() if len(found) > 1} == {}


def test_there_are_enough_messages(messages) -> None:
    """The counts that the first version set itself."""
    labels = Counter((language, label) for language, _, found, _ in messages for label in found)
    english = Counter(intent for language, intent, _, _ in messages if language == "en")

    assert [label for label in LABELS if labels["en", label] < 40] == []
    assert [(x, each) for x in LABELS for each in LANGUAGES if labels[each, x] < 15] == []
    assert len([i for i, n in english.items() if n >= 15 and i != DISCLOSURE_INTENT]) >= 40


def test_no_held_out_message_was_learned(messages) -> None:
    learned = {normal_form(text) for *_, text in messages}
    held_out = [
        json.loads(line)["text"]
        for file in MEASURING
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    shared = [t for t in held_out if normal_form(t) in learned and len(t.split()) > 3]

    assert shared == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_held_out_messages_are_enough(language: str) -> None:
    files = [file for file in HELDOUT if file.stem.endswith(language)]

    assert sum(len(file.read_text(encoding="utf-8").splitlines()) for file in files) >= 150
