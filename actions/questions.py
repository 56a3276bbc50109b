"""The forms' questions: what a typed or chosen answer means, and a human word after it.

A form never gets stuck: words that fit no choice count as told, and the next question
comes. Requests in between (why, numbers, stop...) leave the question open.
"""

from __future__ import annotations

from typing import Any, Final

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecutionRejected, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.flow import QUESTIONS, active_form
from actions.heard import Heard, heard, label_for_answer, with_answer
from actions.hours import hours_value
from actions.interrupts import answer_child
from bot.directory import load_directory
from bot.language import named_language

TOLD, SKIPPED, UNSURE = "told", "skipped", "unsure"

YES, NO, NOT_SURE = "affirm", "deny", "say_unsure"
GOOD = "tell_all_well"

ANSWERS: Final[dict[str, dict[str, str]]] = {
    "safe_to_talk": {YES: "yes", GOOD: "yes", NO: "no", NOT_SURE: "no"},
    "feels_safe": {YES: "yes", GOOD: "yes", NO: "no", NOT_SURE: "sometimes"},
    "made_to_do": {YES: "yes", NO: "no", GOOD: "no", NOT_SURE: UNSURE},
    "hours": {NO: "none", NOT_SURE: UNSURE},
    "is_paid": {YES: "yes", GOOD: "yes", NO: "no", NOT_SURE: UNSURE},
    "bank_access": {YES: "yes", GOOD: "yes", NO: "no", NOT_SURE: UNSURE},
    "someone_to_call": {YES: "someone", GOOD: "someone", "inform_contact": "someone", NO: "nobody"},
    "situation": {NO: SKIPPED},
    "danger_now": {YES: "yes", NO: "no", GOOD: "no", NOT_SURE: UNSURE},
    "child_involved": {YES: "yes", NO: "no", GOOD: "no", NOT_SURE: UNSURE},
    "worker_ready": {YES: "yes", GOOD: "yes", NO: "no", NOT_SURE: "no"},
    "interpreter": {YES: "here", NO: "screen"},
    "person_age": {YES: "adult", NO: "child", NOT_SURE: UNSURE},
    "consent": {YES: "yes", NO: "no", NOT_SURE: UNSURE},
    "card_interpreter": {YES: "yes", NO: "no"},
}
"""Question -> intent of the typed answer -> value."""

CHAT: Final = "chat_"
ANSWERING: Final = frozenset(
    {
        *(YES, NO, NOT_SURE, GOOD, "answer", "tell_situation", "report_child"),
        *("inform_hours", "inform_contact", "inform_place"),
        *("express_feeling", "nlu_fallback"),
    }
)
"""Intents that may be answers; every other one is a request in between."""

STOPPING: Final = frozenset({"report_danger", "report_self_harm", "stop_chat", "delete_chat"})
"""Intents that no question may take for its answer (promises 2 and 3)."""

HARD_VALUES: Final = frozenset({"no", "nobody", "not_allowed", "over_12", "always", "some"})
LIST_SLOTS: Final = frozenset({"noticed", "observed", "needs_now", "card_topics"})
_EASY_MESSAGE_WORDS = 3


def interpret(slot: str, message: Heard, text: str) -> str:
    """The value of a typed answer; TOLD when it fits no choice."""
    if slot == "hours" and (value := hours_value(text)):
        return value
    if slot == "person_language":
        return named_language(text) or TOLD
    if slot == "card_place":
        found = load_directory().candidates(text)
        return found[0] if len(found) == 1 and found[0] in load_directory().places else SKIPPED
    if slot == "feels_safe" and message.labels:
        return "no"
    if slot == "made_to_do" and "coerced" in message.labels:
        return "yes"
    value = ANSWERS.get(slot, {}).get(message.answer_intent)
    if value and message.labels and message.answer_intent in (YES, GOOD):
        return TOLD  # 'yes, but he keeps half of it'
    return value or TOLD


def acknowledge(
    dispatcher: CollectingDispatcher,
    slot: str,
    value: str,
    count: int,
    *,
    told: bool = False,
) -> None:
    """A short human word before the next question (promise 10).

    `told`: the words carried a sign, whatever they answered.
    """
    good = {("feels_safe", "yes"), ("made_to_do", "no"), ("is_paid", "yes"), ("bank_access", "yes")}
    if told:
        name = "utter_ack_hard"
    elif value == SKIPPED:
        name = "utter_ack_skip"
    elif value in (UNSURE, "sometimes"):
        name = "utter_ack_unsure"
    elif (slot, value) in good or (slot, value) == ("someone_to_call", "someone"):
        name = "utter_ack_good"
    elif label_for_answer(slot, value) or (slot == "feels_safe" and value in HARD_VALUES):
        name = "utter_ack_hard"
    else:
        name = "utter_ack_plain"
    dispatcher.utter_message(response=name, variant=count)


