"""Somebody writes a language without a catalogue, and the operator has a LibreTranslate.

No word of the person goes there (promise 7); every answer is marked as automatic, English below.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from libre_server import Libre

from bot import translation
from bot.conversation import Conversations
from bot.engine.embedded import EmbeddedEngine
from bot.replies import Turn
from bot.translation import Translator
from bot.wording import load_wording

GERMAN = "Mein Chef Zacharias hat meinen Reisepass weggenommen und bezahlt mir seit Wochen nichts"
UKRAINIAN = "Мій начальник забрав мій паспорт і не платить мені вже три місяці"
PATIENCE_S = 30.0
NOTICE = "A computer made this translation. It may be wrong."


@pytest.fixture
def translator(libre: Libre, monkeypatch: pytest.MonkeyPatch) -> Iterator[Translator]:
    """With more patience than people have: after one late answer it would rest."""
    monkeypatch.setattr(translation, "WAIT_S", PATIENCE_S)
    made = libre.translator(each.name for each in load_wording().directory.services.values())
    made._wait_s = PATIENCE_S
    yield made
    made.close()


@pytest.fixture
def translated(engine: EmbeddedEngine, translator: Translator) -> Conversations:
    return Conversations(engine, load_wording(), turn_timeout_s=30, translator=translator)


def is_translated(turn: Turn, code: str) -> bool:
    return all(f"~{code}" in reply.text and NOTICE in reply.text for reply in turn.replies)


@pytest.mark.parametrize(("said", "code"), [(GERMAN, "de"), (UKRAINIAN, "uk")])
def test_the_answer_comes_in_the_language_that_was_typed(
    translated: Conversations, libre: Libre, said: str, code: str
) -> None:
    token, turn = translated.start()
    assert not any("~" in reply.text for reply in turn.replies)

    turn = translated.say(token, said)

    assert is_translated(turn, code)
    assert turn.language == "en"
    for choice in (each for reply in turn.replies for each in reply.choices):
        assert f"~{code}" in choice.label


def test_no_word_of_the_person_leaves(translated: Conversations, libre: Libre) -> None:
    token, _ = translated.start()
    translated.say(token, GERMAN)
    translated.say(token, "ich heisse Zacharias und wohne in der Kanarienstrasse")
    translated.say(token, "bitte hilf mir, Zacharias kommt jeden Abend")

    sent = "\n".join(libre.read).lower()
    assert sent
    for word in ("zacharias", "kanarien", "reisepass", "chef", "weggenommen"):
        assert word not in sent


def test_danger_keeps_its_numbers_and_its_tone(translated: Conversations) -> None:
    token, _ = translated.start(language="de")

    turn = translated.say(token, "Hilfe er steht mit einem Messer vor der Tür und will mich töten")

    assert turn.replies[0].tone == "urgent"
    assert turn.replies[0].links[0].href == "tel:999"
    assert "999" in turn.replies[0].text.split("\n\n")[0]
    assert is_translated(turn, "de")


def test_the_browser_s_language_is_enough(translated: Conversations) -> None:
    _, turn = translated.start(language="de-CH")

    assert is_translated(turn, "de")


def test_it_ends_when_one_of_our_languages_is_chosen(translated: Conversations) -> None:
    token, _ = translated.start(language="de")

    turn = translated.choose(token, ['/change_language{"language":"es"}'])

    assert turn.language == "es"
    assert not any("~" in reply.text for reply in turn.replies)


def test_naming_the_language_starts_it(translated: Conversations) -> None:
    token, _ = translated.start()

    turn = translated.say(token, "Deutsch bitte")

    assert is_translated(turn, "de")


def test_when_the_machine_is_down_english_comes_at_once(
    translated: Conversations, libre: Libre
) -> None:
    token, _ = translated.start()
    libre.close()

    turn = translated.say(token, GERMAN)

    assert turn.replies
    assert not any("~" in reply.text for reply in turn.replies)


def test_without_a_machine_it_is_said_that_the_language_is_not_here(
    conversations: Conversations,
) -> None:
    token, _ = conversations.start()

    turn = conversations.say(token, GERMAN)

    assert load_wording().text("en", "utter_language_not_here") in [
        reply.text for reply in turn.replies
    ]
