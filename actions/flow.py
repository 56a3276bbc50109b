"""Moving about: going on, repeating, simpler words, why, pausing, stopping, deleting."""

from __future__ import annotations

from typing import Any, Final

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, AllSlotsReset, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.heard import heard
from bot.wording import SEVEN

FORMS: Final = {"self": "self_form", "other": "other_form", "worker": "worker_form"}
QUESTIONS: Final[dict[str, tuple[str, ...]]] = {
    FORMS["self"]: ("safe_to_talk", *SEVEN),
    FORMS["other"]: ("noticed", "danger_now", "child_involved"),
    FORMS["worker"]: (
        *("worker_ready", "interpreter", "person_language", *SEVEN, "understood"),
        *("observed", "needs_now", "person_age", "care_needs", "consent", "worker_role"),
    ),
    "card_form": ("card_interpreter", "card_topics", "card_place"),
}
"""The questions of each form, in order; as in domain.yml (a test compares them)."""

KEPT_ON_RESTART: Final = (
    *("language", "language_was_chosen"),
    *("translations", "translated_into"),
)
LISTEN: Final = FollowupAction("action_listen")


def active_form(tracker: Tracker) -> str | None:
    """The form that asks now."""
    name: str | None = (tracker.active_loop or {}).get("name")
    return name


def is_waiting(tracker: Tracker) -> bool:
    """Whether the chat waits for the person to come back (actions/waiting.py)."""
    return bool(tracker.get_slot("waiting"))


def leave_form() -> list[EventType]:
    """End the active form, whatever it asked."""
    return [ActiveLoop(None), SlotSet("requested_slot", None)]


def at_hub(action_name: str) -> list[EventType]:
    """Remember the menu the person is at, and wait."""
    return [SlotSet("hub", action_name)]


def resume(tracker: Tracker) -> list[EventType]:
    """Ask the open question again, or show the menu again; while waiting, neither."""
    if is_waiting(tracker):
        return [FollowupAction("action_wait")]
    form = active_form(tracker)
    return [FollowupAction(form or tracker.get_slot("hub") or "action_open_doors")]


def unfinished_form(tracker: Tracker) -> str | None:
    """The route's form, while one of its questions is open."""
    form = FORMS.get(tracker.get_slot("route") or "")
    is_open = any(tracker.get_slot(slot) is None for slot in QUESTIONS.get(form or "", ()))
    return form if is_open else None


def go_on(tracker: Tracker) -> list[EventType]:
    """After a side trip: the open questions, or the menu."""
    if is_waiting(tracker):
        return [FollowupAction("action_wait")]
    return [FollowupAction(unfinished_form(tracker) or "action_show_menu")]


class ActionResume(Action):
    """After an answer in between: back to where the person was."""

    def name(self) -> str:
        return "action_resume"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        return resume(tracker)


class ActionSimplifyMessage(Action):
    """'Say it more simply': what was said last, and the open question, in simpler words."""

    def name(self) -> str:
        return "action_simplify_message"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        for name in tracker.get_slot("said") or ():
            if name in WITH_SIMPLER_ANSWER:
                dispatcher.utter_message(response=WITH_SIMPLER_ANSWER[name])
        asked = tracker.get_slot("requested_slot") if active_form(tracker) else None
        if asked in WITH_SIMPLE_WORDS and not is_waiting(tracker):
            dispatcher.utter_message(response=f"utter_simple_{asked}")
        return resume(tracker)


class ActionAskWhy(Action):
    """'Why do you ask?'"""

    def name(self) -> str:
        return "action_ask_why"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        asked = tracker.get_slot("requested_slot") if active_form(tracker) else None
        name = f"utter_why_{asked}" if asked in WITH_SIMPLE_WORDS else "utter_ask_why"
        dispatcher.utter_message(response=name)
        return resume(tracker)


WITH_SIMPLE_WORDS: Final = frozenset(
    {
        *("safe_to_talk", *SEVEN),
        *("noticed", "danger_now", "child_involved"),
        *("worker_ready", "interpreter", "understood", "needs_now", "person_age"),
        *("care_needs", "consent", "worker_role"),
    }
)
"""Questions that have utter_simple_* and utter_why_* responses."""

WITH_SIMPLER_ANSWER: Final = {
    f"utter_{name}": f"utter_simple_{name}"
    for name in ("ask_what_happens_if_call", "ask_deportation", "ask_nrm", "before_you_call")
}
"""Long answers that can be said in simpler words."""


class ActionContinue(Action):
    """Go on: with the open question, the unfinished questions, or the last menu."""

    def name(self) -> str:
        return "action_continue"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        form = active_form(tracker) or unfinished_form(tracker)
        back = form or tracker.get_slot("hub") or "action_open_doors"
        return [SlotSet("waiting", None), FollowupAction(back)]


class ActionRestartChat(Action):
    """Forget everything told and begin again, in the same language."""

    def name(self) -> str:
        return "action_restart_chat"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        dispatcher.utter_message(response="utter_restarted")
        kept = [SlotSet(slot, tracker.get_slot(slot)) for slot in KEPT_ON_RESTART]
        return [ActiveLoop(None), AllSlotsReset(), *kept, FollowupAction("action_open_doors")]


class ActionDelete(Action):
    """Delete: the conversation is erased as soon as this reply is out (bot/conversation.py).

    A safe phrase or a button acts at once; other words may be about something else, so they
    are asked about first.
    """

    def name(self) -> str:
        return "action_delete"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        message = heard(tracker)
        is_meant = message.is_safe_phrase or tracker.get_slot("offered") == "delete"
        if message.was_typed and not is_meant:
            dispatcher.utter_message(response="utter_ask_delete")
            return [SlotSet("offer", "delete"), LISTEN]
        dispatcher.utter_message(response="utter_deleted")
        return [ActiveLoop(None), AllSlotsReset(), LISTEN]


class ActionEndChat(Action):
    """Say goodbye, offer to delete, and say what stays in the browser."""

    def name(self) -> str:
        return "action_end_chat"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        if heard(tracker).intent == "say_goodbye":
            dispatcher.utter_message(response="utter_say_goodbye")
        dispatcher.utter_message(response="utter_end")
        return [*leave_form(), LISTEN]
