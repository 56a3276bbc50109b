"""actions/nearby.py: help near a place, and somebody everywhere when there is none."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet

from actions.flow import LISTEN
from actions.nearby import ActionAskPlace, ActionFindPlace

LEFT = [ActiveLoop(None), SlotSet("requested_slot", None)]
EXPLAINED = SlotSet("calling_explained", True)
HELPLINE = "modern-slavery-helpline"


def services(messages: list[dict[str, Any]]) -> list[str]:
    return [message["service"] for message in messages if "service" in message]


def test_an_unknown_place_offers_the_three_nearest_and_the_way_to_all(ran: Any) -> None:
    events, messages = ran(ActionFindPlace(), "inform_place", text="qwxyz")

    assert [m["response"] for m in messages] == ["utter_place_not_found"]
    payloads = [each["payload"] for each in messages[0]["choices"]]
    assert len(payloads) == 5
    assert all("choose_place" in each for each in payloads[:3])
    assert payloads[3:] == ['/choose_place{"place":"all"}', '/choose_place{"place":"none"}']
    assert events == [*LEFT, SlotSet("hub", "action_ask_place"), LISTEN]


def test_all_boroughs_are_shown_when_asked_for(ran: Any) -> None:
    _, (message,) = ran(ActionFindPlace(), "choose_place", entities=(("place", "all"),))

    assert message["response"] == "utter_ask_place"
    assert len(message["choices"]) == 34


def test_a_forged_place_is_not_found(said: Any) -> None:
    assert said(ActionFindPlace(), "choose_place", entities=(("place", "atlantis"),)) == [
        "utter_place_whole"
    ]


def test_outside_london_still_shows_somebody(ran: Any) -> None:
    events, messages = ran(ActionFindPlace(), "inform_place", text="M1", route="self")

    assert messages[0]["response"] == "utter_place_outside"
    assert services(messages) != []
    assert events == [*LEFT, EXPLAINED, FollowupAction("self_form")]  # its questions are still open


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

    assert [m["response"] for m in messages] == [
        "utter_before_you_call",
        "utter_local_intro",
        "utter_service",
        "utter_local_beside",
        "utter_service",
    ]
    assert services(messages) == ["barnet-2", HELPLINE]
    assert events == [
        *LEFT,
        EXPLAINED,
        SlotSet("place", "barnet"),
        FollowupAction("action_show_menu"),
    ]


@pytest.mark.parametrize(
    ("labels", "response", "shown"),
    [
        ([], "utter_local_none", HELPLINE),
        (["under_18"], "utter_local_none_child", "childline"),
    ],
    ids=["adult", "child"],
)
def test_a_place_without_a_checked_number_says_so_and_shows_somebody(
    ran: Any, labels: list[str], response: str, shown: str
) -> None:
    _, messages = ran(
        ActionFindPlace(), "choose_place", entities=(("place", "hounslow"),), labels=labels
    )

    assert messages[1]["response"] == response
    assert services(messages)[0] == shown
    assert HELPLINE in services(messages)


def test_london_as_a_whole_is_asked_again_in_other_words(ran: Any) -> None:
    events, messages = ran(ActionFindPlace(), "inform_place", text="vivo en Londres")

    assert [m["response"] for m in messages] == ["utter_place_whole"]
    assert events == [*LEFT, SlotSet("hub", "action_ask_place"), LISTEN]


@pytest.mark.parametrize("intent", ["deny", "say_unsure", "skip_question"])
def test_who_does_not_know_where_they_are_is_not_asked_again(ran: Any, intent: str) -> None:
    """Not knowing the place is a sign of its own; the same question again is a wall."""
    events, messages = ran(
        ActionAskPlace(), intent, text="no", hub="action_ask_place", route="self", safe_to_talk="no"
    )

    assert messages[0]["response"] == "utter_place_unsure"
    assert HELPLINE in services(messages)
    assert SlotSet("hub", "action_ask_place") not in events


def test_a_place_that_is_taken_for_the_request_is_looked_up(ran: Any) -> None:
    """'Manchester' sounds like 'help near me'."""
    assert ran(
        ActionAskPlace(), "ask_local_services", text="Manchester", hub="action_ask_place"
    ) == ([FollowupAction("action_find_place")], [])


def test_after_an_answer_in_between_the_place_is_asked_again(said: Any) -> None:
    assert said(
        ActionAskPlace(),
        "ask_local_services",
        text="who are you",
        hub="action_ask_place",
        events=({"event": "bot"},),
    ) == ["utter_ask_place"]


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
