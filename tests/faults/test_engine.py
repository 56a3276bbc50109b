"""The engine is slow, hangs, or fails in a turn: the numbers, and nothing is lost."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from conftest import (
    LIMIT_S,
    NUMBERS,
    PATIENT,
    Encoder,
    Talk,
    hrefs,
    progress,
)

from bot import conversation, waiting
from bot.channels.telegram import speaking
from bot.engine.embedded import EmbeddedEngine
from bot.errors import EngineUnavailableError

PASSPORT = {
    "en": "My boss keeps my passport",
    "vi": "Ông chủ giữ hộ chiếu của tôi",
    "ar": "صاحب العمل يحتفظ بجواز سفري",
}
LONG = " ".join(f"On day {number} they kept my pay." for number in range(12))


# --- slow --------------------------------------------------------------------------------------
def test_three_seconds_are_kept_by_what_they_are_made_of() -> None:
    """No test looks at a clock for it: on a busy machine that would measure the machine."""
    assert conversation.ANSWER_WITHIN_S + waiting.LAST_MOMENT_S < 3
    assert speaking.NUMBERS_AFTER_S < 3


@pytest.mark.parametrize("language", PASSPORT)
def test_a_slow_encoder_gives_the_numbers_in_the_person_s_language_and_the_turn_can_be_said_again(
    talk: Callable[..., Talk], encoder: Encoder, language: str
) -> None:
    told = talk(language).at_the_first_question()
    before = told.question()
    encoder.hold()
    apology = told.impatient().say(PASSPORT[language], **{"Idempotency-Key": "1"})
    assert not encoder.was_let_go, "it waited for the encoder"
    encoder.go_on.set()

    assert (told.status, apology["language"]) == (200, language)
    assert hrefs(apology) >= NUMBERS
    assert told.question() == before  # no question was passed that the person has not seen
    again = told.say(PASSPORT[language], **{"Idempotency-Key": "1"}, **PATIENT)
    assert not hrefs(again) >= NUMBERS
    assert again["replies"][-1]["choices"]


def test_an_answer_that_comes_late_answers_no_question_that_nobody_saw(
    talk: Callable[..., Talk], encoder: Encoder, engine: EmbeddedEngine
) -> None:
    """Two answers to one question, the first of them too late: one question further, not two."""
    told = talk().at_the_first_question()
    encoder.hold()
    told.impatient().say("no")
    encoder.go_on.set()
    engine.parse("hello")  # read after it: the late answer has come
    once = progress(told.choose('/answer{"feels_safe":"no"}'))

    assert once.startswith("Question 2")


def test_nobody_else_waits_for_a_slow_encoder(talk: Callable[..., Talk], encoder: Encoder) -> None:
    slow, other = talk().at_the_first_question(), talk("es").at_the_first_question()
    encoder.hold()
    with ThreadPoolExecutor(1) as pool:
        slow_answer = pool.submit(slow.say, PASSPORT["en"])
        assert encoder.is_asked.wait(LIMIT_S)
        for _ in range(3):
            assert progress(other.choose("/skip_question"))
        assert not encoder.was_let_go, "they waited for it"
        encoder.go_on.set()

        assert not hrefs(slow_answer.result()) >= NUMBERS


def test_after_the_apology_the_same_person_goes_on_by_buttons(
    talk: Callable[..., Talk], encoder: Encoder
) -> None:
    told = talk().at_the_first_question()
    encoder.hold()
    told.impatient().say(PASSPORT["en"])
    answer = told.choose("/skip_question", **PATIENT)

    assert not encoder.was_let_go, "it waited for the encoder"
    assert progress(answer).startswith("Question 2")


def test_who_shows_the_numbers_meanwhile_gets_the_answer(
    talk: Callable[..., Talk], encoder: Encoder
) -> None:
    """Whoever does not, and asks later, has had an apology before."""
    told, other = talk().at_the_first_question(), talk().at_the_first_question().impatient()
    encoder.hold()
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(told.say, PASSPORT["en"], Prefer=f"respond-async, {PATIENT['Prefer']}")
        assert encoder.is_asked.wait(LIMIT_S)
        assert hrefs(other.say(PASSPORT["en"])) >= NUMBERS
        assert not answer.done(), "it did not wait"
        encoder.go_on.set()

        assert not hrefs(answer.result()) >= NUMBERS


@pytest.mark.parametrize("prefer", ["wait=0", "wait=-5", "wait=x", "wait=99999", "zzz", ""])
def test_a_preference_without_meaning_changes_nothing(
    talk: Callable[..., Talk], prefer: str
) -> None:
    told = talk()

    assert told.choose('/answer{"safe_to_talk":"yes"}', Prefer=prefer)["replies"]
    assert told.status == 200


def test_a_long_message_on_a_slow_machine(talk: Callable[..., Talk], encoder: Encoder) -> None:
    told = talk().at_the_first_question()
    encoder.seconds_a_text = 0.25  # thirteen texts
    assert hrefs(told.say(LONG, Prefer="")) >= NUMBERS
    answer = told.say(LONG)

    assert not hrefs(answer) >= NUMBERS


# --- raises ------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", PASSPORT)
def test_an_encoder_that_raises_gives_the_numbers_and_the_conversation_stays(
    talk: Callable[..., Talk], encoder: Encoder, caplog: pytest.LogCaptureFixture, language: str
) -> None:
    told = talk(language).at_the_first_question()
    before = told.question()
    encoder.error = RuntimeError(f"choked on {PASSPORT[language]}")
    with caplog.at_level(logging.DEBUG):
        apology = told.say(PASSPORT[language])

    assert "The engine gave no answer: EngineUnavailableError" in caplog.text  # no time was over
    assert (told.status, apology["language"]) == (200, language)
    assert hrefs(apology) >= NUMBERS
    assert "A turn failed with RuntimeError" in caplog.text
    assert PASSPORT[language] not in caplog.text
    encoder.error = None
    assert told.question() == before
    assert not hrefs(told.say(PASSPORT[language])) >= NUMBERS


def test_an_action_that_raises_keeps_nothing_of_the_turn(
    talk: Callable[..., Talk], engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions = engine._agent.processor.action_endpoint._executor.actions
    told = talk("es").at_the_first_question()
    before = told.question()

    def fail(*_: Any) -> None:
        raise ValueError("zzz")

    with monkeypatch.context() as broken:
        broken.setitem(actions, "validate_self_form", fail)
        apology = told.choose('/answer{"feels_safe":"no"}')

    assert (told.status, apology["language"]) == (200, "es")
    assert hrefs(apology) >= NUMBERS
    assert told.question() == before


# --- what is held can't be read or written -----------------------------------------------------
def refuse(*_: Any) -> None:
    raise EngineUnavailableError("Redis: ConnectionError")


def test_what_could_not_be_read_is_not_begun_anew(
    talk: Callable[..., Talk], engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = talk("vi").at_the_first_question()
    before = told.question()
    get, asked = engine._store.shelf.get, []

    def fail_later(name: str) -> str | None:
        asked.append(name)
        return get(name) if len(asked) == 1 else refuse()

    with monkeypatch.context() as broken:
        broken.setattr(engine._store.shelf, "get", fail_later)
        apology = told.choose('/answer{"feels_safe":"no"}')
    assert (apology["language"], hrefs(apology) >= NUMBERS) == ("vi", True)

    assert told.question() == before
