"""actions/card.py: the call card, built only from what was ticked."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.card import (
    ActionAskCardInterpreter,
    ActionAskCardPlace,
    ActionFinishCardForm,
    ActionMakeCard,
    asked_for,
    card_lines,
)
from bot.choices import Choices
from bot.spoken import load_spoken
from bot.wording import load_wording


def words(lines: list[dict[str, Any]]) -> list[str]:
    """The lines as they are read."""
    wording = load_wording()
    texts = []
    for line in lines:
        values = {key: value for key, value in line.items() if key not in ("say", "in")}
        texts.append(wording.text(line["in"], line["say"], **values))
    return texts


def test_nothing_ticked_leaves_the_two_questions(tracker: Any) -> None:
    assert words(card_lines(tracker())) == ["Do I have to give my name? Who will you tell?"]


@pytest.mark.parametrize(
    "slots",
    [
        {"card_interpreter": "no"},
        {"card_interpreter": "told"},
        {"card_topics": ["told", "skipped"]},
        {"card_place": "none"},
        {"card_place": "skipped"},
        {"card_place": "atlantis"},
        {"labels": ["debt"], "place": "barnet", "needs": ["health"]},
    ],
    ids=str,
)
def test_nothing_that_was_not_ticked_stands_on_it(tracker: Any, slots: dict[str, Any]) -> None:
    assert len(card_lines(tracker(**slots))) == 1


def test_english_has_each_line_once(tracker: Any) -> None:
    lines = card_lines(
        tracker(card_interpreter="yes", card_place="southwark", card_topics=["work", "pay"])
    )

    assert words(lines) == [
        "I need an interpreter.",
        "I am in Southwark.",
        "I want to talk about my work.",
        "I want to talk about my pay.",
        "Do I have to give my name? Who will you tell?",
    ]


@pytest.mark.parametrize(
    ("language", "english", "own"), [("es", "Spanish", "Español"), ("ar", "Arabic", "العربية")]
)
def test_another_language_has_each_line_in_english_first(
    tracker: Any, language: str, english: str, own: str
) -> None:
    made = tracker(card_interpreter="yes", card_place="southwark", card_topics=["work"])
    made.slots["language"] = language

    lines = card_lines(made)

    assert [line["in"] for line in lines] == ["en"] * 4 + [language] * 4
    assert [line["say"] for line in lines[:4]] == [line["say"] for line in lines[4:]]
    assert (lines[0]["language"], lines[4]["language"]) == (english, own)
    assert words(lines)[0] == f"I need an interpreter. I speak {english}."
    assert own.casefold() in words(lines)[4].casefold()


def test_somebody_who_reads_english_but_speaks_another_language_can_say_which(tracker: Any) -> None:
    """'I need an interpreter. I speak English.' would get nobody an interpreter."""
    assert words(card_lines(tracker(card_interpreter="vi")))[0] == (
        "I need an interpreter. I speak Vietnamese."
    )


def test_another_language_than_the_chat_s_stands_in_both_parts(tracker: Any) -> None:
    made = tracker(card_interpreter="ckb")
    made.slots["language"] = "ar"

    lines = words(card_lines(made))

    assert lines[0] == "I need an interpreter. I speak Kurdish Sorani."
    assert load_spoken()["ckb"].name in lines[2]


def test_every_other_language_is_offered_in_its_own_name(tracker: Any) -> None:
    made, dispatcher = tracker(), CollectingDispatcher()
    made.slots["language"] = "es"
    ActionAskCardInterpreter().run(dispatcher, made, {})
    (message,) = dispatcher.messages
    offered = {each["payload"]: each["label"] for each in message["choices"]}

    assert offered['/answer{"card_interpreter":"vi"}'] == "Tiếng Việt"
    assert '/answer{"card_interpreter":"es"}' not in offered  # that is 'yes'
    assert len(offered) == len(load_spoken()) - 1


def test_every_language_that_is_offered_can_be_chosen() -> None:
    choices = Choices(load_wording())

    for code in load_spoken():
        assert choices.read([f'/answer{{"card_interpreter":"{code}"}}']).entities


def test_a_language_of_the_chat_can_be_asked_for(tracker: Any) -> None:
    """English apart: there, 'yes' names no language."""
    chats = set(load_wording().catalogues.languages) - {"en"}

    assert [code for code in chats if asked_for("yes", code) is None] == []


def test_a_new_card_is_empty(ran: Any) -> None:
    events, messages = ran(ActionMakeCard(), card_topics=["work"])

    assert [m["response"] for m in messages] == ["utter_start_card"]
    assert events == [
        ActiveLoop(None),
        SlotSet("requested_slot", None),
        SlotSet("card_interpreter", None),
        SlotSet("card_topics", None),
        SlotSet("card_place", None),
        FollowupAction("card_form"),
    ]


def test_the_known_place_is_offered_first_after_leaving_it_out(ran: Any) -> None:
    _, (message,) = ran(ActionAskCardPlace(), place="sutton")

    assert [each["payload"] for each in message["choices"][:3]] == [
        '/answer{"card_place":"none"}',
        '/answer{"card_place":"sutton"}',
        '/answer{"card_place":"barking-and-dagenham"}',
    ]


def test_the_finished_card(ran: Any) -> None:
    events, messages = ran(ActionFinishCardForm(), card_topics=["health"])

    assert [m["response"] for m in messages] == ["utter_card", "utter_card_after"]
    assert events == [FollowupAction("action_show_menu")]
