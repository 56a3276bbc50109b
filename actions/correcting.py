"""Something was misheard at a question: take it out, ask again, or tell whom it is about."""

from __future__ import annotations

from typing import Any, Final

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.flow import LISTEN, active_form, resume
from actions.heard import labels, with_answer
from actions.words import choice, say
from bot.choices import LAST_ANSWER

OTHER_ROUTE: Final = {"self": "other", "other": "self"}


def correct_at_question(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
    """Offer what can be corrected; the open question stays open."""
    items = [
        choice(f'/remove_label{{"label":"{label}"}}', say(f"utter_label_{label}"))
        for label in labels(tracker)
    ]
    if tracker.get_slot("last_answered"):
        items.append(
            choice(f'/remove_label{{"label":"{LAST_ANSWER}"}}', say("utter_ask_again_button"))
        )
    if other := OTHER_ROUTE.get(tracker.get_slot("route") or ""):
        items.append(choice(f"/start_{other}", say(f"utter_about_{other}_button")))
    items.append(choice("/keep_summary", say("utter_keep_button")))
    dispatcher.utter_message(response="utter_what_is_wrong", choices=items)
    return [LISTEN]


class ActionAskAgain(Action):
    """Take the last answer back, with the sign that it was, and ask again."""

    def name(self) -> str:
        return "action_ask_again"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        slot = tracker.get_slot("last_answered")
        if not slot:
            return resume(tracker)
        left = with_answer(set(tracker.get_slot("labels") or ()), slot, [])
        dispatcher.utter_message(response="utter_ask_again")
        return [
            SlotSet(slot, None),
            SlotSet("labels", sorted(left)),
            SlotSet("last_answered", None),
            *resume(tracker),
        ]


class ActionKeepUnderstanding(Action):
    """'Everything else is right': on with the open question, or to the help."""

    def name(self) -> str:
        return "action_keep_understanding"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        return resume(tracker) if active_form(tracker) else [FollowupAction("action_show_help")]
