"""'I don't feel safe' and 'how do I get out?': safety before anything else."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.flow import LISTEN, resume
from actions.interrupts import is_about_other
from actions.offers import offer


class ActionAnswerUnsafe(Action):
    """Ask whether there is danger now. It answers 'do you feel safe?' (promise 10)."""

    def name(self) -> str:
        return "action_answer_unsafe"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        if is_about_other(tracker):
            dispatcher.utter_message(response="utter_say_unsafe_other")
            return [*offer("danger"), LISTEN]
        dispatcher.utter_message(response="utter_say_unsafe")
        known = tracker.get_slot("feels_safe") is not None
        told: list[EventType] = [] if known else [SlotSet("feels_safe", "no")]
        return [*told, *offer("danger"), LISTEN]


class ActionNoteNoDanger(Action):
    """'No, not right now': then it is not asked again."""

    def name(self) -> str:
        return "action_note_no_danger"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        dispatcher.utter_message(response="utter_no_danger_now")
        answered: list[EventType] = []
        if is_about_other(tracker) and tracker.get_slot("danger_now") is None:
            answered = [SlotSet("danger_now", "no")]
        return answered + resume(tracker)


class ActionAnswerHowToLeave(Action):
    """Safety first; people who plan it with you; then back."""

    def name(self) -> str:
        return "action_answer_how_to_leave"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        other = is_about_other(tracker)
        dispatcher.utter_message(
            response="utter_how_to_leave_other" if other else "utter_how_to_leave"
        )
        return resume(tracker)
