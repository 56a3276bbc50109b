"""A turn that failed leaves none of its words in memory."""

from __future__ import annotations

import gc
import logging
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from conftest import NUMBERS, PATIENCE_S, Encoder, Talk, hrefs, until

from bot.conversation import Conversations
from bot.engine.embedded import DANGER, EmbeddedEngine
from bot.errors import EngineUnavailableError
from bot.wording import Wording


def refuse(*_: Any) -> None:
    raise EngineUnavailableError("Redis: ConnectionError")


def canary() -> str:
    return f"zzzcanary{time.monotonic_ns()}"


def holders(backwards: str) -> list[str]:
    """What holds a text with this word, spelt backwards lest this should hold it: dicts, objects,
    frames, whatever is not on its way now.
    """
    here: Any = sys._getframe()
    now = set()
    while here:
        now.add(id(here))
        here = here.f_back
    word = backwards[::-1]
    found = []
    for each in gc.get_objects():
        if id(each) not in now:
            for text in gc.get_referents(each):
                if type(text) is str and word in text:
                    found.append(type(each).__name__)
    return found


@pytest.fixture
def no_collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing goes by itself that holds itself in a circle, nor when the engine sweeps. Nothing is
    logged: the test's own handlers would hold it.
    """
    logging.disable()
    gc.collect()
    gc.disable()
    monkeypatch.setattr(gc, "collect", lambda *_: 0)
    yield
    gc.enable()
    logging.disable(logging.NOTSET)


class Broken:
    """What may fail while a message is taken, each by its name."""

    def __init__(self, engine: EmbeddedEngine, encoder: Encoder, patch: pytest.MonkeyPatch) -> None:
        self.engine, self.encoder, self.patch = engine, encoder, patch

    def the_encoder(self) -> None:
        self.patch.setattr(self.encoder, "error", RuntimeError("zzz"))

    def an_action(self) -> None:
        actions = self.engine._agent.processor.action_endpoint._executor.actions
        self.patch.setitem(actions, "action_answer_danger", refuse)

    def writing(self) -> None:
        self.patch.setattr(self.engine._store.shelf, "put", refuse)

    def reading(self) -> None:
        get, asked = self.engine._store.shelf.get, []

        def fail_later(name: str) -> str | None:
            asked.append(name)
            return get(name) if len(asked) == 1 else refuse()

        self.patch.setattr(self.engine._store.shelf, "get", fail_later)


@pytest.mark.usefixtures("no_collector")
@pytest.mark.parametrize("what", ["the_encoder", "an_action", "writing", "reading"])
def test_no_circle_holds_the_words_of_a_turn_that_failed(
    talk: Callable[..., Talk],
    engine: EmbeddedEngine,
    encoder: Encoder,
    wording: Wording,
    monkeypatch: pytest.MonkeyPatch,
    what: str,
) -> None:
    """An error holds the frames it came through, and those the words. A circle of them would lie
    in memory until the collector comes, which on a quiet server may be hours.
    """
    conversations = Conversations(engine, wording, turn_timeout_s=PATIENCE_S)
    token, _ = conversations.start(language="en", route="self")

    def fail() -> str:
        word = canary()
        with monkeypatch.context() as patch:
            getattr(Broken(engine, encoder, patch), what)()
            turn = conversations.say(token, f"{DANGER} {word}")
        assert turn.replies[0].response == "utter_problem"
        return word[::-1]

    backwards = fail()
    encoder.texts.clear()
    conversations.choose(token, ["/ask_numbers"])  # what the loop held for the turn is let go

    until(lambda: not holders(backwards))


def test_what_could_not_be_kept_stays_nowhere(
    talk: Callable[..., Talk], engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rasa's own answer to a store that fails is to keep the conversation, with every word, in
    the process.
    """
    told = talk().at_the_first_question()
    before = told.question()

    def fail() -> str:
        word = canary()
        with monkeypatch.context() as broken:
            broken.setattr(engine._store.shelf, "put", refuse)
            apology = told.say(f"my name is {word} and he keeps my passport")
        assert hrefs(apology) >= NUMBERS
        return word[::-1]

    backwards = fail()
    assert told.question() == before
    gc.collect()

    assert holders(backwards) == []
