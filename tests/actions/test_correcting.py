"""actions/correcting.py: what was misheard at a question."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk.events import FollowupAction, SlotSet

from actions.correcting import ActionAskAgain, ActionKeepUnderstanding
from actions.flow import LISTEN
from actions.opening import ActionStartOther, ActionStartSelf
from actions.summary import ActionCorrectUnderstanding, ActionRemoveLabel

AT_QUESTION = {"form": "self_form", "route": "self"}


def test_at_a_question_everything_may_be_corrected_and_it_stays_open(ran: Any) -> None:
    events, messages = ran(
        ActionCorrectUnderstanding(),
        "correct_understanding",
        text="words",
        labels=["debt"],
        last_answered="hours",
        **AT_QUESTION,
    )

    assert events == [LISTEN]
    assert [choice["payload"] for choice in messages[0]["choices"]] == [
        '/remove_label{"label":"debt"}',
        '/remove_label{"label":"last_answer"}',
        "/start_other",
        "/keep_summary",
    ]


def test_taking_one_out_goes_on_with_the_question(ran: Any) -> None:
    events, _ = ran(
        ActionRemoveLabel(),
        "remove_label",
        entities=(("label", "debt"),),
        labels=["debt", "unpaid"],
        **AT_QUESTION,
    )

    assert events == [SlotSet("labels", ["unpaid"]), FollowupAction("self_form")]


def test_the_last_answer_is_taken_back_and_asked_for_again(ran: Any) -> None:
    chosen, _ = ran(ActionRemoveLabel(), "remove_label", entities=(("label", "last_answer"),))
    events, messages = ran(
        ActionAskAgain(), labels=["debt", "unpaid"], last_answered="is_paid", **AT_QUESTION
    )

    assert chosen == [FollowupAction("action_ask_again")]
    assert [m["response"] for m in messages] == ["utter_ask_again"]
    assert events == [
        SlotSet("is_paid", None),
        SlotSet("labels", ["debt"]),
        SlotSet("last_answered", None),
        FollowupAction("self_form"),
    ]


@pytest.mark.parametrize(
    ("form", "following"), [("self_form", "self_form"), (None, "action_show_help")]
)
def test_the_rest_is_right(ran: Any, form: str | None, following: str) -> None:
    assert ran(ActionKeepUnderstanding(), form=form)[0] == [FollowupAction(following)]


def test_it_is_about_somebody_else_and_what_was_told_is_not_asked_again(ran: Any) -> None:
    events, _ = ran(ActionStartOther(), labels=["under_18", "unpaid"], route="self")

    assert SlotSet("child_involved", "yes") in events
    assert SlotSet("noticed", ["under_18", "unpaid"]) in events


def test_it_is_about_me_and_what_was_told_is_not_asked_again(ran: Any) -> None:
    events, _ = ran(ActionStartSelf(), labels=["unpaid"], route="other")

    assert SlotSet("is_paid", "no") in events
