"""Danger, thoughts of suicide and an exploited child, at every question and every menu."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from talk import Talk

from actions.flow import QUESTIONS

LANGUAGES = ("en", "es", "ar")
DANGER = {
    "en": ["he is outside with a knife", "they are breaking down the door"],
    "es": ["está afuera con un cuchillo", "están rompiendo la puerta"],
    "ar": ["هو بالخارج ومعه سكين", "إنهم يكسرون الباب"],
}
SELF_HARM = {
    "en": "I want to kill myself",
    "es": "me quiero matar",
    "ar": "أريد أن أقتل نفسي",
}
CHILD = {
    "en": "I am 15 and they make me carry drugs",
    "es": "tengo 15 años y me obligan a llevar droga",
    "ar": "عمري ١٥ سنة ويجبرونني على نقل المخدرات",
}
CHILD_OTHER = {
    "en": "she is only 14 and he makes her work all night",
    "es": "ella tiene solo 14 años y la hace trabajar toda la noche",
    "ar": "عمرها ١٤ سنة فقط ويجبرها على العمل طول الليل",
}
VALUES = {"safe_to_talk": "yes", "worker_ready": "yes", "person_language": "en"}
MENUS = {
    "the doors": [],
    "learn": ["/learn"],
    "all languages": ["/change_language"],
    "not safe now": ["/start_self", '/answer{"safe_to_talk":"no"}'],
    "a break": ["/start_self", "/pause_chat"],
    "stopped": ["/start_self", "/stop_chat"],
    "the summary": ['/answer{"made_to_do":"yes"}', "/keep_summary", "/correct_understanding"],
    "the help menu": ["/show_help"],
    "places": ["/ask_local_services"],
    "the end": ["/end_chat"],
}
QUESTION_CASES = [
    (form, question)
    for form in ("self_form", "other_form", "worker_form", "card_form")
    for question in QUESTIONS[form]
]


def at_question(talk: Callable[..., Talk], language: str, form: str, question: str) -> Talk:
    """Walk by buttons to a question."""
    route = form.removesuffix("_form")
    told = talk(language, None if route == "card" else route)
    if route == "card":
        told.choose("/make_call_card")
    for earlier in QUESTIONS[form][: QUESTIONS[form].index(question)]:
        value = VALUES.get(earlier)
        told.choose(f'/answer{{"{earlier}":"{value}"}}' if value else "/skip_question")
    return told


def assert_urgent(told: Talk, language: str, *responses: str) -> None:
    """The first reply is urgent, has 999 and is in the language."""
    first = told.replies[0]
    assert first.tone == "urgent", told.story()
    assert any(link.href == "tel:999" for link in first.links), told.story()
    assert "999" in first.text, told.story()
    assert told.turn.language == language, told.story()
    assert any(told.says(name) for name in responses), told.story()
    assert told.fault() is None, f"{told.fault()}{told.story()}"


def assert_goes_on_or_past(told: Talk, question: str, asked: str) -> None:
    """The same question; 'do you feel safe?' and 'is anyone in danger now?' have been answered."""
    told.choose("/continue_chat")
    if question in ("feels_safe", "danger_now"):
        assert told.replies[0].choices, told.story()
    else:
        assert told.asked == asked, f"should ask: {asked}{told.story()}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("form", "question"), QUESTION_CASES)
def test_danger_at_every_question(
    talk: Callable[..., Talk], form: str, question: str, language: str
) -> None:
    expected = "utter_danger_self" if form in ("self_form", "card_form") else "utter_danger_other"
    texts = DANGER[language] if form == "self_form" else DANGER[language][:1]
    told = at_question(talk, language, form, question)
    asked = told.asked
    for text in texts:
        told.say(text)
        if form == "card_form":
            assert_urgent(told, language, "utter_danger_self", "utter_danger_other")
        else:
            assert_urgent(told, language, expected)
        assert_goes_on_or_past(told, question, asked)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("form", "question"), QUESTION_CASES)
def test_thoughts_of_suicide_at_every_question(
    talk: Callable[..., Talk], form: str, question: str, language: str
) -> None:
    told = at_question(talk, language, form, question)
    asked = told.asked
    told.say(SELF_HARM[language])
    assert_urgent(told, language, "utter_self_harm_self", "utter_self_harm_other")
    assert_goes_on_or_past(told, question, asked)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("question", QUESTIONS["self_form"])
def test_a_child_at_every_question_about_me(
    talk: Callable[..., Talk], question: str, language: str
) -> None:
    told = at_question(talk, language, "self_form", question)
    told.say(CHILD[language])
    assert_urgent(told, language, "utter_child_self")
    assert told.says("utter_child_honest"), told.story()
    assert told.replies[-1].choices, told.story()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", ["other_form", "worker_form"])
def test_a_child_at_every_question_about_somebody_else(
    talk: Callable[..., Talk], form: str, language: str
) -> None:
    for question in QUESTIONS[form]:
        told = at_question(talk, language, form, question)
        told.say(CHILD_OTHER[language])
        assert_urgent(told, language, "utter_child_other")
        assert told.replies[-1].choices, told.story()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("menu", MENUS)
def test_danger_suicide_and_a_child_at_every_menu(
    talk: Callable[..., Talk], menu: str, language: str
) -> None:
    for text, responses in (
        (DANGER[language][0], ("utter_danger_self", "utter_danger_other")),
        (SELF_HARM[language], ("utter_self_harm_self",)),
        (CHILD[language], ("utter_child_self",)),
    ):
        told = talk(language).walk(MENUS[menu])
        told.say(text)
        assert_urgent(told, language, *responses)
        told.choose("/continue_chat")
        assert told.fault() is None, f"{told.fault()}{told.story()}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("intent", ["report_danger", "report_self_harm", "report_child"])
@pytest.mark.parametrize("form", ["self_form", "other_form", "worker_form", "card_form"])
def test_interrupts_by_a_button(
    talk: Callable[..., Talk], form: str, intent: str, language: str
) -> None:
    question = QUESTIONS[form][1]
    told = at_question(talk, language, form, question)
    told.choose(f"/{intent}")
    kind = {"report_danger": "danger", "report_self_harm": "self_harm", "report_child": "child"}
    assert_urgent(told, language, *(f"utter_{kind[intent]}_{who}" for who in ("self", "other")))


def test_danger_without_a_known_language_is_answered_in_the_language_of_the_words(
    talk: Callable[..., Talk],
) -> None:
    for language in LANGUAGES:
        told = talk()
        told.say(DANGER[language][0])
        assert_urgent(told, language, "utter_danger_self", "utter_danger_other")


LONG = {
    "en": (
        "I came to this city last year and I work in a kitchen with four other people.",
        "On Sundays I walk by the river and I look at the boats and the birds.",
        "He is outside my door with a knife right now.",
    ),
    "es": (
        "Llegué a esta ciudad el año pasado y trabajo en una cocina con cuatro personas.",
        "Los domingos camino junto al río y miro los barcos y los pájaros.",
        "Está afuera de mi puerta con un cuchillo ahora mismo.",
    ),
    "ar": (
        "جئت إلى هذه المدينة في العام الماضي وأعمل في مطبخ مع أربعة أشخاص.",
        "في أيام الأحد أمشي قرب النهر وأنظر إلى القوارب والطيور.",
        "هو الآن أمام بابي ومعه سكين.",
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("position", ["at the start", "in the middle"])
@pytest.mark.parametrize("form", ["self_form", None])
def test_one_dangerous_sentence_in_a_long_message(
    talk: Callable[..., Talk], form: str | None, position: str, language: str
) -> None:
    first, second, danger = LONG[language]
    calm = [first, second] * 3
    at = 0 if position == "at the start" else 3
    text = " ".join([*calm[:at], danger, *calm[at:]])
    told = at_question(talk, language, form, "is_paid") if form else talk(language)
    told.say(text)
    assert_urgent(told, language, "utter_danger_self", "utter_danger_other")


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_hundred_words_with_danger_at_the_very_end(
    talk: Callable[..., Talk], language: str
) -> None:
    first, second, danger = LONG[language]
    calm = [first, second] * 10
    while len(" ".join([*calm[:-1], danger]).split()) >= 200:
        calm = calm[:-1]
    text = " ".join([*calm, danger])
    assert len(text.split()) >= 200
    told = talk(language, "self")
    told.say(text)
    assert_urgent(told, language, "utter_danger_self")


@pytest.mark.parametrize("language", LANGUAGES)
def test_after_danger_what_is_said_next_does_not_answer_the_open_question(
    talk: Callable[..., Talk], language: str
) -> None:
    told = at_question(talk, language, "self_form", "is_paid")
    asked = told.asked
    told.say(DANGER[language][0])
    told.say({"en": "yes", "es": "sí", "ar": "نعم"}[language])
    assert told.says("utter_waiting_danger"), told.story()
    told.choose("/continue_chat")
    assert told.asked == asked, told.story()


SAFE_WORDS = {
    "en": ("999", "help", "stop", "delete"),
    "es": ("999", "ayuda", "basta", "borrar"),
    "ar": ("٩٩٩", "ساعدني", "توقف", "احذف"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("form", "question"), QUESTION_CASES)
def test_safe_words_at_every_question(
    talk: Callable[..., Talk], form: str, question: str, language: str
) -> None:
    numbers, help_, stop, delete = SAFE_WORDS[language]
    told = at_question(talk, language, form, question)
    asked = told.asked
    for word in (numbers, help_):
        told.say(word)
        hrefs = {link.href for reply in told.replies for link in reply.links}
        assert {"tel:999", "tel:08000121700"} <= hrefs, told.story()
        assert told.asked == asked, told.story()
    told.say(stop)
    assert told.says("utter_stopped"), told.story()
    told.say(delete)
    assert told.says("utter_deleted"), told.story()
    assert told.turn.ended


@pytest.mark.parametrize("language", LANGUAGES)
def test_danger_told_about_somebody_else_is_not_asked_for_again(
    talk: Callable[..., Talk], language: str
) -> None:
    told = at_question(talk, language, "other_form", "danger_now")
    asked = told.asked
    told.say(DANGER[language][0])
    told.choose("/continue_chat")
    assert told.asked != asked, told.story()
