"""What 'yes' and 'no' mean right after something was offered; an offer lasts one message."""

from __future__ import annotations

from typing import Any, Final

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.acknowledge import say_next, something_bad_was_told
from actions.flow import active_form, resume
from actions.heard import GOOD, heard

OFFERS: Final[dict[str, dict[str, str]]] = {
    "delete": {"yes": "action_delete", "no": "action_continue"},
    "danger": {"yes": "action_answer_danger", "no": "action_note_no_danger"},
}
"""Offer -> kind of answer -> the action that obeys."""
MENU_ANSWERS: Final = {
    "action_say_back": {"yes": "action_show_help", "no": "action_correct_understanding"},
}
"""The same for menus that ask something, for as long as the person is there."""
CHOSEN: Final = {"affirm": "yes", "deny": "no"}


def offer(name: str) -> list[EventType]:
    """Remember what is offered until the next message."""
    return [SlotSet("offer", name)]


def _obeys(tracker: Tracker) -> str | None:
    message = heard(tracker)
    kind = message.kind if message.was_typed else CHOSEN.get(message.intent)
    if action := OFFERS.get(tracker.get_slot("offered") or "", {}).get(kind or ""):
        return action
    if active_form(tracker) or tracker.get_slot("waiting"):
        return None
    return MENU_ANSWERS.get(tracker.get_slot("hub") or "", {}).get(kind or "")


def answers_offer(tracker: Tracker) -> bool:
    """Whether the last message says yes or no to what was just offered."""
    return bool(tracker.get_slot("offered")) and _obeys(tracker) is not None


class ActionTakeAnswer(Action):
    """'Yes', 'no', 'all is well' that answer no form's question: an offer, a menu, or nothing."""

    def name(self) -> str:
        return "action_take_answer"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        if action := _obeys(tracker):
            return [FollowupAction(action)]
        if heard(tracker).kind != GOOD:
            return resume(tracker)
        name = "utter_ack_plain" if something_bad_was_told(tracker) else "utter_ack_good"
        return say_next(dispatcher, tracker, name) + resume(tracker)
