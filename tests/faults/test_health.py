"""/health/ready says what is wrong, for as long as it is wrong."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from conftest import LIMIT_S, NUMBERS, PATIENT, Encoder, Talk, hrefs, until
from flask.testing import FlaskClient

from bot.engine import ear
from bot.engine.embedded import DANGER, EmbeddedEngine

PASSPORT = "My boss keeps my passport"
WELL = (200, "ready")


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
    told.impatient().say("hello")
    hangs = (503, "the model takes too long over what is typed; buttons work")
    until(lambda: health(client) == hangs)
    encoder.go_on.set()

    until(lambda: health(client) == WELL)
    assert not hrefs(told.say("hello", **PATIENT)) >= NUMBERS


def test_health_says_that_the_model_fails_until_it_does_not(
    talk: Callable[..., Talk], client: FlaskClient, encoder: Encoder
) -> None:
    encoder.error = RuntimeError("zzz")
    talk().say("hello")
    until(lambda: health(client) == (503, "the model can't read what is typed; buttons work"))
    encoder.error = None

    until(lambda: health(client) == WELL)  # nobody has to type before it is well again


def test_a_model_that_is_only_busy_is_well(
    talk: Callable[..., Talk],
    client: FlaskClient,
    encoder: Encoder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A long queue is no fault, and a look at health makes it no longer."""
    monkeypatch.setattr(ear, "HANGS_AFTER_S", 3600.0)
    talks = [talk().at_the_first_question() for _ in range(6)]
    encoder.hold()
    with ThreadPoolExecutor(len(talks)) as pool:
        answers = [pool.submit(each.say, PASSPORT) for each in talks]
        assert encoder.is_asked.wait(LIMIT_S)
        looks = [health(client) for _ in range(2)]
        is_busy = not encoder.was_let_go
        encoder.go_on.set()

        assert not any(hrefs(each.result()) >= NUMBERS for each in answers)
    assert is_busy
    assert looks == [WELL, WELL]
    assert DANGER not in encoder.texts, "it was asked to read for health's sake"


def test_health_says_that_the_engine_hangs(client: FlaskClient, engine: EmbeddedEngine) -> None:
    go_on = threading.Event()
    engine._loop.call_soon_threadsafe(go_on.wait, 60)
    until(lambda: health(client) == (503, "the engine does not answer"))
    go_on.set()

    until(lambda: health(client) == WELL)


def test_health_says_that_turns_fail_until_they_do_not(
    talk: Callable[..., Talk],
    client: FlaskClient,
    engine: EmbeddedEngine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nobody has to talk before it is well again, and no trace is left of the looks."""
    actions = engine._agent.processor.action_endpoint._executor.actions
    told = talk()
    held = engine._store.shelf.names()

    def fail(*_: Any) -> None:
        raise ValueError("zzz")

    with monkeypatch.context() as broken:
        for name in actions:
            broken.setitem(actions, name, fail)
        told.choose('/answer{"safe_to_talk":"yes"}')
        assert health(client) == (503, "turns fail; the log says with what")

    assert health(client) == WELL
    assert engine._store.shelf.names() == held
