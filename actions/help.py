"""Help that fits: needs from labels, services from the directory, local ones by place."""

from __future__ import annotations

from typing import Any, Final

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.flow import LISTEN, at_hub, go_on, leave_form
from actions.heard import entity, heard, labels
from actions.misunderstood import say_not_understood
from actions.words import choice, say
from bot.choices import NO_PLACE
from bot.directory import OUTSIDE, Service, load_directory
from bot.text import has_words

LABEL_NEEDS: Final = {
    "self_harm": "mental_health",
    "under_18": "child",
    "sexual_exploitation": "sexual",
    "domestic_servitude": "domestic_servitude",
    "forced_marriage": "marriage",
    "criminal_exploitation": "criminal",
    "organ_harvesting": "organ",
    "forced_labour": "labour",
    "unpaid": "labour",
    "excessive_hours": "labour",
    "debt": "labour",
    "no_bank_access": "labour",
    "documents_held": "labour",
    "deception": "labour",
    "cannot_leave": "labour",
    "fear_of_authorities": "immigration",
    "poor_conditions": "health",
    "violence": "health",
    "trauma": "mental_health",
}
"""Most urgent first; the order is the order in which help is shown."""

NEEDS: Final = frozenset(
    {
        *("danger", "child", "labour", "sexual", "domestic_servitude", "criminal", "marriage"),
        *("organ", "immigration", "legal", "housing", "money", "health", "mental_health"),
        *("report", "rights"),
    }
)
"""Needs that the directory knows; 'none' and skipped answers are not among them."""

NEED_INTENTS: Final = {"need_money": "money", "need_housing": "housing", "need_health": "health"}
HELPLINE: Final = "modern-slavery-helpline"


def audience(tracker: Tracker) -> str:
    """Who is helped: self, other or worker."""
    return tracker.get_slot("route") or "self"


def needs(tracker: Tracker) -> list[str]:
    """Needs that follow from labels, asked-for needs and ticked needs, most urgent first."""
    known = labels(tracker)
    chosen = [*(tracker.get_slot("needs") or ()), *(tracker.get_slot("needs_now") or ())]
    found = [LABEL_NEEDS[label] for label in LABEL_NEEDS if label in known]
    if tracker.get_slot("route") == "other":
        found.append("report")
    return [need for need in dict.fromkeys([*chosen, *found]) if need in NEEDS] or ["labour"]


def is_child(tracker: Tracker) -> bool:
    """Whether the person concerned is, or may be, under 18 (unsure counts as a child)."""
    return "under_18" in labels(tracker) or tracker.get_slot("person_age") == "unsure"


def fitting(tracker: Tracker, wanted: list[str], *, limit: int = 4) -> list[Service]:
    """Services for these needs here."""
    return load_directory().find(
        wanted,
        audience=audience(tracker),
        child=is_child(tracker),
        place=tracker.get_slot("place"),
        limit=limit,
    )


def show(dispatcher: CollectingDispatcher, services: list[Service]) -> None:
    """One message a service."""
    for service in services:
        dispatcher.utter_message(response="utter_service", service=service.id)


class ActionShowHelp(Action):
    """What happens if you call (once), then the people who can help, then the menu."""

    def name(self) -> str:
        return "action_show_help"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        if tracker.get_slot("route") == "other":
            dispatcher.utter_message(response="utter_advice_other")
        if not tracker.get_slot("calling_explained"):
            dispatcher.utter_message(response="utter_before_you_call")
        helpline = load_directory().service(HELPLINE)
        others = [service for service in fitting(tracker, needs(tracker)) if service != helpline]
        dispatcher.utter_message(response="utter_help_intro")
        show(dispatcher, [helpline, *others[:3]])
        return [
            *leave_form(),
            SlotSet("calling_explained", True),
            FollowupAction("action_show_menu"),
        ]


class ActionShowMenu(Action):
    """What would help now?"""

    def name(self) -> str:
        return "action_show_menu"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        menus = {"other": "utter_help_menu_other", "worker": "utter_worker_summary"}
        dispatcher.utter_message(response=menus.get(audience(tracker), "utter_help_menu"))
        return [*at_hub("action_show_menu"), LISTEN]


