"""The English sources: the strategy's seven questions, plain words, approved terms.

Reading age is measured with the Flesch formulas. Syllables are counted here: ready-made
counters fetch a dictionary over the network, which no test may do.
"""

from __future__ import annotations

import re

import pytest
from catalogue_entries import Entry

from bot.wording import SEVEN, Wording

SEVEN_QUESTIONS = (
    "Do you feel safe?",
    "Is anyone making you do something you don't want to?",
    "How many hours a day do you work?",
    "Are you being paid for your work?",
    "Do you have access to your bank account?",
    "Who would you call if you needed help?",
    "Can you tell me about your situation?",
)
"""Strategy, Appendix 2, word for word."""

MAX_GRADE = 5.0
"""US school grade by Flesch-Kincaid; children of 10 or 11."""
MIN_EASE = 70.0
"""Flesch reading ease: fairly easy. A message needs one of the two."""
SHORT_WORDS = 8
"""The formulas are made for sentences; a message of fewer words is judged by its longest word."""
MAX_SYLLABLES = 4

HARD = {
    "utter_law_adult_yes": "for workers: official names that a referral needs",
}
"""Messages above the limits, with the reason. One that has become easy must leave the list."""

FORBIDDEN = {
    r"rescu\w*": (),
    r"the vulnerable": (),
    r"brothel\w*": (),
    r"illegal\w*": (),
    r"prostitut\w*": (),
    r"human trafficking": (),
    r"modern slavery": (r"utter_learn_\w+", r"utter_ask_nrm", r"service\.[\w-]+\.name"),
    r"trafficking": (r"utter_law_child", r"service\.[\w-]+\.name"),  # a guardian's official title
    r"you are a victim": (),
    r"(?:child|sex) workers?": (),
    r"johns?|punters?": (),
}
"""Terms that Appendix 1 rules out, with the contexts where an official name or an explanation
needs them."""

_WORD = re.compile(r"[A-Za-z]+(?:['’][a-z]+)?")
_PLACEHOLDER = re.compile(r"\{\w+\}")
_SYLLABLES = {"area": 3, "every": 2, "homework": 2, "idea": 3, "people": 2, "something": 2}
_SILENT_END = re.compile(r"([^aeiouyl]e|[^aeiouydt]ed|[^aeiouyscghxz]es)$")
_TWO_SOUNDS = re.compile(r"i(?:an|et|o[^nu]|um)|[^gq]ua[lt]|[aeiou]ing$")


def syllables(word: str) -> int:
    """Syllables of an English word, by rule; right for nine words in ten of plain text."""
    word = re.sub(r"['’]", "", word.lower())
    if word in _SYLLABLES:
        return _SYLLABLES[word]
    count = len(re.findall(r"[aeiouy]+", word))
    count -= bool(_SILENT_END.search(word))
    count -= word.startswith("every")
    count += bool(_TWO_SOUNDS.search(word))
    return max(count, 1)


def measures(text: str) -> tuple[float, float]:
    """Flesch-Kincaid grade and Flesch reading ease; a line ends a sentence."""
    text = _PLACEHOLDER.sub("it", text)
    sentences = [part for part in re.split(r"[.!?]+(?=\s|$)|\n", text) if _WORD.search(part)]
    words = _WORD.findall(text)
    length = len(words) / len(sentences)
    weight = sum(syllables(word) for word in words) / len(words)
    return 0.39 * length + 11.8 * weight - 15.59, 206.835 - 1.015 * length - 84.6 * weight


def is_hard(text: str) -> bool:
    """Whether a text is above the limits."""
    words = _WORD.findall(_PLACEHOLDER.sub("", text))
    if len(words) < SHORT_WORDS:
        return any(syllables(word) > MAX_SYLLABLES for word in words)
    grade, ease = measures(text)
    return grade > MAX_GRADE and ease < MIN_EASE


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("help", 1), ("used", 1), ("asked", 1), ("wanted", 2), ("people", 2), ("police", 2),
        ("someone", 2), ("everything", 3), ("together", 3), ("anonymous", 4), ("interpreter", 4),
        ("situation", 4), ("emergency", 4), ("being", 2), ("little", 2), ("services", 3), ("languages", 3),
    ],
)  # fmt: skip
def test_syllables(word: str, count: int) -> None:
    """Else the reading age says nothing."""
    assert syllables(word) == count


def test_the_measure_tells_hard_from_easy() -> None:
    hard = "Individuals experiencing exploitation may request accommodation through the authority."

    assert is_hard(hard)
    assert not is_hard("If you want help, you can call this number. It is free.")


def test_the_seven_questions_are_the_strategy_s(wording: Wording) -> None:
    asked = tuple(wording.text("en", f"utter_ask_self_form_{slot}") for slot in SEVEN)

    assert asked == SEVEN_QUESTIONS


def test_plain_words(english: list[Entry]) -> None:
    hard = [
        f"{entry.context}: {entry.english}"
        for entry in english
        if entry.context not in HARD
        and not (entry.context.startswith("service.") and entry.context.endswith(".name"))
        and is_hard(entry.english)
    ]

    assert hard == []


@pytest.mark.parametrize("context", sorted(HARD))
def test_every_exception_is_still_one(english: list[Entry], context: str) -> None:
    assert any(is_hard(entry.english) for entry in english if entry.context == context)


@pytest.mark.parametrize("term", sorted(FORBIDDEN))
def test_terms_ruled_out_are_absent(english: list[Entry], term: str) -> None:
    found = [
        f"{entry.context}: {entry.english}"
        for entry in english
        if re.search(rf"\b(?:{term})\b", entry.english, re.I)
        and not any(re.fullmatch(context, entry.context) for context in FORBIDDEN[term])
    ]

    assert found == []


def test_a_program_says_what_it_is_at_the_start(wording: Wording) -> None:
    welcome = wording.text("en", "utter_welcome")

    for claim in ("a computer program", "No person reads", "not an emergency service"):
        assert claim in welcome
