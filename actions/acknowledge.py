"""A short human word after an answer, and what was heard said back (promise 10)."""

from __future__ import annotations

from typing import Final

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.heard import label_for_answer, labels
from actions.words import label_items
from bot.nlu.labels import LABELS

COUNT: Final = "acks"
"""Slot: how many were said. The next one takes the next wording, so none comes twice running."""

BY_ANSWER: Final = {
    ("feels_safe", "yes"): "utter_ack_good",
    ("feels_safe", "no"): "utter_ack_hard",
    ("made_to_do", "no"): "utter_ack_good",
    ("is_paid", "yes"): "utter_ack_good",
    ("bank_access", "yes"): "utter_ack_good",
    ("someone_to_call", "someone"): "utter_ack_good",
}
BY_VALUE: Final = {"skipped": "utter_ack_skip", "unsure": "utter_ack_unsure"}
NOT_ACKNOWLEDGED: Final = frozenset({"safe_to_talk", "worker_ready", "person_language"})


def acknowledge(
    dispatcher: CollectingDispatcher, tracker: Tracker, slot: str, value: str, *, told: bool = False
) -> list[EventType]:
    """Say a word that fits the answer.

    Args:
        told: the words carried a sign, whatever they answered.
    """
    if slot in NOT_ACKNOWLEDGED:
        return []
    if told:
        name = "utter_ack_hard"
    elif value in BY_VALUE:
        name = BY_VALUE[value]
    elif label_for_answer(slot, value):
        name = "utter_ack_hard"
    else:
        name = BY_ANSWER.get((slot, value), "utter_ack_plain")
    if name == "utter_ack_good" and something_bad_was_told(tracker):
        name = "utter_ack_plain"
    return say_next(dispatcher, tracker, name)


def something_bad_was_told(tracker: Tracker) -> bool:
    """Nothing is 'good' after that."""
    return bool(labels(tracker)) or tracker.get_slot("feels_safe") in ("no", "sometimes")


def say_back(
    dispatcher: CollectingDispatcher, tracker: Tracker, told: frozenset[str]
) -> list[EventType]:
    """Name the signs that were heard, where they answer nothing that was asked."""
    known: list[str] = [label for label in LABELS if label in told]
    return say_next(dispatcher, tracker, "utter_heard", items=label_items(known))


def say_next(
    dispatcher: CollectingDispatcher, tracker: Tracker, name: str, **values: object
) -> list[EventType]:
    """Say a response in its next wording."""
    count = int(tracker.get_slot(COUNT) or 0)
    dispatcher.utter_message(response=name, variant=count, **values)
    return [SlotSet(COUNT, count + 1)]
