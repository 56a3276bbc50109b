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
from bot.choices import NONE_RIGHT
from bot.i18n import SOURCE_LANGUAGE, load_catalogues
from bot.nlu.labels import FLAGS
from bot.what_now import (
    ADULT,
    AUTHORITY,
    CHARITY,
    CHILD,
    DANGER,
    NHS,
    NO,
    OTHER,
    UNSURE,
    YES,
    Case,
    next_steps,
)
from bot.wording import ASK_SEVEN, SEVEN, load_wording


class ActionAskPersonLanguage(Action):
    """Which language does the person read?"""

    def name(self) -> str:
        return "action_ask_worker_form_person_language"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        buttons = [
            choice(f'/answer{{"person_language":"{each.code}"}}', each.name)
            for each in load_wording().languages(tracker.get_slot("place"))
        ]
        dispatcher.utter_message(response="utter_ask_worker_person_language", choices=buttons)
        return []


class ActionAskWorkerQuestion(Action):
    """A question to the person: their language, English beside it, how to ask, what to hear.

    Sources of what to listen for: seeds/001 sections 2.1 and 2.4, Appendix 4.
    """

    slot = ""
    asked = ""
    """The response that asks the person; the self route's own, unless given."""

    def name(self) -> str:
        return f"action_ask_worker_form_{self.slot}" if self.slot else "action_ask_worker_question"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        question = self.asked or ASK_SEVEN + self.slot
        theirs = load_catalogues().known(tracker.get_slot("person_language"))
        values: dict[str, Any] = {
            "english": say(question, SOURCE_LANGUAGE),
            "how": say(f"utter_how_{self.slot}"),
            "listen": say(f"utter_listen_{self.slot}"),
            "buttons_of": question,
            "beside": theirs,
            "record": self.slot,
        }
        if theirs == SOURCE_LANGUAGE:
            dispatcher.utter_message(response="utter_ask_worker_question_english", **values)
        else:
            values["theirs"] = say(question, theirs)
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


class ActionAskWorkerConsent(ActionAskWorkerQuestion):
    """What a referral is, in the person's own language, and whether they want one."""

    slot = "consent"
    asked = "utter_ask_person_consent"


class ActionAskWorkerUnderstood(Action):
    """What was heard so far, every item ticked: the worker takes away what is wrong."""

    def name(self) -> str:
        return "action_ask_worker_form_understood"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        heard_so_far = [label for label in labels(tracker) if label not in FLAGS]
        items = [
            choice(f'/answer{{"understood":"{label}"}}', say(f"utter_label_{label}"))
            for label in heard_so_far
        ]
        none = choice(f'/answer{{"understood":"{NONE_RIGHT}"}}', say("utter_none_is_right"))
        dispatcher.utter_message(
            response="utter_ask_worker_understood",
            choices=[*items, none, choice("/skip_question", say("utter_skip"))],
            ticked=[item["payload"] for item in items],
        )
        return []


def case_of(tracker: Tracker) -> Case:
    """The case as far as it was told."""

    def told(slot: str, *known: str, otherwise: str) -> str:
        value = tracker.get_slot(slot)
        return value if value in known else otherwise

    ticked = set(tracker.get_slot("needs_now") or ()) - {"none", "skipped", "danger"}
    in_danger = "danger" in (tracker.get_slot("needs_now") or ()) or (
        "immediate_danger" in labels(tracker)
    )
    return Case(
        danger=YES if in_danger else NO,
        needs=YES if ticked else NO,
        age=told("person_age", ADULT, CHILD, otherwise=UNSURE),
        care=told("care_needs", YES, NO, otherwise=UNSURE),
        consent=told("consent", YES, NO, otherwise=UNSURE),
        role=told("worker_role", AUTHORITY, CHARITY, NHS, otherwise=OTHER),
    )


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
        steps = next_steps(case_of(tracker))
        urgent = [name for name in steps if name == DANGER]
        for name in (*urgent, "utter_law_intro", *(step for step in steps if step != DANGER)):
            dispatcher.utter_message(response=name)
        explained = explain_calling(dispatcher, tracker)
        dispatcher.utter_message(response="utter_help_intro")
        show(dispatcher, fitting(tracker, needs(tracker)))
        dispatcher.utter_message(response="utter_worker_care")
        return [*explained, FollowupAction("action_show_menu")]
