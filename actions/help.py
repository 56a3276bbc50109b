"""Help that fits: what calling does is explained, then the people who can help are shown."""

from __future__ import annotations

from typing import Any, Final

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.flow import LISTEN, at_hub, leave_form
from actions.heard import heard
from actions.misunderstood import say_not_understood
from actions.needs import INTENT_NEEDS, audience, is_child, needs
from bot.directory import Service, load_directory
from bot.text import has_words

CALLING: Final = {
    ("self", False): "utter_before_you_call",
    ("self", True): "utter_before_you_call_child",
    ("other", False): "utter_before_you_call_other",
    ("other", True): "utter_before_you_call_other",
    ("worker", False): "utter_before_you_call_worker",
    ("worker", True): "utter_before_you_call_worker",
}
"""Who is helped, and whether the person concerned may be under 18."""

SAID_IN_WORDS: Final = {"need_health": frozenset({"nhs-111"})}
"""Services that the answer to a request itself names."""

SAID_AFTER: Final = {"ask_immigration_help": "utter_asylum_help"}
"""What fits only some who ask, and says so."""


def fitting(tracker: Tracker, wanted: list[str], *, limit: int = 4) -> list[Service]:
    """Services for these needs here."""
    return load_directory().find(
        wanted,
        audience=audience(tracker),
        child=is_child(tracker),
        place=tracker.get_slot("place"),
        limit=limit,
    )


def explain_calling(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
    """What happens with what one says, once, before anybody is pointed to (promise 13)."""
    if tracker.get_slot("calling_explained"):
        return []
    dispatcher.utter_message(response=CALLING[audience(tracker), is_child(tracker)])
    return [SlotSet("calling_explained", True)]


def show(dispatcher: CollectingDispatcher, services: list[Service]) -> None:
    """One message a service."""
    for service in services:
        dispatcher.utter_message(response="utter_service", service=service.id)


class ActionShowHelp(Action):
    """What happens if you call (once), then the people who can help, then the menu."""

    def name(self) -> str:
        return "action_show_help"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        if audience(tracker) == "other":
            dispatcher.utter_message(response="utter_advice_other")
        explained = explain_calling(dispatcher, tracker)
        dispatcher.utter_message(response="utter_help_intro")
        show(dispatcher, fitting(tracker, needs(tracker)))
        return [*leave_form(), *explained, FollowupAction("action_show_menu")]


class ActionShowMenu(Action):
    """What would help now?"""

    def name(self) -> str:
        return "action_show_menu"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        menus = {"other": "utter_help_menu_other", "worker": "utter_worker_summary"}
        dispatcher.utter_message(response=menus.get(audience(tracker), "utter_help_menu"))
        return [*at_hub("action_show_menu"), LISTEN]


class ActionTakeNeed(Action):
    """No money, nowhere to sleep, hurt, a lawyer, a person: answer now, and remember the need."""

    def name(self) -> str:
        return "action_take_need"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        intent = heard(tracker).intent
        need = INTENT_NEEDS[intent]
        dispatcher.utter_message(response=f"utter_{intent}")
        events = explain_calling(dispatcher, tracker)
        dispatcher.utter_message(response="utter_help_intro")
        found = fitting(tracker, [need] if need else needs(tracker), limit=3)
        show(dispatcher, [s for s in found if s.id not in SAID_IN_WORDS.get(intent, ())])
        if intent in SAID_AFTER:
            dispatcher.utter_message(response=SAID_AFTER[intent])
        if need:
            remembered = [*(tracker.get_slot("needs") or ()), need]
            events.append(SlotSet("needs", list(dict.fromkeys(remembered))))
        return [*events, FollowupAction("action_resume")]


class ActionFallback(Action):
    """Not understood: a typed place, else say so kindly."""

    def name(self) -> str:
        return "action_fallback"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        text = str(tracker.latest_message.get("text") or "")
        hub = tracker.get_slot("hub")
        # After one place, people type the next without asking again.
        names_place = hub == "action_show_menu" and load_directory().place_names.exact(text)
        if hub == "action_ask_place" or names_place:
            return [FollowupAction("action_find_place")]
        intent = heard(tracker).intent
        if not has_words(text):
            dispatcher.utter_message(response="utter_words_please")
            return [FollowupAction("action_resume")]
        if "under_18" in heard(tracker).labels:
            return [FollowupAction("action_answer_child")]
        if intent.startswith("chat_") or intent == "ask_other_topic":
            dispatcher.utter_message(response="utter_small_talk")
            return [FollowupAction("action_resume")]
        return [*say_not_understood(dispatcher, tracker), FollowupAction("action_resume")]
