"""What the last message said, and what it answers; kept as labels and choices, never as text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.ages import ADULT, settled_by_age
from bot.answers import counts_only_hours, kind_of, languages_of, own_age
from bot.nlu.labels import FLAGS, INTERRUPTS, LABELS, OBSERVED
from bot.text import count_words

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

ROUTE_ANSWERS: Final = {
    "self": LABEL_ANSWERS,
    "other": OTHER_ANSWERS,
    "worker": {**LABEL_ANSWERS, **WORKER_ANSWERS},
}

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

CLEAR_ANSWER: Final = 0.5
"""Share of the best intent from which words count as 'yes', 'no' or the like."""

GOOD: Final = "good"
INTENT_KINDS: Final = {
    "affirm": "yes",
    "deny": "no",
    "say_unsure": "unsure",
    "tell_all_well": GOOD,
}
"""Intent of a typed message -> kind of answer, where no listed words say it (bot/answers.py)."""

BARE_AGE_WORDS: Final = 5
"""In so few words an age is told and nothing else, whatever signs are heard in them."""

KEEPS_WAITING: Final = frozenset(
    {
        *("report_danger", "report_self_harm", "report_child", "ask_numbers", "ask_help"),
        *("ask_hide_traces", "talk_to_person", "say_cannot_call", "change_language"),
        *("pause_chat", "stop_chat", "delete_chat", "affirm", "deny", "repeat_message"),
        *("simplify_message", "ask_why"),
    }
)
"""Choices after which the chat still waits; any other one means that the person is back."""

SKIPPED: Final = "skipped"

LABEL_SLOTS: Final = ("noticed", "observed")
"""Slots whose values are labels."""


@dataclass(frozen=True)
class Heard:
    """The last message, as labels.

    `kind`: what it is as an answer; `said`: the same, where listed words say so themselves.
    """

    labels: frozenset[str]
    who: str
    intent: str
    kind: str | None
    said: str | None = None
    entities: tuple[tuple[str, Any], ...] = ()
    text: str = ""
    languages: tuple[str, ...] = ()
    was_typed: bool = True
    is_safe_phrase: bool = False


def heard(tracker: Tracker) -> Heard:
    """Read the last message's parse data."""
    message = tracker.latest_message
    found = message.get("heard") or {}
    labels = {label for kind in ("flags", "signs", "types") for label in found.get(kind, ())}
    intent = (message.get("intent") or {}).get("name") or ""
    was_typed = "heard" in message
    text = str(message.get("text") or "") if was_typed else ""
    typed_in = (message.get("language") or {}).get("code")
    languages = languages_of(tracker.get_slot("language"), typed_in)
    said = kind_of(text, languages)
    age = own_age(text, languages)
    is_bare_age = age is not None and count_words(text) <= BARE_AGE_WORDS
    if is_bare_age:
        labels &= set(FLAGS)  # a number is no sign, whatever the model hears
    if counts_only_hours(text, languages) and tracker.get_slot("requested_slot") == "hours":
        labels.discard("under_18")  # '16 hours a day' is no age
    if age is not None and age < ADULT and tracker.get_slot("route") == "self":
        labels.add("under_18")
    return Heard(
        labels=frozenset(labels),
        who=found.get("who", "none"),
        intent=intent,
        kind=(said or _kind_by_intent(message)) if was_typed else None,
        said=said,
        entities=tuple((e["entity"], e["value"]) for e in message.get("entities") or ()),
        text=text,
        languages=languages,
        was_typed=was_typed,
        is_safe_phrase=bool(message.get("safe_phrase")),
    )


def _kind_by_intent(message: dict[str, Any]) -> str | None:
    answer = message.get("answer_intent") or message.get("intent") or {}
    is_clear = float(answer.get("confidence") or 0) >= CLEAR_ANSWER
    return INTENT_KINDS.get(answer.get("name") or "") if is_clear else None


def entity(tracker: Tracker, name: str) -> str | None:
    """A choice's value in the last message."""
    return next(iter(entities(tracker, name)), None)


def entities(tracker: Tracker, name: str) -> list[str]:
    """All of a choice's values in the last message."""
    return [value for key, value in heard(tracker).entities if key == name]


def labels(tracker: Tracker) -> list[str]:
    """All labels known so far, in the fixed order: flags, signs, types."""
    known = set(tracker.get_slot("labels") or ())
    return [label for label in (*LABELS, OBSERVED) if label in known]


def already_told(tracker: Tracker, route: str) -> list[EventType]:
    """What the known labels answer of a route's questions, when somebody changes the door."""
    known = labels(tracker)
    events: list[EventType] = [
        SlotSet(slot, value)
        for label, (slot, value) in ROUTE_ANSWERS.get(route, {}).items()
        if label in known and tracker.get_slot(slot) is None
    ]
    if route == "other" and known and not tracker.get_slot("noticed"):
        events.append(SlotSet("noticed", known))
    if route == "worker" and "under_18" in known:
        events += settled_by_age(tracker, "child")
    return events


def understood(tracker: Tracker, kept: list[str]) -> list[str]:
    """The labels that a worker lets stand: the flags, and what is kept of the others."""
    known = labels(tracker)
    if not {"all", SKIPPED}.isdisjoint(kept):
        return known
    return [label for label in known if label in (*FLAGS, *kept)]


def label_for_answer(slot: str, value: str) -> str | None:
    """The label that an answer carries, if any."""
    if (slot, value) in ANSWER_LABELS:
        return ANSWER_LABELS[slot, value]
    return value if slot in LABEL_SLOTS and value in (*LABELS, OBSERVED) else None


def labels_that_answer(slot: str) -> dict[str, str]:
    """Label -> value of the question that it answers."""
    tables = (LABEL_ANSWERS, OTHER_ANSWERS, WORKER_ANSWERS)
    return {
        label: value
        for table in tables
        for label, (answered, value) in table.items()
        if answered == slot
    }


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
        events = _turn_over(tracker, message)
        if message.intent == INTERRUPTS["immediate_danger"]:
            told.add("immediate_danger")  # by the button
        after = before | told
        by_slot: dict[str, list[str]] = {}
        for slot, value in message.entities:
            by_slot.setdefault(slot, []).append(value)
        for slot, values in by_slot.items():
            after = with_answer(after, slot, values)
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
        if route == "worker" and "under_18" in told:
            events += settled_by_age(tracker, "child")
        return events


def _turn_over(tracker: Tracker, message: Heard) -> list[EventType]:
    """An offer lasts for one message; a choice that leads on ends the waiting."""
    events: list[EventType] = []
    offer, offered = tracker.get_slot("offer"), tracker.get_slot("offered")
    if offer or offered:
        events += [SlotSet("offered", offer), SlotSet("offer", None)]
    if (
        tracker.get_slot("waiting")
        and not message.was_typed
        and message.intent not in KEEPS_WAITING
    ):
        events.append(SlotSet("waiting", None))
    return events
