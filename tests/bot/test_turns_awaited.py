"""bot/waiting.py: who leaves last gives the turn up, and what is typed leaves room for the rest."""

from __future__ import annotations

import gc
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from fake_engine import FakeEngine, rasa_message

from bot import waiting as waiting_module
from bot.engine.base import Chosen, Typed
from bot.errors import EngineUnavailableError
from bot.waiting import Waiting

TYPED = Typed("zzz they keep my passport")
CHOSEN = Chosen("skip_question")
SOON_S = 0.05
PATIENCE_S = 30.0


@pytest.fixture
def engine() -> Iterator[FakeEngine]:
    engine = FakeEngine()
    engine.is_slow = True
    yield engine
    for turn in engine.under_way:
        turn.cancel() or turn.done() or turn.set_result([rasa_message()])


def soon() -> float:
    return time.monotonic() + SOON_S


def later() -> float:
    return time.monotonic() + PATIENCE_S


def test_who_leaves_last_gives_the_turn_up(engine: FakeEngine) -> None:
    """However the two come and go: both wait for one turn, and both leave at the same moment."""
    waiting = Waiting(engine)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(2) as pool:
            for number in range(20):
                until = soon()
                both = [
                    pool.submit(waiting.answer, "talk", TYPED, f"key {number}", until)
                    for _ in range(2)
                ]
                assert all(isinstance(each.exception(), TimeoutError) for each in both)
    finally:
        sys.setswitchinterval(interval)

    assert all(turn.cancelled() for turn in engine.under_way)
    assert not waiting._under_way
    assert not waiting._waiting


def test_one_of_two_who_leaves_gives_nothing_up(engine: FakeEngine) -> None:
    waiting = Waiting(engine)
    with ThreadPoolExecutor(1) as pool:
        stays = pool.submit(waiting.answer, "talk", TYPED, "key", later())
        while not engine.under_way:
            time.sleep(0.01)
        with pytest.raises(TimeoutError):
            waiting.answer("talk", TYPED, "key", soon())
        engine.under_way[0].set_result([rasa_message("I heard you.")])

        assert stays.result()[0]["text"] == "I heard you."
    assert len(engine.under_way) == 1


def test_when_many_wait_to_be_read_the_next_is_told_at_once_and_buttons_go_on(
    engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting_module, "MOST_TYPED", 3)
    waiting = Waiting(engine)
    with ThreadPoolExecutor(4) as pool:
        read = [pool.submit(waiting.answer, f"{n}", TYPED, "", later()) for n in range(3)]
        while len(engine.under_way) < 3:
            time.sleep(0.01)
        with pytest.raises(EngineUnavailableError, match="too many"):
            waiting.answer("another", TYPED, "", later())
        button = pool.submit(waiting.answer, "another", CHOSEN, "", later())
        while len(engine.under_way) < 4:
            time.sleep(0.01)
        for turn in engine.under_way:
            turn.set_result([rasa_message()])

        assert button.result()
        assert all(each.result() for each in read)
    engine.is_slow = False
    assert waiting.answer("another", TYPED, "", later()), "a place was never given back"


@pytest.mark.parametrize("fails", [True, False], ids=["it failed", "it took too long"])
def test_words_of_a_turn_without_an_answer_are_let_go_at_once(
    engine: FakeEngine, fails: bool
) -> None:
    """Without waiting for the collector, which comes when it likes."""
    waiting = Waiting(engine)
    failures = []

    def ask() -> None:
        try:
            waiting.answer("talk", Typed("zzz words"), "", later() if fails else soon())
        except (EngineUnavailableError, TimeoutError) as failure:
            failures.append(type(failure))

    gc.collect()
    gc.disable()
    try:
        asking = threading.Thread(target=ask)
        asking.start()
        while not engine.under_way:
            time.sleep(0.01)
        if fails:
            engine.under_way[0].set_exception(EngineUnavailableError("a turn failed"))
        asking.join()
        engine.turns.clear()
        engine.under_way.clear()
        held = [each.text for each in gc.get_objects() if isinstance(each, Typed)]
    finally:
        gc.enable()

    assert failures
    assert "zzz words" not in held
