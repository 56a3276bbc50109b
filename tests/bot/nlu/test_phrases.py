"""bot/nlu/phrases.py: reviewed phrases beside the model."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.nlu.labels import FLAGS
from bot.nlu.phrases import NOT_DANGER, DangerPhrases, PhraseListError, SafePhrases, read_lists
from bot.nlu.safety_net import SAFE_INTENTS
from bot.settings import PROJECT

KEYS = (*FLAGS, NOT_DANGER)


def danger(**lists: list[str]) -> DangerPhrases:
    return DangerPhrases.from_lists({key: lists.get(key, []) for key in KEYS})


# --- bad files -----------------------------------------------------------------------------
def test_an_empty_folder_raises(tmp_path: Path) -> None:
    with pytest.raises(PhraseListError, match="no phrase list"):
        read_lists(tmp_path, KEYS)


BAD_FILES = {
    "empty": "",
    "a list": "- he has a knife",
    "broken": "self_harm: [",
    "an unknown key": "self_ham: [end my life]",
    "a number": "self_harm: [999]",
    "a truth value": "self_harm: [yes]",
    "nested": "self_harm: [[end my life]]",
    "a sentence in place of a list": "self_harm: end my life",
    "a number in place of a list": "self_harm: 999",
    "keys in place of a list": "self_harm: {end my life: 1}",
}


@pytest.mark.parametrize("text", BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_file_is_named(tmp_path: Path, text: str) -> None:
    """A sentence in place of a list would be read letter by letter."""
    (tmp_path / "en.yml").write_text(text)

    with pytest.raises(PhraseListError, match=r"en\.yml"):
        read_lists(tmp_path, KEYS)


def test_a_file_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    (tmp_path / "en.yml").write_bytes(b"self_harm: [\xff\xfe]")

    with pytest.raises(PhraseListError, match=r"en\.yml"):
        read_lists(tmp_path, KEYS)


# --- reading -------------------------------------------------------------------------------
def test_files_are_merged_in_normal_form(tmp_path: Path) -> None:
    (tmp_path / "en.yml").write_text("self_harm: [End my LIFE!, \"don't * live\", '...', '*']\n")
    (tmp_path / "es.yml").write_text("self_harm: [end my life, matarme ahora]\nnot_danger:\n")

    lists = read_lists(tmp_path, KEYS)

    assert lists["self_harm"] == ["end my life", "dont * live", "matarme ahora"]
    assert lists[NOT_DANGER] == []


# --- finding -------------------------------------------------------------------------------
def test_without_phrases_nothing_is_found() -> None:
    assert danger().find("he has a knife") == set()


@pytest.mark.parametrize("text", ["", "😭", "he has a knifeblade", "she has a knife"])
def test_other_words_are_not_found(text: str) -> None:
    assert danger(immediate_danger=["he has a knife"]).find(text) == set()


@pytest.mark.parametrize(
    "text", ["HE HAS A KNIFE!!!", "please, he has a knife now", "he has\na knife"]
)
def test_whole_words_are_found_in_any_form(text: str) -> None:
    assert danger(immediate_danger=["he has a knife"]).find(text) == {"immediate_danger"}


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("outside knife", False),
        ("outside with knife", True),
        ("outside with a very big knife", True),
        ("outside with a very very big knife", False),
    ],
)
def test_a_star_stands_for_one_to_four_words(text: str, is_found: bool) -> None:
    assert bool(danger(immediate_danger=["outside * knife"]).find(text)) is is_found


def test_two_stars() -> None:
    phrases = danger(immediate_danger=["he * me * knife"])

    assert phrases.find("he follows me with a knife") == {"immediate_danger"}


def test_a_match_inside_a_cancelling_phrase_does_not_count() -> None:
    phrases = danger(immediate_danger=["kill me"], not_danger=["mum will kill me"])

    assert phrases.find("my mum will kill me haha") == set()


def test_another_match_in_the_same_message_still_counts() -> None:
    phrases = danger(immediate_danger=["kill me"], not_danger=["mum will kill me"])

    assert phrases.find("my mum will kill me. no really they kill me") == {"immediate_danger"}


def test_a_match_that_reaches_out_of_the_cancelling_phrase_counts() -> None:
    phrases = danger(immediate_danger=["kill me tonight"], not_danger=["will kill me"])

    assert phrases.find("he will kill me tonight") == {"immediate_danger"}


def test_a_phrase_is_no_pattern() -> None:
    assert danger(immediate_danger=["a.c (b|d)"]).find("abc b") == set()


def test_several_flags() -> None:
    phrases = danger(immediate_danger=["has a knife"], self_harm=["end my life"])

    assert phrases.find("he has a knife, I will end my life") == {"immediate_danger", "self_harm"}


# --- safe phrases --------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "intent"), [("STOP!", "stop_chat"), ("please stop", None), ("", None)]
)
def test_a_safe_phrase_is_the_whole_message(text: str, intent: str | None) -> None:
    assert SafePhrases.from_lists({"stop_chat": ["stop"]}).find(text) == intent


# --- the project's lists -------------------------------------------------------------------
LISTS = read_lists(PROJECT / "data" / "danger_phrases", KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_no_phrase_begins_with_a_star_or_has_two_in_a_row(key: str) -> None:
    """Such a phrase would never match."""
    assert [p for p in LISTS[key] if p.startswith("*") or "*  *" in p or "* *" in p] == []


@pytest.mark.parametrize("flag", FLAGS)
def test_every_danger_phrase_finds_itself(flag: str) -> None:
    phrases = DangerPhrases.from_lists({**LISTS, NOT_DANGER: []})

    missed = [p for p in LISTS[flag] if flag not in phrases.find(p.replace("*", "word"))]
    assert missed == []


@pytest.mark.parametrize("flag", FLAGS)
def test_no_danger_phrase_is_cancelled_as_it_stands(flag: str) -> None:
    phrases = DangerPhrases.from_lists(LISTS)

    cancelled = [p for p in LISTS[flag] if flag not in phrases.find(p.replace("*", "word"))]
    assert cancelled == []


def test_no_safe_phrase_has_two_intents() -> None:
    keys = SAFE_INTENTS
    lists = read_lists(PROJECT / "data" / "safe_phrases", keys)

    phrases = [phrase for key in keys for phrase in lists[key]]
    assert len(phrases) == len(set(phrases))


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("他要杀我", "快点他要杀我了"),
        ("拿*刀", "他拿着一把刀"),
        ("เขาจะฆ่าฉัน", "ช่วยด้วยเขาจะฆ่าฉันแล้ว"),
    ],
)
def test_a_phrase_is_found_in_writing_without_spaces(
    phrase: str, text: str, tmp_path: Path
) -> None:
    (tmp_path / "xx.yml").write_text(f'immediate_danger: ["{phrase}"]', encoding="utf-8")

    found = DangerPhrases.from_lists(read_lists(tmp_path, KEYS))

    assert found.find(text) == {"immediate_danger"}
    assert not found.find("天气很好 อากาศดี")


def test_spaced_phrases_are_tried_at_the_start_of_words_only() -> None:
    """Tried at every letter, three thousand phrases take a second of a long message."""
    found = danger(immediate_danger=["he has a knife", "call the police", "他有刀"])

    pattern = found.patterns["immediate_danger"]
    assert pattern is not None
    assert pattern.pattern.count(r"(?<!\S)") == 1
