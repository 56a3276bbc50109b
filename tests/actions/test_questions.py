"""actions/questions.py: what an answer leaves, and what is asked next."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from rasa_sdk.events import ActionExecutionRejected, FollowupAction, SlotSet

from actions.acknowledge import BY_ANSWER, BY_VALUE
from actions.ages import ADULTS_ONLY, NOT_ASKED
from actions.flow import QUESTIONS
from actions.questions import ValidateOtherForm, ValidateSelfForm, ValidateWorkerForm
from actions.readings import SKIPPED, TOLD
from bot.settings import PROJECT

DOMAIN = yaml.safe_load((PROJECT / "domain.yml").read_text(encoding="utf-8"))
SELF = {"form": "self_form", "route": "self"}


def answered(slot: str) -> list[Any]:
    """What every answer leaves behind."""
    return [SlotSet("last_answered", slot), SlotSet("missed", None)]


def test_questions_are_those_of_the_domain() -> None:
    forms = {name: tuple(form["required_slots"]) for name, form in DOMAIN["forms"].items()}

    assert forms == QUESTIONS


@pytest.mark.parametrize(
    "slots",
    [
        {"form": None, "requested_slot": "feels_safe"},
        {"form": "other_form", "requested_slot": "feels_safe"},
        {"form": "self_form", "requested_slot": None},
        {"form": "self_form", "requested_slot": "noticed"},
    ],
    ids=["no form", "another form", "nothing asked", "another form's question"],
)
def test_nothing_is_read_when_this_form_asked_nothing(ran: Any, slots: dict[str, Any]) -> None:
    assert ran(ValidateSelfForm(), "affirm", text="yes", **slots) == ([], [])


def test_an_answer_already_taken_is_not_read_twice(ran: Any) -> None:
    events = ({"event": "action", "name": "action_answer_danger"},)

    assert ran(
        ValidateSelfForm(), "affirm", text="yes", requested_slot="feels_safe", events=events, **SELF
    ) == ([], [])


@pytest.mark.parametrize(
    "intent", ["ask_why", "ask_numbers", "stop_chat", "change_language", "pause_chat"]
)
def test_a_request_leaves_the_question_open(ran: Any, intent: str) -> None:
    events, messages = ran(
        ValidateSelfForm(),
        intent,
        text="a request of some words",
        requested_slot="feels_safe",
        **SELF,
    )

    assert events == [ActionExecutionRejected("self_form")]
    assert messages == []


@pytest.mark.parametrize("text", ["asdf", "the cat sat under a blue table"])
def test_what_is_not_understood_leaves_the_question_open(ran: Any, text: str) -> None:
    events, messages = ran(
        ValidateSelfForm(), "nlu_fallback", text=text, requested_slot="is_paid", **SELF
    )

    assert events == [SlotSet("missed", 1), SlotSet("is_paid", None)]
    assert [m["response"] for m in messages] == ["utter_not_understood"]


def test_the_second_time_people_are_named(said: Any) -> None:
    assert said(
        ValidateSelfForm(), "nlu_fallback", text="asdf", requested_slot="hours", missed=1, **SELF
    ) == ["utter_not_understood_again"]


def test_a_sign_that_answers_something_else_is_said_back(ran: Any) -> None:
    events, messages = ran(
        ValidateSelfForm(),
        "tell_situation",
        text="she keeps my papers",
        signs=("documents_held",),
        requested_slot="hours",
        **SELF,
    )

    assert events == [SlotSet("acks", 1), SlotSet("hours", None)]
    assert messages[0]["response"] == "utter_heard"
    assert messages[0]["items"] == [{"say": "utter_label_documents_held"}]


def test_hours_that_may_mean_two_things_are_asked_about(said: Any) -> None:
    assert said(
        ValidateSelfForm(), "inform_hours", text="from 6 to 10", requested_slot="hours", **SELF
    ) == ["utter_unclear_hours"]


def test_everyday_talk_is_no_answer(ran: Any) -> None:
    events, _ = ran(
        ValidateSelfForm(),
        "chat_weather",
        text="it rains so much here",
        requested_slot="feels_safe",
        **SELF,
    )

    assert events == [ActionExecutionRejected("self_form")]


def test_an_open_answer_without_a_sign_says_that_it_may_be_misunderstood(said: Any) -> None:
    assert said(
        ValidateSelfForm(),
        "nlu_fallback",
        text="it is all so strange",
        requested_slot="situation",
        **SELF,
    ) == ["utter_ack_told"]


def test_listed_words_outweigh_the_classifier(ran: Any) -> None:
    """'only a bit' sounds like a pause; a safe phrase is never outweighed."""
    asked = {"text": "only a bit", "requested_slot": "is_paid", **SELF}
    events, _ = ran(ValidateSelfForm(), "pause_chat", **asked)
    obeyed, _ = ran(ValidateSelfForm(), "pause_chat", safe_phrase=True, **asked)

    assert SlotSet("is_paid", "some") in events
    assert obeyed == [ActionExecutionRejected("self_form")]


def test_a_child_who_says_how_old_they_are(ran: Any) -> None:
    events, messages = ran(
        ValidateSelfForm(), "inform_hours", text="I'm 15", requested_slot="feels_safe", **SELF
    )

    assert [m["response"] for m in messages] == ["utter_child_self", "utter_child_honest"]
    assert events == [SlotSet("child_explained", True), SlotSet("feels_safe", None)]


@pytest.mark.parametrize("intent", ["affirm", "deny", "report_child"])
def test_a_button_of_another_question_answers_nothing(ran: Any, intent: str) -> None:
    events, _ = ran(ValidateSelfForm(), intent, requested_slot="feels_safe", **SELF)

    assert events == [ActionExecutionRejected("self_form")]


def test_a_yes_to_an_offer_does_not_answer_the_question(ran: Any) -> None:
    events, _ = ran(
        ValidateSelfForm(),
        "affirm",
        text="yes",
        requested_slot="feels_safe",
        offered="delete",
        **SELF,
    )

    assert events == [
        ActionExecutionRejected("self_form"),
        FollowupAction("action_take_answer"),
    ]


@pytest.mark.parametrize(
    ("slot", "value", "response"),
    [
        ("feels_safe", "yes", "utter_ack_good"),
        ("feels_safe", "sometimes", "utter_ack_plain"),
        ("feels_safe", "no", "utter_ack_hard"),
        ("made_to_do", "yes", "utter_ack_hard"),
        ("hours", "over_12", "utter_ack_hard"),
        ("hours", "up_to_8", "utter_ack_plain"),
        ("is_paid", "some", "utter_ack_hard"),
        ("bank_access", "none", "utter_ack_plain"),
        ("someone_to_call", "someone", "utter_ack_good"),
        ("someone_to_call", "not_allowed", "utter_ack_hard"),
    ],
)
def test_a_chosen_answer_is_stored_and_acknowledged(
    ran: Any, slot: str, value: str, response: str
) -> None:
    events, messages = ran(
        ValidateSelfForm(), "answer", entities=((slot, value),), requested_slot=slot, **SELF
    )

    assert events == [*answered(slot), SlotSet(slot, value), SlotSet("acks", 1)]
    assert [m["response"] for m in messages] == [response]


@pytest.mark.parametrize("told", [{"labels": ["debt"]}, {"feels_safe": "no"}])
def test_nothing_is_good_after_something_bad(said: Any, told: dict[str, Any]) -> None:
    assert said(
        ValidateSelfForm(),
        "answer",
        entities=(("made_to_do", "no"),),
        requested_slot="made_to_do",
        **told,
        **SELF,
    ) == ["utter_ack_plain"]


def test_no_wording_comes_twice_running() -> None:
    """Each acknowledgement takes the next wording, so each needs two."""
    used = {*BY_ANSWER.values(), *BY_VALUE.values()}
    used |= {"utter_ack_hard", "utter_ack_plain", "utter_heard"}

    assert [name for name in sorted(used) if len(DOMAIN["responses"][name]) < 2] == []


def test_skipping(ran: Any) -> None:
    events, messages = ran(
        ValidateSelfForm(), "skip_question", text="skip this one", requested_slot="hours", **SELF
    )

    assert events == [*answered("hours"), SlotSet("hours", SKIPPED), SlotSet("acks", 1)]
    assert [m["response"] for m in messages] == ["utter_ack_skip"]


def test_a_typed_answer_that_is_a_sign_becomes_a_label(ran: Any) -> None:
    events, _ = ran(
        ValidateSelfForm(),
        "inform_hours",
        text="16 hours",
        requested_slot="hours",
        signs=(),
        **SELF,
    )

    assert events[0] == SlotSet("labels", ["excessive_hours"])
    assert SlotSet("hours", "over_12") in events


def test_several_signs_at_once_tell_the_situation(ran: Any) -> None:
    events, _ = ran(
        ValidateSelfForm(),
        "tell_situation",
        text="he hits me and keeps my pay",
        signs=("violence", "unpaid"),
        requested_slot="feels_safe",
        **SELF,
    )

    assert events[0] == SlotSet("situation", TOLD)
    assert SlotSet("feels_safe", "no") in events


@pytest.mark.parametrize(
    ("form", "slot", "action"),
    [
        ("self_form", "safe_to_talk", ValidateSelfForm()),
        ("worker_form", "worker_ready", ValidateWorkerForm()),
    ],
)
def test_not_now_asks_nothing_more(ran: Any, form: str, slot: str, action: Any) -> None:
    events, messages = ran(
        action, "answer", entities=((slot, "no"),), requested_slot=slot, form=form
    )

    assert events == [SlotSet(slot, "no"), SlotSet("requested_slot", None)]
    assert messages == []


def test_danger_typed_on_the_other_route_is_answered_at_once(ran: Any) -> None:
    events, _ = ran(
        ValidateOtherForm(),
        "affirm",
        text="yes",
        requested_slot="danger_now",
        form="other_form",
        route="other",
    )

    assert events == [
        SlotSet("danger_now", "yes"),
        ActionExecutionRejected("other_form"),
        FollowupAction("action_answer_danger"),
    ]


ADULT_QUESTIONS = [SlotSet(slot, NOT_ASKED) for slot in ADULTS_ONLY]


@pytest.mark.parametrize(
    ("action", "form", "slot", "value", "route", "settled"),
    [
        (ValidateOtherForm(), "other_form", "child_involved", "yes", "other", []),
        (ValidateWorkerForm(), "worker_form", "person_age", "child", "worker", ADULT_QUESTIONS),
    ],
)
def test_a_child_is_answered_at_once(
    ran: Any, action: Any, form: str, slot: str, value: str, route: str, settled: list[Any]
) -> None:
    events, messages = ran(
        action, "answer", entities=((slot, value),), requested_slot=slot, form=form, route=route
    )

    told = [*answered(slot), SlotSet(slot, value)]
    assert events == [*told, *settled, SlotSet("child_explained", True)]
    assert [m["response"] for m in messages] == ["utter_child_other", "utter_child_honest"]


WORKER = {"form": "worker_form", "route": "worker", "requested_slot": "understood"}


def kept(events: list[Any]) -> list[str] | None:
    return next((each["value"] for each in events if each.get("name") == "labels"), None)


@pytest.mark.parametrize(
    ("chosen", "left"),
    [
        (("unpaid",), ["under_18", "unpaid"]),
        (("unpaid", "debt"), ["under_18", "debt", "unpaid"]),
        (("none",), ["under_18"]),
        (("violence",), ["under_18"]),  # never heard: a tick adds nothing
    ],
)
def test_a_worker_takes_away_what_was_misheard(
    ran: Any, chosen: tuple[str, ...], left: list[str]
) -> None:
    events, _ = ran(
        ValidateWorkerForm(),
        "answer",
        entities=tuple(("understood", each) for each in chosen),
        labels=["under_18", "unpaid", "debt"],
        **WORKER,
    )

    assert kept(events) == left


@pytest.mark.parametrize(("intent", "left"), [("affirm", 3), ("deny", 1)])
def test_a_worker_may_type_whether_it_is_right(ran: Any, intent: str, left: int) -> None:
    known = ["under_18", "unpaid", "debt"]
    events, _ = ran(ValidateWorkerForm(), intent, text="x y z", labels=known, **WORKER)

    assert len(kept(events) or ()) == left


def test_what_was_understood_is_not_asked_where_nothing_was(ran: Any) -> None:
    answer = {"entities": (("situation", "told"),), "form": "worker_form", "route": "worker"}
    events, _ = ran(ValidateWorkerForm(), "answer", requested_slot="situation", **answer)
    assert SlotSet("understood", ["not_asked"]) in events

    events, _ = ran(
        ValidateWorkerForm(), "answer", requested_slot="situation", labels=["debt"], **answer
    )
    assert SlotSet("understood", ["not_asked"]) not in events


def test_a_child_named_in_an_answer_is_answered_and_the_question_goes_on(ran: Any) -> None:
    events, messages = ran(
        ValidateSelfForm(),
        "report_child",
        text="i am fifteen and they make me",
        signs=("under_18", "coerced"),
        requested_slot="made_to_do",
        **SELF,
    )

    assert SlotSet("child_explained", True) in events
    assert SlotSet("made_to_do", "yes") in events
    assert messages[0]["response"] == "utter_child_self"


@pytest.mark.parametrize("why", ["danger", "self_harm", "pause", "not_alone"])
@pytest.mark.parametrize("intent", ["affirm", "tell_situation", "nlu_fallback", "skip_question"])
def test_while_it_waits_no_words_answer_the_open_question(ran: Any, intent: str, why: str) -> None:
    events, messages = ran(
        ValidateSelfForm(), intent, text="yes", requested_slot="feels_safe", waiting=why, **SELF
    )

    assert (events, messages) == ([ActionExecutionRejected("self_form")], [])


def test_while_it_waits_a_choice_still_answers(ran: Any) -> None:
    events, _ = ran(
        ValidateSelfForm(),
        "answer",
        entities=(("feels_safe", "no"),),
        requested_slot="feels_safe",
        waiting="danger",
        **SELF,
    )

    assert SlotSet("feels_safe", "no") in events


def test_what_was_noticed_is_taken_from_typed_words(ran: Any) -> None:
    events, _ = ran(
        ValidateOtherForm(),
        "tell_situation",
        text="someone speaks for her and she is hurt",
        signs=("violence", "controller"),
        who="other",
        requested_slot="noticed",
        form="other_form",
        route="other",
    )

    assert SlotSet("noticed", ["controller", "violence"]) in events
