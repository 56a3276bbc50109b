"""The start: who I am, 999, and the five doors."""

from __future__ import annotations

from typing import Any, Final

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.acknowledge import say_back, say_next
from actions.flow import LISTEN, at_hub, is_waiting, resume
from actions.heard import already_told, entities, entity, heard
from actions.language import translate_into
from bot.directory import load_directory
from bot.i18n import load_catalogues

DOORS: Final = {
    "self": "action_start_self",
    "other": "action_start_other",
    "worker": "action_start_worker",
}


class ActionStartChat(Action):
    """The first turn, with the channel's hints: language, route and place."""

    def name(self) -> str:
        return "action_start_chat"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        events: list[EventType] = []
        language = entity(tracker, "language")
        if language in load_catalogues().languages:
            events += [SlotSet("language", language), SlotSet("language_was_chosen", True)]
        translations = entities(tracker, "translation")
        events += [SlotSet("translations", translations)] if translations else []
        events += translate_into(translations, entity(tracker, "translated_into"))
        spoken = load_catalogues().known(language)
        dispatcher.utter_message(response="utter_welcome", language=spoken)
        if load_catalogues().languages[spoken].is_draft:
            dispatcher.utter_message(response="utter_draft_language", language=spoken)
        place = entity(tracker, "place")
        if place in load_directory().places:
            events.append(SlotSet("place", place))
        door = DOORS.get(entity(tracker, "route") or "", "action_open_doors")
        return [*events, FollowupAction(door)]


class ActionOpenDoors(Action):
    """The five doors."""

    def name(self) -> str:
        return "action_open_doors"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        first = heard(tracker).intent in ("start_chat", "greet") and not tracker.get_slot("hub")
        dispatcher.utter_message(response="utter_doors" if first else "utter_doors_again")
        return [*at_hub("action_open_doors"), LISTEN]


class ActionStartRoute(Action):
    """Enter one of the three routes; says what will be asked, once."""

    route = ""

    def name(self) -> str:
        return DOORS.get(self.route, "action_start_route")

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        if tracker.get_slot("route") != self.route:
            dispatcher.utter_message(response=f"utter_start_{self.route}")
        return [
            SlotSet("waiting", None),
            SlotSet("route", self.route),
            SlotSet("requested_slot", None),
            SlotSet("hub", None),
            *self._already_told(tracker),
            FollowupAction(f"{self.route}_form"),
        ]

    def _already_told(self, tracker: Tracker) -> list[EventType]:
        came_from = tracker.get_slot("route")
        return already_told(tracker, self.route) if came_from not in (None, self.route) else []


class ActionStartSelf(ActionStartRoute):
    """Help for me."""

    route = "self"


class ActionStartOther(ActionStartRoute):
    """Worried about someone."""

    route = "other"


class ActionStartWorker(ActionStartRoute):
    """I support people."""

    route = "worker"


class ActionLearn(Action):
    """The door 'learn'."""

    def name(self) -> str:
        return "action_learn"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        dispatcher.utter_message(response="utter_learn")
        return [*at_hub("action_learn"), LISTEN]


class ActionHearSituation(Action):
    """Something was told outside the questions: thank, say it back, and go on from there."""

    def name(self) -> str:
        return "action_hear_situation"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        message = heard(tracker)
        if is_waiting(tracker):
            return say_back(dispatcher, tracker, message.labels) + resume(tracker)
        events = say_next(dispatcher, tracker, "utter_ack_hard")
        if len(message.labels) > 1:
            events.append(SlotSet("situation", "told"))
        route = tracker.get_slot("route")
        if route is None or tracker.get_slot("hub") in (None, "action_open_doors"):
            route = "other" if message.who == "other" else route or "self"
            if route == "other" and not tracker.get_slot("noticed"):
                events.append(SlotSet("noticed", sorted(message.labels)))
            return [*events, FollowupAction(DOORS[route])]
        return [*events, FollowupAction("action_say_back")]
