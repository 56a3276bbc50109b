"""bot/nlu/language_identifier.py: the language of a typed message."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.language_identifier import LanguageIdentifier, identify

OURS = ("en", "es", "ar")


@pytest.mark.parametrize("text", ["", " ", "999", "😭", "?!", "a", "٩٩٩", "\n"])
def test_text_without_letters_has_no_language(text: str) -> None:
    assert identify(text, OURS) == (None, 0.0)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("I work every day and they do not pay me", "en"),
        ("trabajo todos los días y no me pagan nada", "es"),
        ("أعمل كل يوم ولا يدفعون لي", "ar"),
        ("ساعدوني", "ar"),
    ],
)
def test_the_language_of_a_sentence(text: str, code: str) -> None:
    found, probability = identify(text, OURS)

    assert found == code
    assert probability > 0.9


def test_only_our_languages_are_given() -> None:
    assert identify("Ich arbeite jeden Tag und bekomme kein Geld", OURS)[0] in OURS


def test_the_answer_does_not_change() -> None:
    answers = {identify("no se que hacer", OURS) for _ in range(5)}

    assert len(answers) == 1


def test_an_unknown_profile_stops_the_start() -> None:
    with pytest.raises(OSError, match="xx"):
        LanguageIdentifier({"languages": ["xx"]})


def test_every_message_gets_a_language_also_without_text() -> None:
    messages = [Message({"text": "I want to talk with someone"}), Message({})]

    LanguageIdentifier({"languages": list(OURS)}).process(messages)

    assert messages[0].get("language")["code"] == "en"
    assert messages[1].get("language") == {"code": None, "confidence": 0.0}
