"""The call card: one screen to show or read out, built only from what the person ticks."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.flow import QUESTIONS, go_on, leave_form
from actions.heard import SKIPPED
from actions.readings import TOLD
from actions.words import choice, say
from bot.choices import NO_PLACE
from bot.directory import load_directory
from bot.i18n import SOURCE_LANGUAGE, load_catalogues
from bot.spoken import Spoken, load_spoken


class ActionMakeCard(Action):
    """Start a card, empty."""

    def name(self) -> str:
        return "action_make_card"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        dispatcher.utter_message(response="utter_start_card")
        emptied = [SlotSet(slot, None) for slot in QUESTIONS["card_form"]]
        return [*leave_form(), *emptied, FollowupAction("card_form")]


class ActionAskCardInterpreter(Action):
    """'Yes' means the language of this chat; any other can be named."""

    def name(self) -> str:
        return "action_ask_card_form_card_interpreter"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        buttons = [
            choice(f'/answer{{"card_interpreter":"{code}"}}', spoken.name)
            for code, spoken in load_spoken().items()
            if code != tracker.get_slot("language")
        ]
        dispatcher.utter_message(response="utter_ask_card_form_card_interpreter", choices=buttons)
        return []


class ActionAskCardPlace(Action):
    """Offer the known place first, then all others, and to leave it out."""

    def name(self) -> str:
        return "action_ask_card_form_card_place"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        places = load_directory().places
        known = tracker.get_slot("place")
        order = sorted(places, key=lambda each: (each != known, places[each].name))
        none = choice(f'/answer{{"card_place":"{NO_PLACE}"}}', say("utter_card_place_none"))
        buttons = [choice(f'/answer{{"card_place":"{x}"}}', places[x].name) for x in order]
        dispatcher.utter_message(
            response="utter_ask_card_form_card_place", choices=[none, *buttons]
        )
        return []


class ActionFinishCardForm(Action):
    """Show the card: each line in English, and in the person's language below it."""

    def name(self) -> str:
        return "action_finish_card_form"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        dispatcher.utter_message(response="utter_card", lines=card_lines(tracker))
        dispatcher.utter_message(response="utter_card_after")
        return go_on(tracker)


def card_lines(tracker: Tracker) -> list[dict[str, Any]]:
    """The card's lines: English first, then the same in the person's language."""
    language = load_catalogues().languages[load_catalogues().known(tracker.get_slot("language"))]
    named: list[tuple[str, dict[str, str]]] = []
    own: dict[str, str] = {}
    if spoken := asked_for(tracker.get_slot("card_interpreter"), language.code):
        named.append(("utter_card_interpreter", {"language": spoken.english_name}))
        own = {"language": spoken.name}
    elif tracker.get_slot("card_interpreter") == "yes":
        named.append(("utter_card_interpreter_only", {}))
    topics = tracker.get_slot("card_topics") or []
    place = tracker.get_slot("card_place")
    if place in load_directory().places:
        named.append(("utter_card_place", {"place": load_directory().places[place].name}))
    named += [(f"utter_card_topic_{topic}", {}) for topic in topics if topic not in (TOLD, SKIPPED)]
    named.append(("utter_card_questions", {}))
    lines = [say(name, SOURCE_LANGUAGE, **values) for name, values in named]
    if language.code != SOURCE_LANGUAGE:
        lines += [
            say(name, language.code, **{key: own.get(key, value) for key, value in values.items()})
            for name, values in named
        ]
    return lines


def asked_for(answer: str | None, language: str) -> Spoken | None:
    """The language an interpreter is wanted for; in an English chat, 'yes' names none."""
    code = language if answer == "yes" else answer
    return load_spoken().get((code or "").split("_")[0])  # Mandarin is spoken, zh_Hans is written
