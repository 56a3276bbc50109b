"""The forms' questions: an answer is stored, a human word follows, and the next one is asked.

What is not understood is no answer: the question stays open and is asked again, kindly.
Signs that are told beside it are said back. Requests in between (why, numbers, stop...)
leave the question open. What counts as an answer stands in actions/readings.py.
"""

from __future__ import annotations

from typing import Any, Final

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecutionRejected, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.acknowledge import acknowledge, say_back, say_next
from actions.ages import NOT_ASKED, settled_by_age
from actions.flow import QUESTIONS, active_form, is_waiting
from actions.heard import (
    SKIPPED,
    Heard,
    entities,
    heard,
    label_for_answer,
    labels,
    understood,
    with_answer,
)
from actions.hours import is_unclear_range
from actions.interrupts import answer_child
from actions.misunderstood import MISSED, say_not_understood
from actions.offers import answers_offer
from actions.readings import TOLD, interpret, is_request

LIST_SLOTS: Final = frozenset({"noticed", "understood", "observed", "needs_now", "card_topics"})
SIGN_SLOTS: Final = frozenset({"noticed", "observed"})


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
        if message.intent == "answer":
            return self._chosen(dispatcher, tracker, slot, message)
        if message.intent == "skip_question" and not is_waiting(tracker):
            return self._accept(dispatcher, tracker, slot, SKIPPED)
        if not message.was_typed or is_waiting(tracker) or is_request(message, slot):
            return [ActionExecutionRejected(self.form)]
        if answers_offer(tracker):
            return [
                ActionExecutionRejected(self.form),
                FollowupAction("action_take_answer"),
            ]
        return self._typed(dispatcher, tracker, slot, message)

    def _chosen(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, slot: str, message: Heard
    ) -> list[EventType]:
        values = [value for name, value in message.entities if name == slot]
        if not values:
            return []
        return self._accept(dispatcher, tracker, slot, values[-1])

    def _typed(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, slot: str, message: Heard
    ) -> list[EventType]:
        events: list[EventType] = []
        child_events: list[EventType] = []
        if "under_18" in message.labels:
            child_events = answer_child(dispatcher, tracker)
        if len(message.labels) > 1 and tracker.get_slot("situation") is None:
            events.append(SlotSet("situation", TOLD))
        signs = sorted(message.labels) if slot in SIGN_SLOTS else []
        value = signs[0] if signs else interpret(slot, message)
        if value is None:
            if not child_events:
                events += not_an_answer(dispatcher, tracker, slot, message)
            return [*events, *child_events, SlotSet(slot, None)]
        if label := label_for_answer(slot, value):
            known = with_answer(set(tracker.get_slot("labels") or ()), slot, signs or [value])
            events.append(SlotSet("labels", sorted(known | {label})))
        accepted = self._accept(dispatcher, tracker, slot, value, [*signs] or [value])
        return [*events, *child_events, *accepted]

    def _accept(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        slot: str,
        value: str,
        typed: list[str] | None = None,
    ) -> list[EventType]:
        """Store an answer; some answers change what comes next.

        Args:
            typed: all values of a typed answer; what a choice holds Rasa has stored already.
        """
        if (slot, value) in (("safe_to_talk", "no"), ("worker_ready", "no")):
            return [SlotSet(slot, "no"), SlotSet("requested_slot", None)]
        if (slot, value) == ("danger_now", "yes"):
            return [
                SlotSet(slot, "yes"),
                ActionExecutionRejected(self.form),
                FollowupAction("action_answer_danger"),
            ]
        stored: list[EventType] = [SlotSet("last_answered", slot), SlotSet(MISSED, None)]
        if slot in LIST_SLOTS:
            stored += [SlotSet(slot, typed or [value])] if typed or value == SKIPPED else []
        else:
            stored.append(SlotSet(slot, value))
        stored += self._settled(tracker, slot, value, typed)
        if (slot, value) in (("child_involved", "yes"), ("person_age", "child")):
            return [*stored, *answer_child(dispatcher, tracker)]
        message = heard(tracker)
        if value == TOLD and typed and not message.labels:
            return [*stored, *say_next(dispatcher, tracker, "utter_ack_told")]
        told = bool(message.labels)
        return [*stored, *acknowledge(dispatcher, tracker, slot, value, told=told)]

    def _settled(
        self, tracker: Tracker, slot: str, value: str, typed: list[str] | None
    ) -> list[EventType]:
        """What an answer settles beside itself; nothing, but for a worker's questions."""
        return []


def not_an_answer(
    dispatcher: CollectingDispatcher, tracker: Tracker, slot: str, message: Heard
) -> list[EventType]:
    """Words that don't answer what was asked: signs are said back, the rest is not understood."""
    if message.labels:
        return say_back(dispatcher, tracker, message.labels)
    if slot == "hours" and is_unclear_range(message.text, message.languages):
        return say_next(dispatcher, tracker, "utter_unclear_hours")
    return say_not_understood(dispatcher, tracker)


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

    def _settled(
        self, tracker: Tracker, slot: str, value: str, typed: list[str] | None
    ) -> list[EventType]:
        if slot == "person_age":
            return settled_by_age(tracker, value)
        if slot == "understood":
            kept = typed or entities(tracker, slot) or [value]
            return [SlotSet("labels", understood(tracker, kept))]
        if slot == "situation" and not labels(tracker):
            return [SlotSet("understood", [NOT_ASKED])]
        return []


class ValidateCardForm(ValidateForm):
    """The call card."""

    form = "card_form"
