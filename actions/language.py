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
from bot.language import language_named_elsewhere, named_language
from bot.nlu.labels import FLAGS
from bot.text import count_words, has_words
from bot.wording import load_wording

SURE: Final = 0.95
"""Share from which a typed language counts."""
MIN_WORDS: Final = 3
MIN_WORDS_URGENT: Final = 2
"""Fewer words never change or offer a language; in danger two are enough."""


def language_choices(tracker: Tracker) -> list[dict[str, Any]]:
    """A button for every language, in its own name; those of the borough first."""
    return [
        choice(f'/change_language{{"language":"{language.code}"}}', language.name)
        for language in load_wording().languages(tracker.get_slot("place"))
    ]


class ActionNoteLanguage(Action):
    """Runs on every message: follow the typed language when nothing was chosen, else offer it
    once, and follow it when it is typed again. A language that is not here is said to be, once.

    In danger the answer comes in the language of the words themselves. Its name is Rasa's:
    of the actions that run at every turn, only this one may also say something.
    """

    def name(self) -> str:
        return "action_validate_slot_mappings"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        message = heard(tracker)
        if not message.was_typed or message.intent == "change_language":
            return []
        current = tracker.get_slot("language") or SOURCE_LANGUAGE
        urgent = not message.labels.isdisjoint(FLAGS)
        typed = tracker.latest_message.get("language") or {}
        translations = tracker.get_slot("translations")
        if translations and (events := translate_into(translations, _elsewhere(tracker))):
            return events
        if typed.get("is_elsewhere") and not urgent and not tracker.get_slot("told_not_here"):
            return _say_not_here(dispatcher, tracker)
        code = _typed_language(tracker, current, MIN_WORDS_URGENT if urgent else MIN_WORDS)
        if code is None or _is_beside_a_worker(tracker, code) or _was_offered_now(tracker):
            return []
        if tracker.latest_message["language"]["is_romanised"]:
            return _offer(dispatcher, tracker, code, current)  # may not read its own script
        was_offered = code in (tracker.get_slot("languages_offered") or ())
        if urgent or was_offered or not tracker.get_slot("language_was_chosen"):
            return [SlotSet("language", code), *end_translation(tracker)]
        return _offer(dispatcher, tracker, code, current)


def translate_into(translations: list[str] | None, code: str | None) -> list[EventType]:
    """Answer in English and in a language without a catalogue, where the operator has a machine
    that translates into it; nothing changes where there is none.

    Args:
        translations: codes that the machine has (slot `translations`).
    """
    if code is None or code not in (translations or ()):
        return []
    return [SlotSet("language", SOURCE_LANGUAGE), SlotSet("translated_into", code)]


def _elsewhere(tracker: Tracker) -> str | None:
    """A language without a catalogue in which the words are, or that a few words name."""
    typed, text = tracker.latest_message.get("language") or {}, str(tracker.latest_message["text"])
    if typed.get("is_elsewhere"):
        return str(typed["elsewhere"]) if typed.get("elsewhere") else None
    return language_named_elsewhere(text) if count_words(text) <= MIN_WORDS else None


def end_translation(tracker: Tracker) -> list[EventType]:
    """Nothing is put into another language any more."""
    return [SlotSet("translated_into", None)] if tracker.get_slot("translated_into") else []


def _was_offered_now(tracker: Tracker) -> bool:
    """Whether a language was offered for these very words: Rasa runs the action again where a form
    begins in mid-turn.
    """
    for event in reversed(tracker.events):
        if event["event"] == "slot" and event["name"] == "languages_offered":
            return True
        if event["event"] == "user":
            return False
    return False


def _is_beside_a_worker(tracker: Tracker, code: str) -> bool:
    """Whether the person may have the worker's phone: they write, the worker reads the answer."""
    return tracker.get_slot("route") == "worker" and tracker.get_slot("person_language") == code


def _typed_language(tracker: Tracker, current: str, min_words: int) -> str | None:
    """Another language with a catalogue, if the words clearly are in it."""
    typed = tracker.latest_message.get("language") or {}
    code, text = typed.get("code"), str(tracker.latest_message.get("text") or "")
    words = count_words(" ".join(word for word in text.split() if has_words(word)))
    is_another = code not in (None, current) and code in load_catalogues().languages
    if typed.get("is_elsewhere"):
        return None  # of ours, the nearest is still the wrong one
    return code if is_another and typed["confidence"] >= SURE and words >= min_words else None


def _say_not_here(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
    dispatcher.utter_message(response="utter_language_not_here", choices=language_choices(tracker))
    return [SlotSet("told_not_here", True)]


def _offer(
    dispatcher: CollectingDispatcher, tracker: Tracker, code: str, current: str
) -> list[EventType]:
    """Offer a language once, in its own words."""
    offered = tracker.get_slot("languages_offered") or []
    if code in offered:
        return []
    dispatcher.utter_message(
        response="utter_offer_language",
        theirs=say("utter_shall_we", code),
        ours=say("utter_go_on_here", current),
        choices=[choice(f'/change_language{{"language":"{code}"}}', say("utter_change_yes", code))],
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
            elsewhere = language_named_elsewhere(str(tracker.latest_message.get("text") or ""))
            if events := translate_into(tracker.get_slot("translations"), elsewhere):
                return [*events, *resume(tracker)]
            if elsewhere:
                return [*_say_not_here(dispatcher, tracker), FollowupAction("action_listen")]
            dispatcher.utter_message(
                response="utter_choose_language", choices=language_choices(tracker)
            )
            return [FollowupAction("action_listen")]
        dispatcher.utter_message(response="utter_language_changed", language=wanted)
        if load_catalogues().languages[wanted].is_draft:
            dispatcher.utter_message(response="utter_draft_language", language=wanted)
        return [
            SlotSet("language", wanted),
            SlotSet("language_was_chosen", True),
            *end_translation(tracker),
            *resume(tracker),
        ]
