"""actions/again.py: the last turn is said again, with its question or menu."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk.events import FollowupAction, SlotSet

from actions.again import ActionRepeatMessage
from actions.flow import LISTEN

QUESTION = "utter_ask_self_form_hours"


@pytest.mark.parametrize(
    ("said_last", "again"),
    [
        ([], []),
        ([QUESTION], []),
        (["utter_ask_deportation", QUESTION], ["utter_ask_deportation"]),
        (["utter_heard", QUESTION], []),
        (["utter_help_intro", "utter_service", "utter_help_menu"], ["utter_help_intro"]),
        (["utter_gone_from_domain", QUESTION], []),
    ],
)
def test_what_was_said_before_the_question(
    ran: Any, said_last: list[str], again: list[str]
) -> None:
    events, messages = ran(ActionRepeatMessage(), said=said_last, form="self_form")

    assert [m["response"] for m in messages] == again
    assert events == [FollowupAction("self_form")]


def test_what_ended_in_no_question_is_all_said_again(ran: Any) -> None:
    """And a yes to it is still a yes to what it offered."""
    events, messages = ran(
        ActionRepeatMessage(), said=["utter_say_unsafe"], form="self_form", offered="danger"
    )

    assert [m["response"] for m in messages] == ["utter_say_unsafe"]
    assert events == [SlotSet("offer", "danger"), LISTEN]
