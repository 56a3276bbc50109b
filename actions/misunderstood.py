"""What is said when words are not understood: kindly, and never the same twice running."""

from __future__ import annotations

from typing import Final

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

MISSED: Final = "missed"
"""Slot: how many messages running were not understood (actions/heard.py sets it back)."""
PATIENCE: Final = 2
"""From the second one on, people who understand better are named."""


def say_not_understood(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
    """Say that it is the program's fault, and what else can be done."""
    missed = int(tracker.get_slot(MISSED) or 0) + 1
    is_first = missed < PATIENCE
    dispatcher.utter_message(
        response="utter_not_understood" if is_first else "utter_not_understood_again",
        variant=missed,
    )
    return [SlotSet(MISSED, missed)]
