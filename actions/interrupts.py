"""Danger, thoughts of suicide, an exploited child: answered first, in any state (promise 2)."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.flow import LISTEN, resume
from actions.heard import heard


def is_about_other(tracker: Tracker) -> bool:
    """Whether this is about somebody else: the door decides, before one is open the words do.

    On the self route 'he is outside' is still about the person who writes.
    """
    route = tracker.get_slot("route")
    return route != "self" if route else heard(tracker).who == "other"


def answer_child(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
    """Say once what is different for someone under 18."""
    if tracker.get_slot("child_explained"):
        return []
    other = is_about_other(tracker)
    dispatcher.utter_message(response="utter_child_other" if other else "utter_child_self")
    dispatcher.utter_message(response="utter_child_honest")
    return [SlotSet("child_explained", True)]


class ActionAnswerDanger(Action):
    """999 first; then wait. The questions go on only when the person wants to."""

    def name(self) -> str:
        return "action_answer_danger"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        other = is_about_other(tracker)
        dispatcher.utter_message(response="utter_danger_other" if other else "utter_danger_self")
        events: list[EventType] = []
        if "self_harm" in heard(tracker).labels:
            dispatcher.utter_message(
                response="utter_self_harm_other" if other else "utter_self_harm_self"
            )
        if "under_18" in heard(tracker).labels:
            events += answer_child(dispatcher, tracker)
        dispatcher.utter_message(response="utter_danger_next")
        return [*events, SlotSet("waiting", "danger"), LISTEN]


class ActionAnswerSelfHarm(Action):
    """Kindness and people who listen at any hour; then wait."""

    def name(self) -> str:
        return "action_answer_self_harm"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        other = is_about_other(tracker)
        dispatcher.utter_message(
            response="utter_self_harm_other" if other else "utter_self_harm_self"
        )
        events: list[EventType] = []
        if "under_18" in heard(tracker).labels:
            events += answer_child(dispatcher, tracker)
        dispatcher.utter_message(response="utter_self_harm_next")
        return [*events, SlotSet("waiting", "self_harm"), LISTEN]


class ActionAnswerChild(Action):
    """A child was named outside a form: say what differs, then take up what was told."""

    def name(self) -> str:
        return "action_answer_child"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        return answer_child(dispatcher, tracker) + resume(tracker)
