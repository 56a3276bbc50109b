"""What the last message said, and what it answers; kept as labels and choices, never as text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.nlu.labels import FLAGS, INTERRUPTS, LABELS, OBSERVED

LABEL_ANSWERS: Final = {
    "immediate_danger": ("feels_safe", "no"),
    "violence": ("feels_safe", "no"),
    "threats": ("feels_safe", "no"),
    "coerced": ("made_to_do", "yes"),
    "excessive_hours": ("hours", "over_12"),
    "unpaid": ("is_paid", "no"),
    "no_bank_access": ("bank_access", "no"),
    "isolation": ("someone_to_call", "nobody"),
}
"""A recognised label answers this question, so it is not asked again (promise 10)."""

OTHER_ANSWERS: Final = {
    "immediate_danger": ("danger_now", "yes"),
    "under_18": ("child_involved", "yes"),
}
"""The same for the questions about somebody else."""

WORKER_ANSWERS: Final = {"under_18": ("person_age", "child")}

ANSWER_LABELS: Final = {
    ("made_to_do", "yes"): "coerced",
    ("hours", "over_12"): "excessive_hours",
    ("hours", "always"): "excessive_hours",
    ("is_paid", "no"): "unpaid",
    ("is_paid", "some"): "unpaid",
    ("bank_access", "no"): "no_bank_access",
    ("someone_to_call", "nobody"): "isolation",
    ("someone_to_call", "not_allowed"): "isolation",
    ("child_involved", "yes"): "under_18",
    ("person_age", "child"): "under_18",
    ("observed", "unfamiliar_address"): "unfamiliar",
}
"""A chosen answer that is itself a sign of strategy Appendix 4 (or the flag)."""

CLEAR_ANSWER: Final = 0.3
"""Share of the best intent from which words count as 'yes', 'no' or the like."""

LABEL_SLOTS: Final = ("noticed", "observed")
"""Slots whose values are labels."""


@dataclass(frozen=True)
class Heard:
    """The last message, as labels."""

    labels: frozenset[str]
    who: str
    intent: str
    confidence: float
    answer_intent: str
    entities: tuple[tuple[str, Any], ...]
    was_typed: bool


def heard(tracker: Tracker) -> Heard:
    """Read the last message's parse data."""
    message = tracker.latest_message
    found = message.get("heard") or {}
    labels = {label for kind in ("flags", "signs", "types") for label in found.get(kind, ())}
    intent = message.get("intent") or {}
    answer = message.get("answer_intent") or intent
    is_clear = float(answer.get("confidence") or 0) >= CLEAR_ANSWER
    return Heard(
        labels=frozenset(labels),
        who=found.get("who", "none"),
        intent=intent.get("name") or "",
        confidence=float(intent.get("confidence") or 0),
        answer_intent=(answer.get("name") or "") if is_clear else "",
        entities=tuple((e["entity"], e["value"]) for e in message.get("entities") or ()),
        was_typed="heard" in message,
    )


def entity(tracker: Tracker, name: str) -> str | None:
    """A choice's value in the last message."""
    return next((value for key, value in heard(tracker).entities if key == name), None)


def labels(tracker: Tracker) -> list[str]:
    """All labels known so far, in the fixed order: flags, signs, types."""
    known = set(tracker.get_slot("labels") or ())
    return [label for label in (*LABELS, OBSERVED) if label in known]


def label_for_answer(slot: str, value: str) -> str | None:
    """The label that an answer carries, if any."""
    if (slot, value) in ANSWER_LABELS:
        return ANSWER_LABELS[slot, value]
    return value if slot in LABEL_SLOTS and value in (*LABELS, OBSERVED) else None


def with_answer(known: set[str], slot: str, values: list[str]) -> set[str]:
    """Labels after this question has been answered, an earlier answer to it taken back."""
    of_slot = {label for (name, _), label in ANSWER_LABELS.items() if name == slot}
    given = {label for value in values if (label := label_for_answer(slot, value))}
    return (known - of_slot) | given


class ActionNoteLabels(Action):
    """Runs on every message: adds labels, and fills the questions they answer."""

    def name(self) -> str:
        return "action_note_labels"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        message = heard(tracker)
        before = set(tracker.get_slot("labels") or ())
        told = set(message.labels)
        if message.intent == INTERRUPTS["immediate_danger"]:
            told.add("immediate_danger")  # by the button
        after = before | told
        by_slot: dict[str, list[str]] = {}
        for slot, value in message.entities:
            by_slot.setdefault(slot, []).append(value)
        for slot, values in by_slot.items():
            after = with_answer(after, slot, values)
        events: list[EventType] = []
        if after != before:
            events.append(SlotSet("labels", sorted(after)))
        route = tracker.get_slot("route")
        if route == "self" and message.who == "other":
            told.intersection_update(FLAGS)  # 'he is outside' is about the writer, 'her pay' is not
        if route == "other" or (route is None and message.who == "other"):
            tables = (OTHER_ANSWERS, WORKER_ANSWERS)
        else:
            tables = (LABEL_ANSWERS, WORKER_ANSWERS)
        events += [
            SlotSet(*table[label])
            for table in tables
            for label in sorted(told)
            if label in table and tracker.get_slot(table[label][0]) is None
        ]
        return events
