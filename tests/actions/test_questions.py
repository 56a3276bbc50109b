"""actions/questions.py: what an answer means, and what is asked next."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from rasa_sdk.events import ActionExecutionRejected, FollowupAction, SlotSet

from actions.heard import Heard
from actions.hours import hours_a_day, hours_value
from actions.questions import (
    ANSWERING,
    ANSWERS,
    QUESTIONS,
    SKIPPED,
    TOLD,
    UNSURE,
    ValidateCardForm,
    ValidateOtherForm,
    ValidateSelfForm,
    ValidateWorkerForm,
    interpret,
    is_request,
)
from bot.settings import PROJECT

DOMAIN = yaml.safe_load((PROJECT / "domain.yml").read_text(encoding="utf-8"))
SELF = {"form": "self_form", "route": "self"}


# --- hours -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("", None),
        ("a lot", None),
        ("200", None),
        ("2026", None),
        ("25", None),
        ("0", 0),
        ("14", 14),
        ("about 14 hours", 14),
        ("24", 24),
        ("٧", 7),
        ("١٢ ساعة", 12),
        ("12-14", 14),
        ("9 to 5", 8),
        ("from 7 to 7", 12),
        ("de 8 a 6", 10),
        ("من ٨ الى ٦", 10),
    ],
)
def test_hours_a_day(text: str, hours: int | None) -> None:
    assert hours_a_day(text) == hours


@pytest.mark.parametrize("text", ["from 6 to 10", "de 7 a 9"])
def test_bare_clock_times_may_mean_two_things(text: str) -> None:
    """From six in the morning to ten at night is sixteen hours, to ten in the morning four."""
    assert hours_a_day(text) is None


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("6am to 10pm", 16),
        ("from 6 in the morning to 10 at night", 16),
        ("9:00 to 17:00", 8),
        ("22 to 6", 8),
        ("10pm to 6am", 8),
    ],
)
def test_clock_times_that_say_which_half_of_the_day(text: str, hours: int) -> None:
    assert hours_a_day(text) == hours


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("14 hours a day, 7 days a week", 14),
        ("12 horas al día, 6 días", 12),
        ("12 ساعة كل يوم 7 ايام", 12),
        ("10 h a day 6 days", 10),
    ],
)
def test_days_a_week_are_no_closing_time(text: str, hours: int) -> None:
    """Fourteen hours on seven days must not become a short day."""
    assert hours_a_day(text) == hours


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("0", "none"),
        ("8", "up_to_8"),
        ("9", "9_to_12"),
        ("12", "9_to_12"),
        ("13", "over_12"),
    ],
)
def test_hours_value(text: str, value: str | None) -> None:
    assert hours_value(text) == value


# --- interpret -------------------------------------------------------------------------------
def message(intent: str = "", *labels: str) -> Heard:
    return Heard(frozenset(labels), "none", intent, 1.0, intent, (), True)


@pytest.mark.parametrize(
    ("slot", "intent", "value"),
    [(slot, intent, value) for slot, table in ANSWERS.items() for intent, value in table.items()],
)
def test_a_typed_answer_to_each_question(slot: str, intent: str, value: str) -> None:
    assert interpret(slot, message(intent), "words") == value


@pytest.mark.parametrize(
    "slot", sorted({s for slots in QUESTIONS.values() for s in slots} - {"card_place"})
)
def test_words_that_fit_no_choice_count_as_told(slot: str) -> None:
    """No question gets stuck."""
    assert interpret(slot, message("nlu_fallback"), "qwerty qwerty") == TOLD


@pytest.mark.parametrize("slot", sorted(ANSWERS))
def test_every_value_is_a_choice_or_understood(slot: str) -> None:
    """What a typed answer gives is what a button gives, or told, skipped or unsure."""
    names = [
        n for n in DOMAIN["responses"] if n.startswith("utter_ask_") and n.endswith(f"_form_{slot}")
    ]
    payloads = [
        button["payload"]
        for name in names
        for button in DOMAIN["responses"][name][0].get("buttons") or ()
        if f'"{slot}"' in button["payload"]
    ]
    offered = {payload.split('":"')[1].rstrip('"}') for payload in payloads}

    allowed = offered | {UNSURE, SKIPPED} | ({"yes"} if slot == "danger_now" else set())
    assert set(ANSWERS[slot].values()) <= allowed


@pytest.mark.parametrize("label", ["violence", "immediate_danger", "unpaid"])
def test_a_sign_means_that_one_does_not_feel_safe(label: str) -> None:
    assert interpret("feels_safe", message("affirm", label), "yes but") == "no"


def test_being_coerced_answers_the_second_question() -> None:
    assert interpret("made_to_do", message("deny", "coerced"), "words") == "yes"


def test_a_yes_with_a_sign_is_no_plain_yes() -> None:
    assert interpret("is_paid", message("affirm", "unpaid"), "yes but he keeps it") == TOLD


@pytest.mark.parametrize(
    ("text", "code"),
    [("Spanish", "es"), ("العربية", "ar"), ("she reads arabic", "ar"), ("Klingon", TOLD)],
)
def test_the_person_s_language_by_name(text: str, code: str) -> None:
    assert interpret("person_language", message(), text) == code


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Southwark", "southwark"),
        ("E1", "tower-hamlets"),
        ("Kilburn", SKIPPED),
        ("M1", SKIPPED),
        ("xyzzy", SKIPPED),
    ],
)
def test_the_card_holds_a_place_only_when_it_is_clear(text: str, place: str) -> None:
    assert interpret("card_place", message(), text) == place


# --- the forms -------------------------------------------------------------------------------
def test_questions_are_those_of_the_domain() -> None:
    forms = {name: tuple(form["required_slots"]) for name, form in DOMAIN["forms"].items()}

    assert forms == QUESTIONS


def test_answering_intents_exist() -> None:
    assert set(ANSWERING) <= set(DOMAIN["intents"])


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


def test_a_short_message_that_is_not_understood_leaves_the_question_open(ran: Any) -> None:
    events, _ = ran(
        ValidateSelfForm(), "nlu_fallback", text="asdf", requested_slot="feels_safe", **SELF
    )

    assert events == [ActionExecutionRejected("self_form")]


def test_a_longer_message_that_is_not_understood_counts_as_told(ran: Any) -> None:
    events, messages = ran(
        ValidateSelfForm(),
        "nlu_fallback",
        text="it is all so strange",
        requested_slot="is_paid",
        **SELF,
    )

    assert events == [SlotSet("is_paid", TOLD)]
    assert [m["response"] for m in messages] == ["utter_ack_plain"]


@pytest.mark.parametrize(
    ("slot", "value", "response"),
    [
        ("feels_safe", "yes", "utter_ack_good"),
        ("feels_safe", "sometimes", "utter_ack_unsure"),
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

    assert events == [SlotSet(slot, value)]
    assert [m["response"] for m in messages] == [response]


def test_skipping(ran: Any) -> None:
    events, messages = ran(
        ValidateSelfForm(), "skip_question", text="skip this one", requested_slot="hours", **SELF
    )

    assert events == [SlotSet("hours", SKIPPED)]
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

    assert events == [SlotSet("labels", ["excessive_hours"]), SlotSet("hours", "over_12")]


def test_several_signs_at_once_tell_the_situation(ran: Any) -> None:
    events, _ = ran(
        ValidateSelfForm(),
        "tell_situation",
        text="he hits me and keeps my pay",
        signs=("violence", "unpaid"),
        requested_slot="feels_safe",
        **SELF,
    )

    assert events == [SlotSet("situation", TOLD), SlotSet("feels_safe", "no")]


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


@pytest.mark.parametrize(
    ("action", "form", "slot", "value", "route"),
    [
        (ValidateOtherForm(), "other_form", "child_involved", "yes", "other"),
        (ValidateWorkerForm(), "worker_form", "person_age", "child", "worker"),
    ],
)
def test_a_child_is_answered_at_once(
    ran: Any, action: Any, form: str, slot: str, value: str, route: str
) -> None:
    events, messages = ran(
        action, "answer", entities=((slot, value),), requested_slot=slot, form=form, route=route
    )

    assert events == [SlotSet(slot, value), SlotSet("child_explained", True)]
    assert [m["response"] for m in messages] == ["utter_child_other", "utter_child_honest"]


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


def test_after_danger_the_next_words_do_not_answer_the_open_question(ran: Any) -> None:
    events, messages = ran(
        ValidateSelfForm(),
        "affirm",
        text="yes",
        requested_slot="feels_safe",
        danger_open=True,
        **SELF,
    )

    assert (events, messages) == ([SlotSet("danger_open", None)], [])


def test_after_danger_a_choice_still_answers(ran: Any) -> None:
    events, _ = ran(
        ValidateSelfForm(),
        "answer",
        entities=(("feels_safe", "no"),),
        requested_slot="feels_safe",
        danger_open=True,
        **SELF,
    )

    assert events == [SlotSet("danger_open", None), SlotSet("feels_safe", "no")]


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


def test_typed_topics_of_the_card_are_not_kept_as_words(ran: Any) -> None:
    events, _ = ran(
        ValidateCardForm(),
        "chat_work",
        text="my boss is called",
        requested_slot="card_topics",
        form="card_form",
    )

    assert events == [SlotSet("card_topics", [TOLD])]


@pytest.mark.parametrize(
    "intent", ["report_danger", "report_self_harm", "stop_chat", "delete_chat"]
)
@pytest.mark.parametrize("slot", sorted({s for slots in QUESTIONS.values() for s in slots}))
def test_danger_is_never_taken_for_an_answer(slot: str, intent: str) -> None:
    """Also with a number in it, at the question for a number, or a place at that for a place."""
    text = "he will kill me in 5 minutes in Southwark"

    assert is_request(message(intent, "immediate_danger"), slot, text)
