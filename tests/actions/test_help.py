"""actions/help.py: help that fits, and never an empty list of helpers."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet

from actions.flow import LISTEN
from actions.help import (
    LABEL_NEEDS,
    ActionAskPlace,
    ActionFallback,
    ActionFindPlace,
    ActionShowHelp,
    ActionShowMenu,
    ActionTakeNeed,
    is_child,
    needs,
)

LEFT = [ActiveLoop(None), SlotSet("requested_slot", None)]


def services(messages: list[dict[str, Any]]) -> list[str]:
    return [message["service"] for message in messages if "service" in message]


# --- needs -----------------------------------------------------------------------------------
def test_needs_are_ordered_by_urgency_not_by_telling(tracker: Any) -> None:
    told = list(reversed(LABEL_NEEDS))

    assert needs(tracker(labels=told)) == list(dict.fromkeys(LABEL_NEEDS.values()))


def test_what_was_asked_for_comes_first(tracker: Any) -> None:
    assert needs(tracker(labels=["self_harm"], needs=["housing"], needs_now=["money"])) == [
        "housing",
        "money",
        "mental_health",
    ]


def test_somebody_worried_can_report(tracker: Any) -> None:
    assert needs(tracker(route="other", labels=["debt"])) == ["labour", "report"]


def test_no_need_stands_twice(tracker: Any) -> None:
    assert needs(tracker(labels=["debt", "unpaid"], needs=["labour"])) == ["labour"]


@pytest.mark.parametrize(
    ("slots", "child"),
    [
        ({}, False),
        ({"person_age": "adult"}, False),
        ({"person_age": "unsure"}, True),
        ({"labels": ["under_18"]}, True),
    ],
)
def test_unsure_of_age_counts_as_a_child(tracker: Any, slots: dict[str, Any], child: bool) -> None:
    assert is_child(tracker(**slots)) is child


# --- showing help ----------------------------------------------------------------------------
def test_the_helpline_comes_first_and_calling_is_explained_before(ran: Any) -> None:
    events, messages = ran(ActionShowHelp(), route="self", labels=["unpaid"])

    assert [m["response"] for m in messages][:2] == ["utter_before_you_call", "utter_help_intro"]
    assert services(messages)[0] == "modern-slavery-helpline"
    assert len(services(messages)) == len(set(services(messages))) <= 4
    assert events == [*LEFT, SlotSet("calling_explained", True), FollowupAction("action_show_menu")]


def test_calling_is_explained_once(said: Any) -> None:
    assert said(ActionShowHelp(), route="self", calling_explained=True)[0] == "utter_help_intro"


def test_somebody_worried_is_told_what_not_to_do(said: Any) -> None:
    assert said(ActionShowHelp(), route="other")[0] == "utter_advice_other"


@pytest.mark.parametrize(
    ("route", "menu"),
    [
        (None, "utter_help_menu"),
        ("self", "utter_help_menu"),
        ("other", "utter_help_menu_other"),
        ("worker", "utter_worker_summary"),
    ],
)
def test_the_menu_of_each_route(ran: Any, route: str | None, menu: str) -> None:
    events, messages = ran(ActionShowMenu(), route=route)

    assert [m["response"] for m in messages] == [menu]
    assert events == [SlotSet("hub", "action_show_menu"), LISTEN]


@pytest.mark.parametrize("labels", [[], ["under_18"]], ids=["adult", "child"])
@pytest.mark.parametrize("route", [None, "self", "other", "worker"])
@pytest.mark.parametrize(("intent", "need"), [("need_money", "money"), ("need_housing", "housing")])
def test_a_need_is_answered_by_somebody_and_remembered(
    ran: Any, intent: str, need: str, route: str | None, labels: list[str]
) -> None:
    """The reply ends in 'These people can help'."""
    events, messages = ran(ActionTakeNeed(), intent, route=route, labels=labels)

    assert messages[0]["response"] == f"utter_{intent}"
    assert services(messages) != []
    assert events == [SlotSet("needs", [need]), FollowupAction("action_resume")]


# --- places ----------------------------------------------------------------------------------
def test_an_unknown_place_offers_all(ran: Any) -> None:
    events, messages = ran(ActionFindPlace(), "inform_place", text="qwxyz")

    assert [m["response"] for m in messages] == ["utter_place_not_found"]
    assert len(messages[0]["choices"]) == 34
    assert events == [*LEFT, SlotSet("hub", "action_ask_place"), LISTEN]


def test_a_forged_place_is_not_found(said: Any) -> None:
    assert said(ActionFindPlace(), "choose_place", entities=(("place", "atlantis"),)) == [
        "utter_place_not_found"
    ]


def test_outside_london_still_shows_somebody(ran: Any) -> None:
    events, messages = ran(ActionFindPlace(), "inform_place", text="M1", route="self")

    assert messages[0]["response"] == "utter_place_outside"
    assert services(messages) != []
    assert events == [*LEFT, FollowupAction("self_form")]  # its questions are still open


@pytest.mark.parametrize("ticked", ["none", "skipped", "told"])
def test_outside_london_with_nothing_ticked_still_shows_somebody(ran: Any, ticked: str) -> None:
    _, messages = ran(
        ActionFindPlace(), "inform_place", text="M1", route="worker", needs_now=[ticked]
    )

    assert services(messages) != []


def test_an_unclear_place_offers_the_candidates(ran: Any) -> None:
    _, messages = ran(ActionFindPlace(), "inform_place", text="Kilburn")

    assert [each["payload"] for each in messages[0]["choices"]] == [
        '/choose_place{"place":"brent"}',
        '/choose_place{"place":"camden"}',
        '/choose_place{"place":"none"}',
    ]


def test_a_clear_place_shows_its_contacts_and_is_kept(ran: Any) -> None:
    events, messages = ran(ActionFindPlace(), "choose_place", entities=(("place", "barnet"),))

    assert messages[0]["response"] == "utter_local_intro"
    assert [each.split("-")[0] for each in services(messages)] == ["barnet"] * len(
        services(messages)
    )
    assert events == [*LEFT, SlotSet("place", "barnet"), FollowupAction("action_show_menu")]


def test_a_postcode_is_not_kept(ran: Any) -> None:
    events, _ = ran(ActionFindPlace(), "inform_place", text="E1 6AN")

    assert "6AN" not in str(events)


def test_rather_not_say(ran: Any) -> None:
    assert ran(ActionFindPlace(), "choose_place", entities=(("place", "none"),)) == (
        [*LEFT, FollowupAction("action_show_menu")],
        [],
    )


def test_a_known_place_is_not_asked_again(ran: Any) -> None:
    assert ran(ActionAskPlace(), "ask_local_services", place="barnet") == (
        [FollowupAction("action_find_place")],
        [],
    )


# --- not understood --------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("intent", "response"),
    [
        ("chat_food", "utter_small_talk"),
        ("ask_other_topic", "utter_small_talk"),
    ],
)
def test_everyday_talk(ran: Any, intent: str, response: str) -> None:
    events, messages = ran(ActionFallback(), intent, text="words")

    assert [m["response"] for m in messages] == [response]
    assert events == [FollowupAction("action_resume")]


def test_not_understood(ran: Any) -> None:
    events, messages = ran(ActionFallback(), "nlu_fallback", text="words")

    assert [m["response"] for m in messages] == ["utter_not_understood"]
    assert events == [SlotSet("missed", 1), FollowupAction("action_resume")]


def test_a_child_s_age_is_heard_at_a_menu_too(ran: Any) -> None:
    events, _ = ran(ActionFallback(), "nlu_fallback", text="I'm 15", route="self")

    assert events == [FollowupAction("action_answer_child")]


def test_a_place_where_one_was_asked_for_is_understood(ran: Any) -> None:
    assert ran(ActionFallback(), "nlu_fallback", text="Camdn", hub="action_ask_place") == (
        [FollowupAction("action_find_place")],
        [],
    )
