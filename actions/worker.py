"""The worker route: the questions in the person's language, and what the law asks of whom."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.flow import LISTEN, at_hub
from actions.heard import labels
from actions.help import explain_calling, fitting, show
from actions.needs import needs
from actions.words import choice, say
from bot.i18n import SOURCE_LANGUAGE, load_catalogues
from bot.wording import ASK_SEVEN, SEVEN


class ActionAskPersonLanguage(Action):
    """Which language does the person read?"""

    def name(self) -> str:
        return "action_ask_worker_form_person_language"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        buttons = [
            choice(f'/answer{{"person_language":"{each.code}"}}', each.name)
            for each in load_catalogues().languages.values()
        ]
        dispatcher.utter_message(response="utter_ask_worker_person_language", choices=buttons)
        return []


class ActionAskWorkerQuestion(Action):
    """One of the seven questions: the person's language, English beside it, and how to ask."""

    slot = ""

    def name(self) -> str:
        return f"action_ask_worker_form_{self.slot}" if self.slot else "action_ask_worker_question"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        question = ASK_SEVEN + self.slot
        theirs = load_catalogues().known(tracker.get_slot("person_language"))
        values: dict[str, Any] = {
            "english": say(question, SOURCE_LANGUAGE),
            "how": say(f"utter_how_{self.slot}"),
            "buttons_of": question,
        }
        if theirs == SOURCE_LANGUAGE:
            dispatcher.utter_message(response="utter_ask_worker_question_english", **values)
        else:
            values |= {"theirs": say(question, theirs), "beside": theirs}
            dispatcher.utter_message(response="utter_ask_worker_question", **values)
        return []


class ActionAskWorkerFeelsSafe(ActionAskWorkerQuestion):
    """Question 1."""

    slot = SEVEN[0]


class ActionAskWorkerMadeToDo(ActionAskWorkerQuestion):
    """Question 2."""

    slot = SEVEN[1]


class ActionAskWorkerHours(ActionAskWorkerQuestion):
    """Question 3."""

    slot = SEVEN[2]


class ActionAskWorkerIsPaid(ActionAskWorkerQuestion):
    """Question 4."""

    slot = SEVEN[3]


class ActionAskWorkerBankAccess(ActionAskWorkerQuestion):
    """Question 5."""

    slot = SEVEN[4]


class ActionAskWorkerSomeoneToCall(ActionAskWorkerQuestion):
    """Question 6."""

    slot = SEVEN[5]


class ActionAskWorkerSituation(ActionAskWorkerQuestion):
    """Question 7."""

    slot = SEVEN[6]


def law_responses(age: str | None, consent: str | None) -> list[str]:
    """What the law asks, as responses.

    Unsure of age counts as a child. A skipped consent counts as not given.
    Sources: seeds/000 sections 7.1 to 7.4; seeds/001 Appendix 1 (First Responder, NRM).
    """
    if age == "unsure":
        return ["utter_law_age_unsure", "utter_law_child"]
    if age == "child":
        return ["utter_law_child"]
    first = "utter_law_adult_yes" if consent == "yes" else "utter_law_adult_no"
    return [first, "utter_law_adult_at_risk"]


class ActionFinishWorkerForm(Action):
    """What now: danger first, the law, services, looking after yourself, the summary."""

    def name(self) -> str:
        return "action_finish_worker_form"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        if tracker.get_slot("worker_ready") == "no":
            dispatcher.utter_message(response="utter_worker_not_ready")
            return [SlotSet("worker_ready", None), *at_hub("action_start_worker"), LISTEN]
        ticked = tracker.get_slot("needs_now") or []
        if "danger" in ticked or "immediate_danger" in labels(tracker):
            dispatcher.utter_message(response="utter_law_danger")
        dispatcher.utter_message(response="utter_law_intro")
        for name in law_responses(tracker.get_slot("person_age"), tracker.get_slot("consent")):
            dispatcher.utter_message(response=name)
        explained = explain_calling(dispatcher, tracker)
        dispatcher.utter_message(response="utter_help_intro")
        show(dispatcher, fitting(tracker, needs(tracker)))
        dispatcher.utter_message(response="utter_worker_care")
        return [*explained, FollowupAction("action_show_menu")]
