"""The engine is slow, hangs, or fails in a turn: the numbers, and nothing is lost."""

from __future__ import annotations

import gc
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from conftest import MOST_S, NUMBERS, Encoder, Talk, hrefs, progress
from flask.testing import FlaskClient

from bot.engine import ear
from bot.engine.embedded import EmbeddedEngine
from bot.errors import EngineUnavailableError

PASSPORT = {
    "en": "My boss keeps my passport",
    "vi": "Ông chủ giữ hộ chiếu của tôi",
    "ar": "صاحب العمل يحتفظ بجواز سفري",
}
LONG = " ".join(f"On day {number} they kept my pay." for number in range(12))


# --- slow --------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", PASSPORT)
def test_a_slow_encoder_gives_the_numbers_in_the_person_s_language_and_the_turn_can_be_said_again(
    talk: Callable[..., Talk], encoder: Encoder, language: str
) -> None:
    told = talk(language).at_the_first_question()
    before = told.question()
    encoder.hold()
    apology = told.say(PASSPORT[language], **{"Idempotency-Key": "1"})
    waited = told.seconds
    encoder.go_on.set()

    assert waited < MOST_S
    assert (told.status, apology["language"]) == (200, language)
    assert hrefs(apology) >= NUMBERS
    assert told.question() == before  # no question was passed that the person has not seen
    again = told.say(PASSPORT[language], **{"Idempotency-Key": "1"})
    assert not hrefs(again) >= NUMBERS
    assert again["replies"][-1]["choices"]


def test_an_answer_that_comes_late_answers_no_question_that_nobody_saw(
    talk: Callable[..., Talk], encoder: Encoder
) -> None:
    """Two answers to one question, the first of them too late: one question further, not two."""
    told = talk().at_the_first_question()
    encoder.hold()
    told.say("no")
    encoder.go_on.set()
    time.sleep(0.3)
    once = progress(told.choose('/answer{"feels_safe":"no"}'))

    assert once.startswith("Question 2")


def test_nobody_else_waits_for_a_slow_encoder(talk: Callable[..., Talk], encoder: Encoder) -> None:
    slow, other = talk().at_the_first_question(), talk("es").at_the_first_question()
    encoder.hold()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(slow.say, PASSPORT["en"], Prefer="wait=8")
        assert encoder.is_asked.wait(10)
        for _ in range(3):
            assert progress(other.choose("/skip_question"))
        encoder.go_on.set()

        assert not hrefs(waiting.result()) >= NUMBERS


def test_after_the_apology_the_same_person_goes_on_by_buttons(
    talk: Callable[..., Talk], encoder: Encoder
) -> None:
    told = talk().at_the_first_question()
    encoder.hold()
    told.say(PASSPORT["en"])
    answer = told.choose("/skip_question")

    assert told.seconds < MOST_S
    assert progress(answer).startswith("Question 2")


def test_who_shows_the_numbers_meanwhile_gets_the_answer(
    talk: Callable[..., Talk], encoder: Encoder
) -> None:
    told = talk().at_the_first_question()
    encoder.hold()
    threading.Timer(3.0, encoder.go_on.set).start()
    answer = told.say(PASSPORT["en"], Prefer="respond-async, wait=8")

    assert encoder.go_on.is_set(), "it did not wait"
    assert not hrefs(answer) >= NUMBERS


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
    apology = told.say(LONG)
    assert told.seconds < MOST_S
    assert hrefs(apology) >= NUMBERS
    answer = told.say(LONG, Prefer="wait=8")

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

    assert told.seconds < MOST_S
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


def test_what_could_not_be_kept_stays_nowhere(
    talk: Callable[..., Talk], engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rasa's own answer to a store that fails is to keep the conversation, with every word, in
    the process.
    """
    told = talk().at_the_first_question()
    before = told.question()
    word = f"zzzcanary{time.monotonic_ns()}"
    with monkeypatch.context() as broken:
        broken.setattr(engine._store.shelf, "put", refuse)
        apology = told.say(f"my name is {word} and he keeps my passport")
    assert hrefs(apology) >= NUMBERS
    assert told.question() == before
    gc.collect()
    holding = [
        type(each)
        for each in gc.get_objects()
        if isinstance(each, dict) and any(word in repr(value) for value in own_values(each))
    ]

    assert holding == []


def own_values(held: dict[Any, Any]) -> list[Any]:
    """What a dict holds as text or as a tracker; not what those hold."""
    return [value for value in held.values() if isinstance(value, str | bytes)]


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


# --- health ------------------------------------------------------------------------------------
def health(client: FlaskClient) -> tuple[int, str]:
    response = client.get("/health/ready")
    return response.status_code, response.get_json()["status"]


def test_health_says_that_the_model_hangs_until_it_does_not(
    talk: Callable[..., Talk],
    client: FlaskClient,
    encoder: Encoder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ear, "HANGS_AFTER_S", 0.5)
    told = talk()
    encoder.hold()
    told.say("hello")
    assert health(client) == (503, "the model takes too long over what is typed; buttons work")
    encoder.go_on.set()
    told.say("hello")

    assert health(client) == (200, "ready")


def test_health_says_that_the_model_fails_until_it_does_not(
    talk: Callable[..., Talk], client: FlaskClient, encoder: Encoder
) -> None:
    encoder.error = RuntimeError("zzz")
    talk().say("hello")
    assert health(client) == (503, "the model can't read what is typed; buttons work")
    encoder.error = None

    assert health(client) == (200, "ready")  # nobody has to type before it is well again


def test_health_says_that_the_engine_hangs(client: FlaskClient, engine: EmbeddedEngine) -> None:
    go_on = threading.Event()
    engine._loop.call_soon_threadsafe(go_on.wait, 30)
    assert health(client) == (503, "the engine does not answer")
    go_on.set()

    assert health(client) == (200, "ready")
