"""actions/waiting.py: nothing is asked until the person comes back."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet

from actions.flow import LISTEN
from actions.waiting import (
    ActionAnswerCannotCall,
    ActionAnswerNotAlone,
    ActionPause,
    ActionStop,
    ActionWait,
)

LEFT = [ActiveLoop(None), SlotSet("requested_slot", None)]


def test_a_pause_keeps_the_question(ran: Any) -> None:
    events, messages = ran(ActionPause(), form="self_form")

    assert [m["response"] for m in messages] == ["utter_paused"]
    assert events == [SlotSet("waiting", "pause"), LISTEN]


def test_stop_leaves_the_question_and_says_the_numbers(ran: Any) -> None:
    events, messages = ran(ActionStop(), form="self_form")

    assert [m["response"] for m in messages] == ["utter_stopped"]
    assert events == [*LEFT, SlotSet("waiting", "stop"), LISTEN]


@pytest.mark.parametrize(
    ("why", "response"),
    [
        ("danger", "utter_waiting_danger"),
        ("self_harm", "utter_self_harm_next"),
        ("pause", "utter_waiting"),
        ("not_alone", "utter_waiting"),
        ("stop", "utter_waiting"),
    ],
)
def test_what_it_says_while_it_waits(ran: Any, why: str, response: str) -> None:
    events, messages = ran(ActionWait(), "affirm", text="ok", waiting=why)

    assert ([m["response"] for m in messages], events) == ([response], [LISTEN])


@pytest.mark.parametrize(
    ("slots", "response"),
    [
        ({"route": "self"}, "utter_not_alone"),
        ({}, "utter_not_alone"),
        ({"route": "worker"}, "utter_not_alone_other"),
        ({"who": "other"}, "utter_not_alone_other"),
    ],
)
def test_somebody_near_ends_the_asking(ran: Any, slots: dict[str, Any], response: str) -> None:
    events, messages = ran(ActionAnswerNotAlone(), "say_not_alone", text="words", **slots)

    assert [m["response"] for m in messages] == [response]
    assert events == [SlotSet("waiting", "not_alone"), LISTEN]


def test_after_danger_not_being_able_to_talk_is_about_the_call(ran: Any) -> None:
    events, messages = ran(ActionAnswerNotAlone(), "say_not_alone", text="w", waiting="danger")

    assert ([m["response"] for m in messages], events) == (["utter_cannot_call"], [LISTEN])


@pytest.mark.parametrize(
    ("waiting", "following"),
    [("danger", LISTEN), (None, FollowupAction("self_form"))],
)
def test_no_call_is_possible(ran: Any, waiting: str | None, following: Any) -> None:
    events, messages = ran(
        ActionAnswerCannotCall(), "say_cannot_call", text="w", waiting=waiting, form="self_form"
    )

    assert ([m["response"] for m in messages], events) == (["utter_cannot_call"], [following])
