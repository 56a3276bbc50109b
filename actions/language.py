"""Which language to speak: what was chosen, then the channel's hint, then what is typed."""

from __future__ import annotations

from typing import Any, Final

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.flow import resume
from actions.heard import entity, heard
from actions.words import choice, say
from bot.i18n import SOURCE_LANGUAGE, load_catalogues
from bot.language import named_language
from bot.nlu.labels import FLAGS
from bot.text import has_words

SURE: Final = 0.9
"""Probability from which a typed language counts."""
MIN_WORDS: Final = 3
MIN_WORDS_URGENT: Final = 2
"""Fewer words never change or offer a language; in danger two are enough."""


def language_choices() -> list[dict[str, Any]]:
    """A button for every language, in its own name."""
    return [
        choice(f'/change_language{{"language":"{language.code}"}}', language.name)
        for language in load_catalogues().languages.values()
    ]


class ActionNoteLanguage(Action):
    """Runs on every message: follow the typed language when nothing was chosen, else offer it once.

    In danger the answer comes in the language of the words themselves. Its name is Rasa's:
    of the actions that run at every turn, only this one may also say something.
    """

    def name(self) -> str:
        return "action_validate_slot_mappings"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        message = heard(tracker)
        typed = tracker.latest_message.get("language") or {}
        code, current = typed.get("code"), tracker.get_slot("language") or SOURCE_LANGUAGE
        words = [w for w in (tracker.latest_message.get("text") or "").split() if has_words(w)]
        urgent = not message.labels.isdisjoint(FLAGS)
        enough = len(words) >= (MIN_WORDS_URGENT if urgent else MIN_WORDS)
        if not message.was_typed or code in (None, current) or not enough:
            return []
        catalogues = load_catalogues()
        if typed["confidence"] < SURE or code not in catalogues.languages:
            return []
        text = " ".join(words)
        if catalogues.familiar_words(current, text) >= max(
            1, catalogues.familiar_words(code, text)
        ):
            return []  # langdetect is sure of short messages, and often wrong
        if message.intent == "change_language":
            return []
        if urgent or not tracker.get_slot("language_was_chosen"):
            return [SlotSet("language", code)]
        offered = tracker.get_slot("languages_offered") or []
        if code in offered:
            return []
        dispatcher.utter_message(
            response="utter_offer_language",
            theirs=say("utter_shall_we", code),
            ours=say("utter_go_on_here", current),
            choices=[
                choice(f'/change_language{{"language":"{code}"}}', say("utter_change_yes", code))
            ],
        )
        return [SlotSet("languages_offered", [*offered, code])]


class ActionChangeLanguage(Action):
    """Change at once when the language is named, else show the list."""

    def name(self) -> str:
        return "action_change_language"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        wanted = entity(tracker, "language") or named_language(
            tracker.latest_message.get("text") or ""
        )
        if wanted not in load_catalogues().languages:
            dispatcher.utter_message(response="utter_choose_language", choices=language_choices())
            return [FollowupAction("action_listen")]
        dispatcher.utter_message(response="utter_language_changed", language=wanted)
        if load_catalogues().languages[wanted].is_draft:
            dispatcher.utter_message(response="utter_draft_language", language=wanted)
        return [
            SlotSet("language", wanted),
            SlotSet("language_was_chosen", True),
            *resume(tracker),
        ]
