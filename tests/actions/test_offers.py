"""actions/offers.py: what 'yes' and 'no' mean right after an offer, or at a menu that asks."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk.events import FollowupAction, SlotSet

from actions.heard import ActionNoteLabels
from actions.offers import OFFERS, ActionTakeAnswer, answers_offer

TAKE = ActionTakeAnswer()


@pytest.mark.parametrize(
    ("intent", "following"),
    [
        ("affirm", "action_show_help"),
        ("deny", "action_correct_understanding"),
        ("say_unsure", "action_say_back"),
    ],
)
def test_yes_and_no_to_what_was_understood(ran: Any, intent: str, following: str) -> None:
    events, _ = ran(TAKE, intent, text="word", hub="action_say_back")

    assert events == [FollowupAction(following)]


def test_yes_elsewhere_shows_the_menu_again(ran: Any) -> None:
    events, _ = ran(TAKE, "affirm", text="yes", hub="action_learn")

    assert events == [FollowupAction("action_learn")]


@pytest.mark.parametrize(("offer", "kinds"), OFFERS.items())
def test_yes_and_no_to_an_offer(ran: Any, offer: str, kinds: dict[str, str]) -> None:
    for words, kind in (("yes", "yes"), ("no", "no")):
        events, _ = ran(TAKE, "", text=words, offered=offer, form="self_form")

        assert events == [FollowupAction(kinds[kind])]


def test_a_button_says_no_too(ran: Any) -> None:
    assert ran(TAKE, "deny", offered="danger")[0] == [FollowupAction("action_note_no_danger")]


def test_an_offer_lasts_for_one_message(ran: Any, tracker: Any) -> None:
    first, _ = ran(ActionNoteLabels(), "greet", text="hello", offer="delete")
    second, _ = ran(ActionNoteLabels(), "greet", text="hello", offered="delete")

    assert first == [SlotSet("offered", "delete"), SlotSet("offer", None)]
    assert second == [SlotSet("offered", None), SlotSet("offer", None)]
    assert not answers_offer(tracker("affirm", text="yes"))


@pytest.mark.parametrize(
    ("slots", "response"),
    [
        ({}, "utter_ack_good"),
        ({"labels": ["debt"]}, "utter_ack_plain"),
        ({"feels_safe": "no"}, "utter_ack_plain"),
    ],
)
def test_all_is_well(said: Any, slots: dict[str, Any], response: str) -> None:
    assert said(TAKE, "tell_all_well", text="words", hub="action_learn", **slots) == [response]
