"""actions/heard.py: labels from words and choices; nothing is asked that they answer."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk.events import SlotSet

from actions.flow import QUESTIONS
from actions.heard import ANSWER_LABELS, LABEL_ANSWERS, ActionNoteLabels, entity, heard, labels
from bot.nlu.labels import LABELS

NOTE = ActionNoteLabels()


def test_an_empty_message_says_nothing(tracker: Any) -> None:
    empty = tracker()
    empty.latest_message = {}

    assert (heard(empty).labels, heard(empty).intent, heard(empty).was_typed) == (
        frozenset(),
        "",
        False,
    )
    assert entity(empty, "place") is None


def test_nothing_heard_changes_nothing(ran: Any) -> None:
    assert ran(NOTE, "greet", text="hello", signs=()) == ([], [])


@pytest.mark.parametrize(
    ("label", "slot", "value"), [(x, *LABEL_ANSWERS[x]) for x in LABEL_ANSWERS]
)
def test_a_question_that_a_label_answers_is_not_asked(
    ran: Any, label: str, slot: str, value: str
) -> None:
    events, _ = ran(NOTE, "tell_situation", text="words", signs=(label,), who="self", route="self")

    assert events == [SlotSet("labels", [label]), SlotSet(slot, value)]


def test_an_answer_given_before_is_not_overwritten(ran: Any) -> None:
    events, _ = ran(NOTE, "tell_situation", text="words", signs=("unpaid",), is_paid="some")

    assert events == [SlotSet("labels", ["unpaid"])]


@pytest.mark.parametrize("slots", [{"route": "other"}, {"route": "self", "who": "other"}])
def test_words_about_another_person_answer_nothing_for_oneself(
    ran: Any, slots: dict[str, str]
) -> None:
    events, _ = ran(NOTE, "tell_situation", text="words", signs=("unpaid",), **slots)

    assert events == [SlotSet("labels", ["unpaid"])]


@pytest.mark.parametrize(("answer", "label"), ANSWER_LABELS.items())
def test_a_chosen_answer_that_is_a_sign_becomes_a_label(
    ran: Any, answer: tuple[str, str], label: str
) -> None:
    events, _ = ran(NOTE, "answer", entities=(answer,))

    assert events == [SlotSet("labels", [label])]


def test_a_corrected_answer_takes_its_label_back(ran: Any) -> None:
    events, _ = ran(NOTE, "answer", entities=(("is_paid", "yes"),), labels=["debt", "unpaid"])

    assert events == [SlotSet("labels", ["debt"])]


def test_what_was_taken_out_may_be_told_again(ran: Any) -> None:
    events, _ = ran(NOTE, "tell_situation", text="words", signs=("debt",), labels=[])

    assert events == [SlotSet("labels", ["debt"])]


def test_danger_told_about_somebody_is_not_asked_again(ran: Any) -> None:
    events, _ = ran(NOTE, "report_danger", text="words", signs=("immediate_danger",), route="other")

    assert events == [SlotSet("labels", ["immediate_danger"]), SlotSet("danger_now", "yes")]


@pytest.mark.parametrize("slot", ["noticed", "observed"])
def test_ticked_signs_become_labels(ran: Any, slot: str) -> None:
    events, _ = ran(NOTE, "answer", entities=((slot, "debt"), (slot, "none"), (slot, "threats")))

    assert events == [SlotSet("labels", ["debt", "threats"])]


def test_labels_stand_in_the_fixed_order(tracker: Any) -> None:
    known = tracker(labels=["rehearsed_story", *reversed(LABELS), "nonsense"])

    assert labels(known) == [*LABELS, "rehearsed_story"]


def test_every_answer_belongs_to_a_question() -> None:
    asked = {slot for slots in QUESTIONS.values() for slot in slots}

    assert {slot for slot, _ in (*LABEL_ANSWERS.values(), *ANSWER_LABELS)} <= asked


@pytest.mark.parametrize(
    ("text", "slots", "left"),
    [
        ("I'm 34", {}, {"under_18"}),
        ("16 hours a day, no pay", {"requested_slot": "hours"}, {"unpaid"}),
        ("she is 16 and works 12 hours", {"requested_slot": "hours"}, {"unpaid", "under_18"}),
        ("she is 14 and works all night", {"requested_slot": "hours"}, {"unpaid", "under_18"}),
    ],
    ids=["only an age", "hours are no age", "hours and an age", "an age"],
)
def test_what_the_model_hears_in_so_few_words_is_no_sign(
    tracker: Any, text: str, slots: dict[str, str], left: set[str]
) -> None:
    assert heard(tracker("w", text=text, signs=("unpaid", "under_18"), **slots)).labels == left
