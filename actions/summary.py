"""What I understood: said back, and corrected by the person (promise 11)."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.correcting import correct_at_question
from actions.flow import LISTEN, active_form, at_hub, leave_form, resume
from actions.heard import entity, labels
from actions.words import choice, label_items, say
from bot.choices import LAST_ANSWER


class ActionFinishSelfForm(Action):
    """The questions are over, or it is not safe to talk now."""

    def name(self) -> str:
        return "action_finish_self_form"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        if tracker.get_slot("safe_to_talk") == "no":
            dispatcher.utter_message(response="utter_not_safe_now")
            return [SlotSet("safe_to_talk", None), *at_hub("action_start_self"), LISTEN]
        return [FollowupAction("action_say_back")]


class ActionFinishOtherForm(Action):
    """The three questions about somebody else are over."""

    def name(self) -> str:
        return "action_finish_other_form"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        return [FollowupAction("action_say_back")]


class ActionSayBack(Action):
    """List what was understood, in plain words, and ask if it is right."""

    def name(self) -> str:
        return "action_say_back"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        known = labels(tracker)
        if not known:
            dispatcher.utter_message(response="utter_nothing_heard")
            return [*leave_form(), FollowupAction("action_show_help")]
        about = "other" if tracker.get_slot("route") in ("other", "worker") else "self"
        dispatcher.utter_message(response=f"utter_say_back_{about}", items=label_items(known))
        return [*leave_form(), *at_hub("action_say_back"), LISTEN]


class ActionCorrectUnderstanding(Action):
    """Offer every item to be taken out."""

    def name(self) -> str:
        return "action_correct_understanding"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        if active_form(tracker):
            return correct_at_question(dispatcher, tracker)
        known = labels(tracker)
        if not known:
            dispatcher.utter_message(response="utter_add_more")
            return resume(tracker)
        items = [
            choice(f'/remove_label{{"label":"{label}"}}', say(f"utter_label_{label}"))
            for label in known
        ]
        items.append(choice("/keep_summary", say("utter_keep_button")))
        dispatcher.utter_message(response="utter_what_is_wrong", choices=items)
        return [*leave_form(), *at_hub("action_say_back"), LISTEN]


class ActionRemoveLabel(Action):
    """Take one item out."""

    def name(self) -> str:
        return "action_remove_label"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        removed = entity(tracker, "label")
        if removed == LAST_ANSWER:
            return [FollowupAction("action_ask_again")]
        left = [label for label in tracker.get_slot("labels") or () if label != removed]
        dispatcher.utter_message(response="utter_removed")
        after = resume(tracker) if active_form(tracker) else [FollowupAction("action_say_back")]
        return [SlotSet("labels", left), *after]
