"""actions/readings.py: what words answer at each question."""

from __future__ import annotations

import pytest
import yaml

from actions.flow import QUESTIONS
from actions.heard import INTENT_KINDS, Heard
from actions.readings import ANSWERING, ANSWERS, SKIPPED, TOLD, UNSURE, interpret, is_request
from bot.answers import kind_of
from bot.settings import PROJECT

DOMAIN = yaml.safe_load((PROJECT / "domain.yml").read_text(encoding="utf-8"))


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


MADE_BY_ACTIONS = {"understood": {"all", "none"}, "consent": {"yes", "no"}}
"""Values of questions whose buttons no response of that name has."""


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
    offered |= MADE_BY_ACTIONS.get(slot, set())

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
        ("Dutch", "elsewhere"),
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


def test_answering_intents_exist() -> None:
    assert set(ANSWERING) <= set(DOMAIN["intents"])


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
