"""actions/interrupts.py: danger, self-harm and children first, on every route (promise 2)."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk.events import FollowupAction, SlotSet

from actions.flow import LISTEN
from actions.interrupts import ActionAnswerChild, ActionAnswerDanger, ActionAnswerSelfHarm

ROUTES = [
    ("self", "other", "self"),
    ("self", "none", "self"),
    ("other", "self", "other"),
    ("worker", "self", "other"),
    (None, "other", "other"),
    (None, "self", "self"),
    (None, "none", "self"),
]


@pytest.mark.parametrize(("route", "who", "about"), ROUTES)
def test_danger_on_each_route(ran: Any, route: str | None, who: str, about: str) -> None:
    events, messages = ran(
        ActionAnswerDanger(),
        "report_danger",
        text="words",
        who=who,
        route=route,
        signs=("immediate_danger",),
    )

    assert [m["response"] for m in messages] == [f"utter_danger_{about}", "utter_danger_next"]
    assert events == [SlotSet("waiting", "danger"), LISTEN]


@pytest.mark.parametrize(("route", "who", "about"), ROUTES)
def test_self_harm_on_each_route(ran: Any, route: str | None, who: str, about: str) -> None:
    events, messages = ran(
        ActionAnswerSelfHarm(),
        "report_self_harm",
        text="words",
        who=who,
        route=route,
        signs=("self_harm",),
    )

    assert [m["response"] for m in messages] == [f"utter_self_harm_{about}", "utter_self_harm_next"]
    assert events == [SlotSet("waiting", "self_harm"), LISTEN]


@pytest.mark.parametrize(("route", "who", "about"), ROUTES)
def test_a_child_on_each_route(ran: Any, route: str | None, who: str, about: str) -> None:
    events, messages = ran(
        ActionAnswerChild(), "report_child", text="words", who=who, route=route, signs=("under_18",)
    )

    assert [m["response"] for m in messages] == [f"utter_child_{about}", "utter_child_honest"]
    assert events == [SlotSet("child_explained", True), FollowupAction("action_open_doors")]


def test_everything_at_once_begins_with_danger(said: Any) -> None:
    labels = ("under_18", "self_harm", "immediate_danger")

    assert said(
        ActionAnswerDanger(), "report_danger", text="words", signs=labels, route="self"
    ) == [
        "utter_danger_self",
        "utter_self_harm_self",
        "utter_child_self",
        "utter_child_honest",
        "utter_danger_next",
    ]


def test_a_child_that_thinks_of_dying(said: Any) -> None:
    labels = ("under_18", "self_harm")

    assert said(
        ActionAnswerSelfHarm(), "report_self_harm", text="w", signs=labels, route="self"
    ) == [
        "utter_self_harm_self",
        "utter_child_self",
        "utter_child_honest",
        "utter_self_harm_next",
    ]


def test_the_danger_button_needs_no_words(said: Any) -> None:
    assert said(ActionAnswerDanger(), "report_danger", route="self")[0] == "utter_danger_self"


def test_what_differs_for_a_child_is_said_once(ran: Any) -> None:
    events, messages = ran(
        ActionAnswerChild(),
        "report_child",
        text="words",
        route="self",
        child_explained=True,
        form="self_form",
    )

    assert (events, messages) == ([FollowupAction("self_form")], [])
