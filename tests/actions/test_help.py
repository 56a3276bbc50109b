"""actions/help.py: help that fits, and never an empty list of helpers."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet

from actions.flow import LISTEN
from actions.help import ActionFallback, ActionShowHelp, ActionShowMenu, ActionTakeNeed
from actions.needs import INTENT_NEEDS

HELPLINE = "modern-slavery-helpline"
EXPLAINED = SlotSet("calling_explained", True)
LEFT = [ActiveLoop(None), SlotSet("requested_slot", None)]


def services(messages: list[dict[str, Any]]) -> list[str]:
    return [message["service"] for message in messages if "service" in message]


# --- showing help ----------------------------------------------------------------------------
def test_calling_is_explained_before_anybody_is_shown(ran: Any) -> None:
    events, messages = ran(ActionShowHelp(), route="self", labels=["unpaid"])

    assert [m["response"] for m in messages][:2] == ["utter_before_you_call", "utter_help_intro"]
    assert services(messages)[0] == HELPLINE
    assert len(services(messages)) == len(set(services(messages))) <= 4
    assert events == [*LEFT, EXPLAINED, FollowupAction("action_show_menu")]


@pytest.mark.parametrize(
    ("label", "specialist"),
    [
        ("forced_marriage", "forced-marriage-unit"),
        ("domestic_servitude", "kalayaan"),
        ("fear_of_authorities", "civil-legal-advice"),
        ("trauma", "nhs-111-mental-health"),
        ("violence", "nhs-111"),
    ],
)
def test_the_specialist_comes_first_and_the_helpline_is_there(
    ran: Any, label: str, specialist: str
) -> None:
    _, messages = ran(ActionShowHelp(), route="self", labels=[label])

    assert services(messages)[0] == specialist
    assert HELPLINE in services(messages)


@pytest.mark.parametrize(
    ("route", "labels", "response"),
    [
        (None, [], "utter_before_you_call"),
        ("self", ["under_18"], "utter_before_you_call_child"),
        ("other", [], "utter_before_you_call_other"),
        ("worker", [], "utter_before_you_call_worker"),
    ],
)
def test_calling_is_explained_to_whom_it_concerns(
    said: Any, route: str | None, labels: list[str], response: str
) -> None:
    """For under-18s the exception is the rule; an onlooker decides for nobody."""
    assert response in said(ActionShowHelp(), route=route, labels=labels)


def test_an_onlooker_can_report_without_a_name_and_to_the_police(ran: Any) -> None:
    _, messages = ran(ActionShowHelp(), route="other", labels=["unpaid"])

    assert services(messages)[:3] == [HELPLINE, "crimestoppers", "police-101"]


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
@pytest.mark.parametrize("intent", sorted(INTENT_NEEDS))
def test_a_need_is_answered_by_somebody_and_remembered(
    ran: Any, intent: str, route: str | None, labels: list[str]
) -> None:
    events, messages = ran(ActionTakeNeed(), intent, route=route, labels=labels)
    responses = [message["response"] for message in messages]
    need = INTENT_NEEDS[intent]

    assert responses[0] == f"utter_{intent}"
    assert responses[1].startswith("utter_before_you_call")
    assert responses[2] == "utter_help_intro"
    assert HELPLINE in services(messages)
    remembered = [SlotSet("needs", [need])] if need else []
    assert events == [EXPLAINED, *remembered, FollowupAction("action_resume")]


@pytest.mark.parametrize(
    ("intent", "specialist"),
    [
        ("need_housing", "shelter"),
        ("ask_legal_help", "civil-legal-advice"),
        ("ask_immigration_help", "civil-legal-advice"),
    ],
)
def test_a_need_shows_its_specialist_first_also_where_a_place_is_known(
    ran: Any, intent: str, specialist: str
) -> None:
    """The council's number is for adults with care needs: no answer to 'nowhere to sleep'."""
    _, messages = ran(ActionTakeNeed(), intent, route="self", place="lambeth")

    assert services(messages)[0] == specialist


def test_asylum_is_offered_only_with_an_if(ran: Any) -> None:
    _, messages = ran(ActionTakeNeed(), "ask_immigration_help", route="self")

    assert "migrant-help" not in services(messages)
    assert messages[-1]["response"] == "utter_asylum_help"


def test_a_child_with_nowhere_to_sleep_gets_the_council_and_childline(ran: Any) -> None:
    _, messages = ran(
        ActionTakeNeed(), "need_housing", route="self", labels=["under_18"], place="wandsworth"
    )

    assert services(messages)[0] == "childline"
    assert not {"shelter", "salvation-army-referral", "migrant-help"} & set(services(messages))


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


@pytest.mark.parametrize("typed", ["Richmond", "SE15", "هاكني"])
def test_after_one_place_the_next_is_understood(ran: Any, typed: str) -> None:
    assert ran(ActionFallback(), "nlu_fallback", text=typed, hub="action_show_menu") == (
        [FollowupAction("action_find_place")],
        [],
    )
