"""Waiting: what is typed answers no question until the person comes back."""

from __future__ import annotations

from typing import Any, Final

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.flow import LISTEN, leave_form, resume
from actions.interrupts import is_about_other

WORDS: Final = {
    "danger": "utter_waiting_danger",
    "self_harm": "utter_self_harm_next",
}
"""Why the chat waits -> what it says to whatever is typed meanwhile."""


def wait(reason: str) -> list[EventType]:
    """From here on nothing is asked."""
    return [SlotSet("waiting", reason), LISTEN]


class ActionWait(Action):
    """Something was typed while the chat waits."""

    def name(self) -> str:
        return "action_wait"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        why = tracker.get_slot("waiting") or ""
        dispatcher.utter_message(response=WORDS.get(why, "utter_waiting"))
        return [LISTEN]


class ActionPause(Action):
    """A break: nothing is asked until the person comes back."""

    def name(self) -> str:
        return "action_pause"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        dispatcher.utter_message(response="utter_paused")
        return wait("pause")


class ActionStop(Action):
    """Stop asking; the numbers stay, and everything told is kept until deleted or expired."""

    def name(self) -> str:
        return "action_stop"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        dispatcher.utter_message(response="utter_stopped")
        return [*leave_form(), *wait("stop")]


class ActionAnswerNotAlone(Action):
    """Somebody can see or hear: a few neutral words, and nothing more is asked.

    After danger the words mean that a call must be silent.
    """

    def name(self) -> str:
        return "action_answer_not_alone"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        if tracker.get_slot("waiting") == "danger":
            dispatcher.utter_message(response="utter_cannot_call")
            return [LISTEN]
        other = is_about_other(tracker)
        dispatcher.utter_message(response="utter_not_alone_other" if other else "utter_not_alone")
        return wait("not_alone")


class ActionAnswerCannotCall(Action):
    """'I can't call', 'no phone': how to be heard without speaking."""

    def name(self) -> str:
        return "action_answer_cannot_call"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        dispatcher.utter_message(response="utter_cannot_call")
        return [LISTEN] if tracker.get_slot("waiting") == "danger" else resume(tracker)
