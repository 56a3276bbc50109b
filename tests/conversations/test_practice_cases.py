"""Eight practice cases for workers, made from the seeds' own: the aid ends where the strategy does.

Whoever answers each question as it comes, without any training, is given the same next steps.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from talk import Talk

from bot.what_now import RULES


@dataclass(frozen=True)
class PracticeCase:
    """What the person answers and the worker ticks; what is not told is skipped.

    steps: every response of bot/what_now.py that must be said, in order.
    """

    source: str
    told: dict[str, Any]
    steps: tuple[str, ...]
    person_language: str = "en"


ANYBODY = ("utter_law_case_conference", "utter_law_no_promises")
CASES = {
    "a boy who carries drugs for an older friend": PracticeCase(
        "seeds/001 5.1, CCR Example 2 (the youth offending service refers him)",
        {
            **{"made_to_do": "yes", "situation": "told", "observed": ["fear_of_authorities"]},
            **{"person_age": "child", "worker_role": "authority"},
        },
        (
            *("utter_law_child", "utter_law_child_refer", "utter_law_child_guardian"),
            *ANYBODY,
        ),
    ),
    "a man left in a car park after decades of unpaid work": PracticeCase(
        "seeds/001 5.3, CCR Example 4 (food and a bed first; adult social care; NRM by consent)",
        {
            **{"is_paid": "no", "observed": ["trauma", "violence"], "needs_now": ["housing"]},
            **{"person_age": "adult", "care_needs": "yes", "consent": "yes"},
            **{"worker_role": "other"},
        },
        (
            *("utter_law_needs_first", "utter_law_ask_to_refer", "utter_law_wait"),
            *("utter_law_adult_care", *ANYBODY),
        ),
    ),
    "a factory worker whose pay goes to the agency": PracticeCase(
        "seeds/001 2.2, Example",
        {
            **{"hours": "over_12", "is_paid": "some", "bank_access": "no", "observed": ["debt"]},
            **{"person_age": "adult", "care_needs": "no", "consent": "yes", "worker_role": "nhs"},
        },
        ("utter_law_ask_to_refer", "utter_law_wait", *ANYBODY),
        "pl",
    ),
    "a domestic worker who does not want a referral": PracticeCase(
        "seeds/001 5.2, CCR Example 3; seeds/000 7.2",
        {
            **{"hours": "always", "is_paid": "some", "observed": ["documents_held"]},
            **{"person_age": "adult", "care_needs": "no", "consent": "no", "worker_role": "other"},
        },
        ("utter_law_no", "utter_law_way_back", "utter_law_notify_others", *ANYBODY),
        "tl",
    ),
    "a shoplifter watched by two men": PracticeCase(
        "seeds/001 5.1, Local Business Owner; Need support? (999 in an emergency)",
        {"observed": ["fear_of_authorities", "controller"], "needs_now": ["danger"]},
        (
            *("utter_law_danger", "utter_law_age_unsure", "utter_law_child"),
            *("utter_law_child_ask", "utter_law_child_guardian", *ANYBODY),
        ),
    ),
    "a woman in a massage parlour who wants to think": PracticeCase(
        "seeds/000 4.6; seeds/001 Appendix 1, Informed Consent ('no matter how long it takes')",
        {
            **{"feels_safe": "sometimes", "made_to_do": "yes", "observed": ["controller"]},
            **{"person_age": "adult", "care_needs": "no", "consent": "unsure"},
            **{"worker_role": "authority"},
        },
        ("utter_law_think", "utter_law_way_back", *ANYBODY),
        "th",
    ),
    "a man whose home was taken over": PracticeCase(
        "seeds/001 Appendix 1, Cuckooing; seeds/000 7.2, 7.4",
        {
            **{"feels_safe": "no", "observed": ["isolation"]},
            **{"person_age": "adult", "care_needs": "yes", "consent": "no"},
            **{"worker_role": "authority"},
        },
        (
            *("utter_law_no", "utter_law_way_back", "utter_law_notify", "utter_law_adult_care"),
            *ANYBODY,
        ),
    ),
    "a car washer whose age nobody knows": PracticeCase(
        "seeds/001 2.1 (under 18); Appendix 1, NRM (all children must be referred)",
        {
            **{"hours": "over_12", "is_paid": "no", "needs_now": ["money", "housing"]},
            **{"person_age": "unsure", "worker_role": "charity"},
        },
        (
            *("utter_law_needs_first", "utter_law_age_unsure", "utter_law_child"),
            *("utter_law_child_refer", "utter_law_child_guardian", *ANYBODY),
        ),
        "sq",
    ),
}
STEPS = {rule.say for rule in RULES}
SKIP = "/skip_question"
MOST_QUESTIONS = 25


def open_question(talk: Talk) -> str | None:
    """Which question the last turn asks."""
    for choice in talk.choices:
        if choice.id.startswith("/answer{"):
            return str(next(iter(json.loads(choice.id.removeprefix("/answer")))))
    return None


def finish(talk: Talk, told: dict[str, Any]) -> None:
    """Answer whatever is asked, until nothing is."""
    for _ in range(MOST_QUESTIONS):
        question = open_question(talk)
        if question is None:
            return
        values = told.get(question, [])
        values = values if isinstance(values, list) else [values]
        ids = [f'/answer{{"{question}":"{value}"}}' for value in values]
        offered = {choice.id for choice in talk.choices}
        assert set(ids) <= offered, f"{question} does not offer {ids}{talk.story()}"
        talk.choose(*ids or [SKIP])
    raise AssertionError(f"the questions never end{talk.story()}")


@pytest.mark.parametrize("name", sorted(CASES))
def test_the_aid_ends_where_the_strategy_does(talk: Any, name: str) -> None:
    case = CASES[name]
    held = talk("en", route="worker")
    finish(held, {"worker_ready": "yes", "person_language": case.person_language, **case.told})

    said = [reply.response for reply in held.replies if reply.response in STEPS]
    assert tuple(said) == case.steps, held.story()


def test_there_are_eight() -> None:
    assert len(CASES) == 8


@pytest.mark.parametrize("person", ["vi", "ti"])
def test_every_question_to_the_person_is_shown_in_their_language(talk: Any, person: str) -> None:
    """And everything that goes into the notes has its English beside it."""
    held = talk("en", route="worker")
    finish(held, {"worker_ready": "yes", "person_language": person, "person_age": "adult"})

    replies = [reply for turn in held.turns for reply in turn.replies]
    shown = [reply for reply in replies if reply.to_show]
    assert len(shown) == 8  # the seven questions, and consent
    for reply in shown:
        theirs, english = reply.sides
        assert (theirs.language, english.language) == (person, "en")
        assert reply.text.startswith(f"{theirs.text}\n{english.text}\n")
        assert [each.id for each in theirs.choices] == [each.id for each in english.choices]


def test_words_that_the_person_types_do_not_change_the_worker_s_language(talk: Any) -> None:
    held = talk("en", route="worker")
    held.choose('/answer{"worker_ready":"yes"}')
    held.choose(SKIP)
    held.choose('/answer{"person_language":"vi"}')
    turn = held.say("ông chủ không trả lương cho tôi và giữ hộ chiếu của tôi")

    assert turn.language == "en"
    assert not any(reply.response == "utter_offer_language" for reply in turn.replies)


def test_a_worker_takes_away_what_was_misheard(talk: Any) -> None:
    held = talk("en", route="worker")
    told = {"worker_ready": "yes", "person_language": "en", "is_paid": "no", "bank_access": "no"}
    for _ in range(MOST_QUESTIONS):
        question = open_question(held)
        if question == "understood":
            break
        held.choose(f'/answer{{"{question}":"{told[question]}"}}' if question in told else SKIP)

    ticked = [choice.id for choice in held.choices if choice.ticked]
    assert ticked == ['/answer{"understood":"no_bank_access"}', '/answer{"understood":"unpaid"}']
    held.choose(ticked[0])
    assert open_question(held) == "observed"
