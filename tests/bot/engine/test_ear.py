"""bot/engine/ear.py: it says what is wrong with it, and only then."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from clock import Clock
from rasa.core.channels.channel import UserMessage

from bot.engine.ear import HANGS_AFTER_S, Ear
from bot.errors import EngineUnavailableError


class Processor:
    """Reads when it may, and fails when it should."""

    def __init__(self) -> None:
        self.may_read = threading.Event()
        self.may_read.set()
        self.reads = threading.Event()
        self.error: Exception | None = None

    def _parse_message_with_graph(self, message: UserMessage, _: Any) -> dict[str, Any]:
        self.reads.set()
        assert self.may_read.wait(30)
        if self.error:
            raise self.error
        return {"text": message.text}


@pytest.fixture
def processor() -> Processor:
    return Processor()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ear(processor: Processor, clock: Clock) -> Iterator[Ear]:
    ear = Ear(processor, clock)
    yield ear
    processor.may_read.set()
    ear.close()


def read(ear: Ear, text: str = "hello") -> dict[str, Any]:
    return asyncio.run(ear.parse(UserMessage(text, sender_id="talk")))


def test_an_ear_that_is_busy_has_not_failed(ear: Ear, processor: Processor) -> None:
    processor.may_read.clear()
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(read, ear)
        assert processor.reads.wait(30)
        assert not ear.has_failed()
        processor.may_read.set()

        assert reading.result()["text"] == "hello"
    assert not ear.has_failed()


def test_one_that_could_not_read_has_failed_until_it_can(ear: Ear, processor: Processor) -> None:
    processor.error = RuntimeError("choked")
    with pytest.raises(RuntimeError):
        read(ear)
    assert ear.has_failed()
    processor.error = None
    read(ear)

    assert not ear.has_failed()


def test_while_it_hangs_nobody_else_waits_for_it(
    ear: Ear, processor: Processor, clock: Clock
) -> None:
    processor.may_read.clear()
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(read, ear)
        assert processor.reads.wait(30)
        clock.now += HANGS_AFTER_S + 1
        with pytest.raises(EngineUnavailableError, match="too long"):
            read(ear, "another")
        processor.may_read.set()
        reading.result()
    while ear.is_stuck():
        time.sleep(0.01)

    assert read(ear, "another")["text"] == "another"
