"""actions/flow.py: moving about, pausing, stopping, deleting."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from rasa_sdk.events import ActiveLoop, AllSlotsReset, FollowupAction, SlotSet

from actions.again import ActionRepeatMessage
from actions.flow import (
    LISTEN,
    QUESTIONS,
    WITH_SIMPLE_WORDS,
    WITH_SIMPLER_ANSWER,
    ActionAskWhy,
    ActionContinue,
    ActionDelete,
    ActionEndChat,
    ActionRestartChat,
    ActionResume,
    ActionSimplifyMessage,
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


@pytest.mark.parametrize(("name", "simple"), WITH_SIMPLER_ANSWER.items())
def test_long_answers_can_be_said_more_simply(said: Any, name: str, simple: str) -> None:
    spoken = said(ActionSimplifyMessage(), said=[name, "utter_help_menu"])

    assert spoken == [simple]
    assert {name, simple} <= set(RESPONSES)


def test_why_outside_a_question(said: Any) -> None:
    assert said(ActionAskWhy(), requested_slot="feels_safe") == ["utter_ask_why"]


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
    events, _ = ran(ActionContinue(), waiting="danger", **slots)

    assert events == [SlotSet("waiting", None), FollowupAction(following)]


def test_deleting_forgets_everything(ran: Any) -> None:
    events, messages = ran(ActionDelete(), labels=["debt"], form="self_form")

    assert [m["response"] for m in messages] == ["utter_deleted"]
    assert events == [ActiveLoop(None), AllSlotsReset(), LISTEN]


def test_a_safe_phrase_deletes_at_once(said: Any) -> None:
    assert said(ActionDelete(), "delete_chat", text="delete", safe_phrase=True) == ["utter_deleted"]


def test_other_words_are_asked_about_before_anything_is_erased(ran: Any) -> None:
    events, messages = ran(ActionDelete(), "delete_chat", text="clear it for me", form="self_form")

    assert [m["response"] for m in messages] == ["utter_ask_delete"]
    assert events == [SlotSet("offer", "delete"), LISTEN]


def test_a_yes_to_that_deletes(said: Any) -> None:
    assert said(ActionDelete(), "affirm", text="yes", offered="delete") == ["utter_deleted"]


@pytest.mark.parametrize("form", [None, "self_form"])
def test_while_it_waits_nothing_is_asked_again(ran: Any, form: str | None) -> None:
    events, _ = ran(ActionResume(), waiting="pause", form=form, hub="action_learn")

    assert events == [FollowupAction("action_wait")]


def test_starting_again_keeps_the_language_only(ran: Any) -> None:
    events, _ = ran(ActionRestartChat(), labels=["debt"], language_was_chosen=True)

    assert events == [
        ActiveLoop(None),
        AllSlotsReset(),
        SlotSet("language", None),
        SlotSet("language_was_chosen", True),
        SlotSet("translations", None),
        SlotSet("translated_into", None),
        FollowupAction("action_open_doors"),
    ]


@pytest.mark.parametrize(
    ("intent", "responses"),
    [("end_chat", ["utter_end"]), ("say_goodbye", ["utter_say_goodbye", "utter_end"])],
)
def test_the_end_offers_to_delete(ran: Any, intent: str, responses: list[str]) -> None:
    events, messages = ran(ActionEndChat(), intent)

    assert ([m["response"] for m in messages], events) == (responses, [*LEFT, LISTEN])
