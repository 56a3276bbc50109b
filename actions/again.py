"""'Say it again': what was said last, from the names of responses that the store keeps."""

from __future__ import annotations

import re
from typing import Any, Final

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.flow import LISTEN, resume
from bot.directory import load_directory
from bot.wording import load_wording

SAID: Final = "said"
"""Slot: names of the last turn's responses, in order (bot/engine/tracker_store.py)."""

_PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")
_QUESTION: Final = re.compile(r"utter_ask_(?:\w+_form|worker)_\w+")
_MENUS: Final = re.compile(r"utter_(?:doors|help_menu|learn$|waiting|say_back)\w*")


def _stands_alone(name: str) -> bool:
    """Whether nothing but the directory's numbers is filled in."""
    services = load_directory().services
    text = load_wording().responses[name][0]["text"]
    return all(key.replace("_", "-") in services for key in _PLACEHOLDER.findall(text))


def _comes_by_itself(name: str) -> bool:
    return bool(_QUESTION.fullmatch(name) or _MENUS.match(name)) or not _stands_alone(name)


class ActionRepeatMessage(Action):
    """All of the last turn, and the open question or menu where it ended in one."""

    def name(self) -> str:
        return "action_repeat_message"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        known = load_wording().responses
        said = [name for name in tracker.get_slot(SAID) or () if name in known]
        for name in said:
            if not _comes_by_itself(name):
                dispatcher.utter_message(response=name)
        if not said or _comes_by_itself(said[-1]):
            return resume(tracker)
        return [SlotSet("offer", tracker.get_slot("offered")), LISTEN]