def is_request(message: Heard, slot: str, text: str) -> bool:
    """Whether the message asks for something instead of answering the open question."""
    if message.intent in STOPPING:
        return True  # before anything else: also where a number could be an answer
    if slot == "safe_to_talk" and interpret(slot, message, text) == TOLD:
        return message.intent != "skip_question"  # whatever is told, safety is settled first
    if message.intent in ANSWERING or message.intent.startswith(CHAT):
        unclear = message.intent == "nlu_fallback" and len(text.split()) < _EASY_MESSAGE_WORDS
        return unclear and interpret(slot, message, text) == TOLD and slot != "situation"
    if slot == "person_language" and named_language(text):
        return False
    if slot == "hours" and hours_value(text):
        return False
    return message.intent != "skip_question"


class ValidateForm(Action):
    """Reads the answer to the open question of one form; subclasses name the form."""

    form = ""

    def name(self) -> str:
        return f"validate_{self.form}"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        slot = tracker.get_slot("requested_slot")
        if (
            active_form(tracker) != self.form
            or slot not in QUESTIONS[self.form]
            or _came_back(tracker, self.form)
        ):
            return []
        message = heard(tracker)
        text = str(tracker.latest_message.get("text") or "") if message.was_typed else ""
        if tracker.get_slot("danger_open") and message.intent in ANSWERING:
            # What follows an answer to danger is about that, not about the open question.
            return [SlotSet("danger_open", None), *self._chosen(dispatcher, tracker, slot, message)]
        if message.intent == "answer":
            return self._chosen(dispatcher, tracker, slot, message)
        if is_request(message, slot, text):
            return [ActionExecutionRejected(self.form)]
        return self._typed(dispatcher, tracker, slot, message, text)

    def _chosen(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, slot: str, message: Heard
    ) -> list[EventType]:
        values = [value for name, value in message.entities if name == slot]
        if not values:
            return []
        return self._accept(dispatcher, tracker, slot, values[-1])

    def _typed(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        slot: str,
        message: Heard,
        text: str,
    ) -> list[EventType]:
        events: list[EventType] = []
        if message.intent == "report_child":
            events += answer_child(dispatcher, tracker)
        if len(message.labels) > 1 and tracker.get_slot("situation") is None:
            events.append(SlotSet("situation", TOLD))
        value = SKIPPED if message.intent == "skip_question" else interpret(slot, message, text)
        if slot in LIST_SLOTS:
            found = sorted(message.labels) if slot in ("noticed", "observed") else []
            first = found[0] if found else value
            acknowledge(dispatcher, slot, first, _count(tracker))
            return [*events, SlotSet(slot, found or [value])]
        if label := label_for_answer(slot, value):
            known = with_answer(set(tracker.get_slot("labels") or ()), slot, [value])
            events.append(SlotSet("labels", sorted(known | {label})))
        return [*events, *self._accept(dispatcher, tracker, slot, value)]

    def _accept(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, slot: str, value: str
    ) -> list[EventType]:
        """Store an answer; some answers change what comes next."""
        if (slot, value) in (("safe_to_talk", "no"), ("worker_ready", "no")):
            return [SlotSet(slot, "no"), SlotSet("requested_slot", None)]
        if (slot, value) == ("danger_now", "yes"):
            return [
                SlotSet(slot, "yes"),
                ActionExecutionRejected(self.form),
                FollowupAction("action_answer_danger"),
            ]
        if (slot, value) in (("child_involved", "yes"), ("person_age", "child")):
            return [SlotSet(slot, value), *answer_child(dispatcher, tracker)]
        if slot not in ("safe_to_talk", "worker_ready", "person_language"):
            told = bool(heard(tracker).labels)
            acknowledge(dispatcher, slot, value, _count(tracker), told=told)
        return [SlotSet(slot, value)] if slot not in LIST_SLOTS else []


def _count(tracker: Tracker) -> int:
    return sum(1 for value in tracker.slots.values() if value)


def _came_back(tracker: Tracker, form: str) -> bool:
    """Whether another action has answered the last message, and the form only asks again."""
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            return False
        if event.get("event") == "action" and event.get("name") not in (form, None):
            return True
    return True


class ValidateSelfForm(ValidateForm):
    """Help for me."""

    form = "self_form"


class ValidateOtherForm(ValidateForm):
    """Worried about someone."""

    form = "other_form"


class ValidateWorkerForm(ValidateForm):
    """I support people."""

    form = "worker_form"


class ValidateCardForm(ValidateForm):
    """The call card."""

    form = "card_form"
