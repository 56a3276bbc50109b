"""actions/unsafe.py: afraid, or wanting to get out: safety first."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk.events import FollowupAction, SlotSet

from actions.flow import LISTEN
from actions.unsafe import ActionAnswerHowToLeave, ActionAnswerUnsafe, ActionNoteNoDanger


def test_fear_answers_do_you_feel_safe_and_asks_about_danger_now(ran: Any) -> None:
    events, messages = ran(ActionAnswerUnsafe(), "say_unsafe", text="w", route="self")

    assert [m["response"] for m in messages] == ["utter_say_unsafe"]
    assert events == [SlotSet("feels_safe", "no"), SlotSet("offer", "danger"), LISTEN]


def test_an_answer_given_before_stays(ran: Any) -> None:
    events, _ = ran(
        ActionAnswerUnsafe(), "say_unsafe", text="w", route="self", feels_safe="sometimes"
    )

    assert events == [SlotSet("offer", "danger"), LISTEN]


def test_fear_for_somebody_else_is_no_answer_of_one_s_own(ran: Any) -> None:
    events, messages = ran(ActionAnswerUnsafe(), "say_unsafe", text="w", route="other")

    assert [m["response"] for m in messages] == ["utter_say_unsafe_other"]
    assert events == [SlotSet("offer", "danger"), LISTEN]


@pytest.mark.parametrize(
    ("route", "answered"), [("self", []), ("other", [SlotSet("danger_now", "no")])]
)
def test_no_danger_now_is_not_asked_again(ran: Any, route: str, answered: list[Any]) -> None:
    events, messages = ran(
        ActionNoteNoDanger(), "deny", text="no", route=route, form=f"{route}_form"
    )

    assert [m["response"] for m in messages] == ["utter_no_danger_now"]
    assert events == [*answered, FollowupAction(f"{route}_form")]


@pytest.mark.parametrize(
    ("route", "response"),
    [("self", "utter_how_to_leave"), ("worker", "utter_how_to_leave_other")],
)
def test_leaving_is_planned_with_people_who_know(ran: Any, route: str, response: str) -> None:
    events, messages = ran(
        ActionAnswerHowToLeave(), "ask_how_to_leave", text="w", route=route, form="self_form"
    )

    assert [m["response"] for m in messages] == [response]
    assert events == [FollowupAction("self_form")]
