"""actions/questions.py: what an answer means, and what is asked next."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from rasa_sdk.events import ActionExecutionRejected, FollowupAction, SlotSet

from actions.acknowledge import BY_ANSWER, BY_VALUE
from actions.ages import age_value, child_value
from actions.heard import INTENT_KINDS, Heard
from actions.hours import hours_a_day, hours_value
from actions.questions import (
    ANSWERING,
    ANSWERS,
    QUESTIONS,
    SKIPPED,
    TOLD,
    UNSURE,
    ValidateOtherForm,
    ValidateSelfForm,
    ValidateWorkerForm,
    interpret,
    is_request,
)
from bot.answers import kind_of
from bot.settings import PROJECT

DOMAIN = yaml.safe_load((PROJECT / "domain.yml").read_text(encoding="utf-8"))
SELF = {"form": "self_form", "route": "self"}


def answered(slot: str) -> list[Any]:
    """What every answer leaves behind."""
    return [SlotSet("last_answered", slot), SlotSet("missed", None)]


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


@pytest.mark.parametrize(
    ("text", "language", "hours"),
    [
        ("twelve", "en", 12),
        ("from six in the morning to ten at night", "en", 16),
        ("no one", "en", None),
        ("doce horas", "es", 12),
        ("de seis de la mañana a diez de la noche", "es", 16),
        ("عشر ساعات", "ar", 10),
        ("اثنا عشر ساعة", "ar", 12),
        ("من ستة لعشرة", "ar", None),
    ],
)
def test_hours_in_words(text: str, language: str, hours: int | None) -> None:
    assert hours_a_day(text, [language, "en"]) == hours


@pytest.mark.parametrize(
    ("text", "age", "child"),
    [
        ("15", "child", "yes"),
        ("she is 16 years old", "child", "yes"),
        ("about 30", "adult", "no"),
        ("2", None, None),
        ("in 6 of the flats on that road", None, None),
    ],
)
def test_an_age_answers_the_questions_about_age(
    text: str, age: str | None, child: str | None
) -> None:
    assert (age_value(text, ["en"]), child_value(text, ["en"])) == (age, child)


# --- interpret -------------------------------------------------------------------------------
def message(intent: str = "", *labels: str, text: str = "words", kind: str | None = None) -> Heard:
    said = kind_of(text, ["en"])
    return Heard(
        labels=frozenset(labels),
        who="none",
        intent=intent,
        kind=kind or said or INTENT_KINDS.get(intent),
        said=said,
        text=text,
        languages=("en",),
    )


@pytest.mark.parametrize(
    ("slot", "kind", "value"),
    [(slot, *item) for slot, reading in ANSWERS.items() for item in reading.kinds.items()],
)
def test_a_typed_answer_to_each_question(slot: str, kind: str, value: str) -> None:
    assert interpret(slot, message(kind=kind)) == value


@pytest.mark.parametrize(
    ("slot", "text", "value"),
    [
        *(("feels_safe", "no", "no"), ("made_to_do", "no", "no"), ("feels_safe", "never", "no")),
        *(("feels_safe", "not really", "no"), ("made_to_do", "not really", UNSURE)),
        *(("feels_safe", "depends", UNSURE), ("made_to_do", "sometimes", "yes")),
        *(("made_to_do", "nobody", "no"), ("someone_to_call", "nobody", "nobody")),
        *(("is_paid", "only a bit", "some"), ("is_paid", "yes but he keeps half", "some")),
        *(("hours", "always", "always"), ("hours", "twelve", "9_to_12"), ("hours", "no", None)),
        *(("feels_safe", "7", None), ("safe_to_talk", "it is safe", "yes")),
        *(("bank_access", "nobody", None), ("interpreter", "yes", None)),
        *(("safe_to_talk", "sometimes", "no"), ("safe_to_talk", "i am alone", "yes")),
    ],
)
def test_the_same_word_answers_each_question_in_its_own_way(
    slot: str, text: str, value: str | None
) -> None:
    assert interpret(slot, message(text=text)) == value


@pytest.mark.parametrize("slot", sorted({s for slots in QUESTIONS.values() for s in slots}))
def test_what_is_not_understood_is_no_answer(slot: str) -> None:
    assert interpret(slot, message("nlu_fallback", text="qwerty qwerty")) is None
    assert interpret(slot, message("chat_sport", text="did you see the match last night")) is None


@pytest.mark.parametrize("slot", ["situation", "noticed"])
def test_one_s_own_words_answer_an_open_question(slot: str) -> None:
    assert interpret(slot, message("nlu_fallback", text="it is all so strange")) == TOLD


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
    reading = ANSWERS[slot]
    values = {*reading.kinds.values(), *reading.intents.values(), *reading.labels.values()}
    assert values <= allowed | {TOLD}


@pytest.mark.parametrize("label", ["violence", "immediate_danger", "threats"])
def test_a_sign_means_that_one_does_not_feel_safe(label: str) -> None:
    assert interpret("feels_safe", message("affirm", label)) == "no"


def test_being_coerced_answers_the_second_question() -> None:
    assert interpret("made_to_do", message("deny", "coerced")) == "yes"


def test_a_yes_with_a_sign_is_no_plain_yes() -> None:
    assert interpret("is_paid", message("affirm", "unpaid")) == "some"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Spanish", "es"),
        ("العربية", "ar"),
        ("she reads arabic", "ar"),
        ("Polish", "elsewhere"),
        ("Klingon", None),
    ],
)
def test_the_person_s_language_by_name(text: str, code: str | None) -> None:
    assert interpret("person_language", message(text=text)) == code


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Southwark", "southwark"),
        ("E1", "tower-hamlets"),
        ("Kilburn", None),
        ("M1", None),
        ("xyzzy", None),
    ],
)
def test_the_card_holds_a_place_only_when_it_is_clear(text: str, place: str | None) -> None:
    assert interpret("card_place", message(text=text)) == place


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

    assert events == [*answered(slot), SlotSet(slot, value), SlotSet("child_explained", True)]
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


@pytest.mark.parametrize(
    ("slot", "intent", "label", "value"),
    [
        ("card_topics", "tell_situation", "unpaid", "pay"),
        ("card_topics", "need_housing", "", "housing"),
        ("needs_now", "need_health", "", "health"),
        ("needs_now", "need_money", "", "money"),
    ],
)
def test_what_may_be_ticked_may_be_typed(slot: str, intent: str, label: str, value: str) -> None:
    said = message(intent, *([label] if label else []))

    assert interpret(slot, said) == value
    assert not is_request(said, slot)


@pytest.mark.parametrize(
    "intent", ["report_danger", "report_self_harm", "stop_chat", "delete_chat", "say_not_alone"]
)
@pytest.mark.parametrize("slot", sorted({s for slots in QUESTIONS.values() for s in slots}))
def test_danger_is_never_taken_for_an_answer(slot: str, intent: str) -> None:
    """Also with a number in it, at the question for a number, or a place at that for a place."""
    text = "he will kill me in 5 minutes in Southwark"

    assert is_request(message(intent, "immediate_danger", text=text), slot)
