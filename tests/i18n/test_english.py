"""The English sources: the strategy's seven questions, plain words, approved terms.

Reading age is measured with textstat. Its releases after 0.7.8 fetch a dictionary over the
network, which no test may do.
"""

from __future__ import annotations

import re

import pytest
import textstat

from bot.catalogues.checks import Entry
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
"""US school grade by Flesch-Kincaid: below it a child of nine can read a message."""
SHORT_WORDS = 10
"""The formula is made for sentences; a message of fewer words is judged by its longest word."""
MAX_SYLLABLES = 4

HARD = {
    "service.barnardos-ictg.description": "for workers: what a guardian is",
    "widget.aid_blank_worker": "for workers: what a form asks",
    "utter_how_hours": "for workers: how to ask",
    "utter_law_adult_at_risk": "for workers: the name of an Act",
    "utter_law_ask_to_refer": "for workers: official names that a referral needs",
    "utter_law_notify": "for workers: the official name of a duty",
    "utter_listen_situation": "for workers: what to listen for",
    "utter_why_consent": "for workers: why a question is asked",
    "utter_why_interpreter": "for workers: why a question is asked",
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
    r"trafficking": (
        r"utter_law_child_guardian",
        r"service\.[\w-]+\.name",
    ),  # a guardian's official title
    r"you are a victim": (),
    r"(?:child|sex) workers?": (),
    r"johns?|punters?": (),
}
"""Terms that Appendix 1 rules out, with the contexts where an official name or an explanation
needs them."""

_WORD = re.compile(r"[A-Za-z]+(?:['’][a-z]+)?")
_PLACEHOLDER = re.compile(r"\{\w+\}")


def grade(text: str) -> float:
    """US school grade of a text; a line ends a sentence, and a placeholder counts as 'it'."""
    lines = [line.rstrip(" .:;") for line in _PLACEHOLDER.sub("it", text).split("\n")]
    sentences = [line if line.endswith(("?", "!")) else f"{line}." for line in lines if line]
    return float(textstat.flesch_kincaid_grade(" ".join(sentences)))


def is_hard(text: str) -> bool:
    """Whether a text is above the limits."""
    words = _WORD.findall(_PLACEHOLDER.sub("", text))
    if len(words) < SHORT_WORDS:
        return any(textstat.syllable_count(word) > MAX_SYLLABLES for word in words)
    return grade(text) >= MAX_GRADE


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
