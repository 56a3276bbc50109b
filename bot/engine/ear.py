"""Hears what is typed, beside the engine's loop.

Reading a message is the one slow step of a turn. In the loop it would hold up everybody: buttons,
other people's answers, the sweeper. One thread reads one message after another, because nothing
says that the encoder may be asked by two; a message that is given up while it waits is not read.
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Final

from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.trackers import DialogueStateTracker

from bot.errors import EngineUnavailableError

HANGS_AFTER_S: Final = 6.0
"""No message takes so long to read, on the slowest machine that is meant."""

Heard = dict[str, Any]


class Ear:
    """Stands where Rasa would ask another server to read a message.

    The graph's components are not given the conversation: none of ours looks at it. The thread
    ends with the process, also when it hangs.
    """

    def __init__(
        self, processor: MessageProcessor, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._processor = processor
        self._clock = clock
        self._began: float | None = None
        self._has_failed = False
        self._waiting: queue.SimpleQueue[tuple[Future[Heard], UserMessage] | None]
        self._waiting = queue.SimpleQueue()
        threading.Thread(target=self._run, name="ear", daemon=True).start()

    async def parse(self, message: UserMessage) -> Heard:
        """What is heard in a message.

        Raises:
            EngineUnavailableError: it hangs over another one.
        """
        if self.is_stuck():
            raise EngineUnavailableError("the model takes too long over what was typed before")
        heard: Future[Heard] = Future()
        self._waiting.put((heard, message))
        try:
            return await asyncio.wrap_future(heard)
        finally:
            del heard  # it holds the error, and the error's traceback would hold it

    def is_stuck(self) -> bool:
        """Whether it has been at one message for too long."""
        began = self._began
        return began is not None and self._clock() - began > HANGS_AFTER_S

    def has_failed(self) -> bool:
        """Whether the last message that was read could not be."""
        return self._has_failed

    def close(self) -> None:
        """Read what waits, then end."""
        self._waiting.put(None)

    def _run(self) -> None:
        while self._read_next():
            pass

    def _read_next(self) -> bool:
        """Read one message; a method of its own, so that its words are let go before the next."""
        if (waiting := self._waiting.get()) is None:
            return False
        heard, message = waiting
        if not heard.set_running_or_notify_cancel():
            return True
        self._began = self._clock()
        try:
            read = self._processor._parse_message_with_graph(
                message, DialogueStateTracker.from_events(message.sender_id, [])
            )
        except Exception as error:
            self._has_failed = True
            heard.set_exception(error)
        else:
            self._has_failed = False
            heard.set_result(read)
        finally:
            self._began = None
            del waiting, heard, message  # the error's traceback would hold them, and they it
        return True
