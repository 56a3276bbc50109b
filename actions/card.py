"""The call card: one screen to show or read out, built only from what the person ticks."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.flow import QUESTIONS, go_on, leave_form
from actions.questions import SKIPPED, TOLD
from actions.words import choice, say
from bot.choices import NO_PLACE
from bot.directory import load_directory
from bot.i18n import SOURCE_LANGUAGE, load_catalogues


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
    if tracker.get_slot("card_interpreter") == "yes":
        named.append(("utter_card_interpreter", {"language": language.english_name}))
    topics = tracker.get_slot("card_topics") or []
    place = tracker.get_slot("card_place")
    if place in load_directory().places:
        named.append(("utter_card_place", {"place": load_directory().places[place].name}))
    named += [(f"utter_card_topic_{topic}", {}) for topic in topics if topic not in (TOLD, SKIPPED)]
    named.append(("utter_card_questions", {}))
    lines = [say(name, SOURCE_LANGUAGE, **values) for name, values in named]
    if language.code != SOURCE_LANGUAGE:
        own = {"language": language.name}
        lines += [
            say(name, language.code, **{key: own.get(key, value) for key, value in values.items()})
            for name, values in named
        ]
    return lines
