"""actions/flow.py: moving about, pausing, stopping, deleting."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from rasa_sdk.events import ActiveLoop, AllSlotsReset, FollowupAction, SlotSet

from actions.flow import (
    LISTEN,
    QUESTIONS,
    WITH_SIMPLE_WORDS,
    ActionAskWhy,
    ActionContinue,
    ActionDelete,
    ActionEndChat,
    ActionPause,
    ActionRepeatMessage,
    ActionRestartChat,
    ActionResume,
    ActionSimplifyMessage,
    ActionStop,
    ActionTakeAnswer,
)
from bot.settings import PROJECT

RESPONSES = yaml.safe_load((PROJECT / "domain.yml").read_text(encoding="utf-8"))["responses"]
LEFT = [ActiveLoop(None), SlotSet("requested_slot", None)]

ANSWERED = dict.fromkeys(QUESTIONS["self_form"], "skipped")


@pytest.mark.parametrize("action", [ActionResume(), ActionRepeatMessage()])
@pytest.mark.parametrize(
    ("slots", "following"),
    [
        ({}, "action_open_doors"),
        ({"hub": "action_learn"}, "action_learn"),
        ({"form": "self_form", "hub": "action_learn"}, "self_form"),
    ],
    ids=["nowhere", "menu", "question"],
)
def test_back_to_where_the_person_was(
    ran: Any, action: Any, slots: dict[str, Any], following: str
) -> None:
    assert ran(action, **slots) == ([FollowupAction(following)], [])


@pytest.mark.parametrize("slot", sorted(WITH_SIMPLE_WORDS))
def test_every_question_has_simple_words_and_a_reason(said: Any, slot: str) -> None:
    asked = {"form": "self_form", "requested_slot": slot}

    assert said(ActionSimplifyMessage(), **asked) == [f"utter_simple_{slot}"]
    assert said(ActionAskWhy(), **asked) == [f"utter_why_{slot}"]
    assert {f"utter_simple_{slot}", f"utter_why_{slot}"} <= set(RESPONSES)


def test_why_outside_a_question(said: Any) -> None:
    assert said(ActionAskWhy(), requested_slot="feels_safe") == ["utter_ask_why"]


@pytest.mark.parametrize(
    ("intent", "following"),
    [
        ("affirm", "action_show_help"),
        ("deny", "action_correct_understanding"),
        ("say_unsure", "action_say_back"),
    ],
)
def test_yes_and_no_to_what_was_understood(ran: Any, intent: str, following: str) -> None:
    events, _ = ran(ActionTakeAnswer(), intent, text="word", hub="action_say_back")

    assert events == [FollowupAction(following)]


def test_yes_elsewhere_shows_the_menu_again(ran: Any) -> None:
    assert ran(ActionTakeAnswer(), "affirm", text="yes", hub="action_learn")[0] == [
        FollowupAction("action_learn")
    ]


def test_a_pause_keeps_the_question(ran: Any) -> None:
    events, messages = ran(ActionPause(), form="self_form")

    assert ([m["response"] for m in messages], events) == (["utter_paused"], [LISTEN])


def test_stop_leaves_the_question_and_says_the_numbers(ran: Any) -> None:
    events, messages = ran(ActionStop(), form="self_form")

    assert ([m["response"] for m in messages], events) == (["utter_stopped"], [*LEFT, LISTEN])


@pytest.mark.parametrize(
    ("slots", "following"),
    [
        ({"form": "self_form"}, "self_form"),
        ({"route": "worker"}, "worker_form"),
        ({"route": "other", "hub": "action_open_doors"}, "other_form"),
        ({"route": "self", "hub": "action_show_menu", **ANSWERED}, "action_show_menu"),
        ({}, "action_open_doors"),
    ],
    ids=["question", "unfinished", "unfinished, at the doors", "finished", "nothing"],
)
def test_going_on(ran: Any, slots: dict[str, Any], following: str) -> None:
    events, _ = ran(ActionContinue(), danger_open=True, **slots)

    assert events == [SlotSet("danger_open", None), FollowupAction(following)]


def test_deleting_forgets_everything(ran: Any) -> None:
    events, messages = ran(ActionDelete(), labels=["debt"], form="self_form")

    assert [m["response"] for m in messages] == ["utter_deleted"]
    assert events == [ActiveLoop(None), AllSlotsReset(), LISTEN]


def test_starting_again_keeps_the_language_only(ran: Any) -> None:
    events, _ = ran(ActionRestartChat(), labels=["debt"], language_was_chosen=True)

    assert events == [
        ActiveLoop(None),
        AllSlotsReset(),
        SlotSet("language", None),
        SlotSet("language_was_chosen", True),
        FollowupAction("action_open_doors"),
    ]


@pytest.mark.parametrize(
    ("intent", "responses"),
    [("end_chat", ["utter_end"]), ("say_goodbye", ["utter_say_goodbye", "utter_end"])],
)
def test_the_end_offers_to_delete(ran: Any, intent: str, responses: list[str]) -> None:
    events, messages = ran(ActionEndChat(), intent)

    assert ([m["response"] for m in messages], events) == (responses, [*LEFT, LISTEN])