class ActionTakeNeed(Action):
    """No money, nowhere to sleep, hurt or ill: answer now, and remember the need."""

    def name(self) -> str:
        return "action_take_need"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        intent = heard(tracker).intent
        need = NEED_INTENTS[intent]
        dispatcher.utter_message(response=f"utter_{intent}")
        show(dispatcher, [s for s in fitting(tracker, [need], limit=3) if s.id != "nhs-111"])
        remembered = [*(tracker.get_slot("needs") or ()), need]
        return [SlotSet("needs", list(dict.fromkeys(remembered))), FollowupAction("action_resume")]


class ActionAskPlace(Action):
    """Which borough? A postcode is read and dropped."""

    def name(self) -> str:
        return "action_ask_place"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        if tracker.get_slot("place") and heard(tracker).intent == "ask_local_services":
            return [FollowupAction("action_find_place")]
        dispatcher.utter_message(
            response="utter_ask_place", choices=place_choices(list(load_directory().places))
        )
        return [*leave_form(), *at_hub("action_ask_place"), LISTEN]


def place_choices(ids: list[str]) -> list[dict[str, Any]]:
    """A button a place, and one for none."""
    places = load_directory().places
    buttons = [choice(f'/choose_place{{"place":"{each}"}}', places[each].name) for each in ids]
    return [*buttons, choice(f'/choose_place{{"place":"{NO_PLACE}"}}', say("utter_no_place"))]


class ActionFindPlace(Action):
    """Local services for a chosen or typed place; candidates when it is not clear."""

    def name(self) -> str:
        return "action_find_place"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        message = heard(tracker)
        chosen = entity(tracker, "place")
        if not chosen and not message.was_typed:
            chosen = tracker.get_slot("place")
        text = str(tracker.latest_message.get("text") or "") if message.was_typed else ""
        if not chosen and message.intent == "ask_local_services" and tracker.get_slot("place"):
            chosen = tracker.get_slot("place")
        if chosen == NO_PLACE:
            return [*leave_form(), *go_on(tracker)]
        found = [chosen] if chosen in load_directory().places else load_directory().candidates(text)
        if not found:
            dispatcher.utter_message(
                response="utter_place_not_found",
                choices=place_choices(list(load_directory().places)),
            )
            return [*leave_form(), *at_hub("action_ask_place"), LISTEN]
        if found == [OUTSIDE]:
            dispatcher.utter_message(response="utter_place_outside")
            show(dispatcher, fitting(tracker, needs(tracker), limit=3))
            return [*leave_form(), *go_on(tracker)]
        if len(found) > 1:
            dispatcher.utter_message(response="utter_choose_place", choices=place_choices(found))
            return [*leave_form(), *at_hub("action_ask_place"), LISTEN]
        show_local(dispatcher, tracker, found[0])
        return [*leave_form(), SlotSet("place", found[0]), *go_on(tracker)]


def show_local(dispatcher: CollectingDispatcher, tracker: Tracker, place: str) -> None:
    """The place's own contacts, or national services when it has none that was checked."""
    directory = load_directory()
    local = directory.find([], audience=audience(tracker), child=is_child(tracker), place=place)
    name = directory.places[place].name
    if local:
        dispatcher.utter_message(response="utter_local_intro", place=name)
        show(dispatcher, local)
    else:
        dispatcher.utter_message(response="utter_local_none", place=name)
        show(dispatcher, [directory.service(HELPLINE)])


class ActionFallback(Action):
    """Not understood: a typed place where one was asked for, else say so kindly."""

    def name(self) -> str:
        return "action_fallback"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        text = str(tracker.latest_message.get("text") or "")
        if tracker.get_slot("hub") == "action_ask_place":
            return [FollowupAction("action_find_place")]
        intent = heard(tracker).intent
        if not has_words(text):
            dispatcher.utter_message(response="utter_words_please")
            return [FollowupAction("action_resume")]
        if "under_18" in heard(tracker).labels:
            return [FollowupAction("action_answer_child")]
        if intent.startswith("chat_") or intent == "ask_other_topic":
            dispatcher.utter_message(response="utter_small_talk")
            return [FollowupAction("action_resume")]
        return [*say_not_understood(dispatcher, tracker), FollowupAction("action_resume")]
