"""actions/summary.py: what was understood is said back and can be corrected (promise 11)."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet

from actions.flow import LISTEN
from actions.summary import (
    ActionCorrectUnderstanding,
    ActionFinishSelfForm,
    ActionRemoveLabel,
    ActionSayBack,
)

LEFT = [ActiveLoop(None), SlotSet("requested_slot", None)]
AT_HUB = SlotSet("hub", "action_say_back")


def test_when_it_is_not_safe_nothing_is_said_back(ran: Any) -> None:
    events, messages = ran(ActionFinishSelfForm(), safe_to_talk="no", labels=["debt"])

    assert [m["response"] for m in messages] == ["utter_not_safe_now"]
    assert events == [SlotSet("safe_to_talk", None), SlotSet("hub", "action_start_self"), LISTEN]


def test_nothing_heard_leads_to_help(ran: Any) -> None:
    events, messages = ran(ActionSayBack(), route="self")

    assert [m["response"] for m in messages] == ["utter_nothing_heard"]
    assert events == [*LEFT, FollowupAction("action_show_help")]


@pytest.mark.parametrize(
    ("route", "about"), [(None, "self"), ("self", "self"), ("other", "other"), ("worker", "other")]
)
def test_what_was_heard_is_said_back(ran: Any, route: str | None, about: str) -> None:
    events, messages = ran(ActionSayBack(), route=route, labels=["unpaid", "debt"])

    assert messages[0]["response"] == f"utter_say_back_{about}"
    assert messages[0]["items"] == [{"say": "utter_label_debt"}, {"say": "utter_label_unpaid"}]
    assert events == [*LEFT, AT_HUB, LISTEN]


def test_every_item_can_be_taken_out(ran: Any) -> None:
    _, messages = ran(ActionCorrectUnderstanding(), labels=["debt", "threats"])

    assert [each["payload"] for each in messages[0]["choices"]] == [
        '/remove_label{"label":"debt"}',
        '/remove_label{"label":"threats"}',
        "/keep_summary",
    ]


def test_nothing_left_to_take_out(said: Any) -> None:
    assert said(ActionCorrectUnderstanding(), labels=[]) == ["utter_add_more"]


def test_taking_out_keeps_the_rest(ran: Any) -> None:
    events, messages = ran(
        ActionRemoveLabel(),
        "remove_label",
        entities=(("label", "debt"),),
        labels=["debt", "threats"],
    )

    assert [m["response"] for m in messages] == ["utter_removed"]
    assert events == [
        SlotSet("labels", ["threats"]),
        FollowupAction("action_say_back"),
    ]


def test_taking_out_nothing_is_no_error(ran: Any) -> None:
    events, _ = ran(ActionRemoveLabel(), "remove_label", labels=["debt"])

    assert events[:1] == [SlotSet("labels", ["debt"])]
