"""Help near me: which part of London, and who can help there. What was typed is not kept."""

from __future__ import annotations

from typing import Any, Final

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.flow import LISTEN, at_hub, go_on, leave_form
from actions.heard import Heard, entity, heard
from actions.help import explain_calling, fitting, show
from actions.needs import audience, is_child, needs
from actions.words import choice, say
from bot.choices import ALL_PLACES, NO_PLACE
from bot.directory import LAST_RESORT, load_directory
from bot.places import OUTSIDE, WHOLE

PLACE_UNKNOWN: Final = frozenset({"deny", "say_unsure", "skip_question"})
"""Answers to 'which part of London?' from people who can't or won't say."""

PLACE_UNSAID: Final = frozenset({"no", "unsure"})
"""Kinds of short answers that say the same, whatever intent they were taken for."""

MAY_NAME_A_PLACE: Final = frozenset({"ask_local_services", "inform_contact", "answer"})
"""What a typed place is sometimes taken for; other intents ask for something else."""


class ActionAskPlace(Action):
    """Which borough? A postcode is read and dropped."""

    def name(self) -> str:
        return "action_ask_place"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        message = heard(tracker)
        if tracker.get_slot("place") and message.intent == "ask_local_services":
            return [FollowupAction("action_find_place")]
        if _answers(tracker, message):
            if message.intent in PLACE_UNKNOWN or message.said in PLACE_UNSAID:
                return _unsaid(dispatcher, tracker)
            if message.intent in MAY_NAME_A_PLACE:
                return [FollowupAction("action_find_place")]
        return _ask(dispatcher, "utter_ask_place")


class ActionFindPlace(Action):
    """Local services for a chosen or typed place; candidates when it is not clear."""

    def name(self) -> str:
        return "action_find_place"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        chosen, found = _named(tracker)
        if chosen == NO_PLACE:
            return [*leave_form(), *go_on(tracker)]
        if chosen == ALL_PLACES:
            return _ask(dispatcher, "utter_ask_place")
        if found == [OUTSIDE]:
            dispatcher.utter_message(response="utter_place_outside")
            return _without_place(dispatcher, tracker)
        if not found and heard(tracker).said in PLACE_UNSAID:
            return _unsaid(dispatcher, tracker)
        if found == [WHOLE]:
            return _ask(dispatcher, "utter_place_whole")
        if not found:
            return _offer_nearest(dispatcher, tracker)
        if len(found) > 1:
            return _ask(dispatcher, "utter_choose_place", found)
        explained = show_local(dispatcher, tracker, found[0])
        return [*leave_form(), *explained, SlotSet("place", found[0]), *go_on(tracker)]


def show_local(dispatcher: CollectingDispatcher, tracker: Tracker, place: str) -> list[EventType]:
    """The place's own contacts, if any was checked; the national ones always beside them."""
    directory = load_directory()
    child = is_child(tracker)
    local = directory.local(place, audience=audience(tracker), child=child)
    name = directory.places[place].name
    explained = explain_calling(dispatcher, tracker)
    if local:
        dispatcher.utter_message(response="utter_local_intro", place=name)
        show(dispatcher, local)
        dispatcher.utter_message(response="utter_local_beside")
        show(dispatcher, [directory.service(LAST_RESORT)])
    else:
        missing = "utter_local_none_child" if child else "utter_local_none"
        dispatcher.utter_message(response=missing, place=name)
        show(dispatcher, fitting(tracker, needs(tracker), limit=3))
    return explained


def place_choices(ids: list[str]) -> list[dict[str, Any]]:
    """A button a place, and one for none."""
    places = load_directory().places
    buttons = [choice(f'/choose_place{{"place":"{each}"}}', places[each].name) for each in ids]
    return [*buttons, choice(f'/choose_place{{"place":"{NO_PLACE}"}}', say("utter_no_place"))]


def _unsaid(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
    """They can't or won't say where they are: what helps everywhere."""
    dispatcher.utter_message(response="utter_place_unsure")
    return _without_place(dispatcher, tracker)


def _answers(tracker: Tracker, message: Heard) -> bool:
    """Whether the last message answers 'which part of London?', and nothing else did yet."""
    after = [event for event in tracker.events if event.get("event") in ("user", "bot")]
    is_last = not after or after[-1].get("event") == "user"
    return tracker.get_slot("hub") == "action_ask_place" and message.was_typed and is_last


def _named(tracker: Tracker) -> tuple[str | None, list[str]]:
    """The chosen place, and the place ids that were chosen or may be meant."""
    message = heard(tracker)
    chosen = entity(tracker, "place")
    known = tracker.get_slot("place")
    if not chosen and message.was_typed:
        text = str(tracker.latest_message.get("text") or "")
        found = load_directory().candidates(text)
        if found or message.intent != "ask_local_services" or not known:
            return None, found
    chosen = chosen or known
    return chosen, [chosen] if chosen in load_directory().places else []


def _ask(
    dispatcher: CollectingDispatcher, response: str, ids: list[str] | None = None
) -> list[EventType]:
    offered = place_choices(ids or list(load_directory().places))
    dispatcher.utter_message(response=response, choices=offered)
    return [*leave_form(), *at_hub("action_ask_place"), LISTEN]


def _offer_nearest(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
    """Three names that look most like what was typed, and the way to all of them."""
    nearest = load_directory().place_names.nearest(heard(tracker).text)
    if not nearest:
        return _ask(dispatcher, "utter_place_whole")
    everything = choice(f'/choose_place{{"place":"{ALL_PLACES}"}}', say("utter_all_places"))
    *places, none = place_choices(nearest)
    offered = [*places, everything, none]
    dispatcher.utter_message(response="utter_place_not_found", choices=offered)
    return [*leave_form(), *at_hub("action_ask_place"), LISTEN]


def _without_place(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
    """People who help everywhere."""
    explained = explain_calling(dispatcher, tracker)
    dispatcher.utter_message(response="utter_help_everywhere")
    show(dispatcher, fitting(tracker, needs(tracker), limit=3))
    return [*leave_form(), *explained, *go_on(tracker)]
