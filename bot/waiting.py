"""Waiting for the engine's answers: a message sent twice is one turn, and what nobody waits for any
more is given up.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from typing import Any, Final

from bot.engine.base import Chosen, Engine, Typed
from bot.errors import EngineUnavailableError

Messages = list[dict[str, Any]]

LAST_MOMENT_S: Final = 0.7
"""For a turn that is being kept just when the time is over."""
MOST_TYPED: Final = 64
"""Messages that may wait to be read. One is read after another, so that more would wait in vain,
and keep the web server from answering anybody else."""


class Waiting:
    """Who waits for which turn of an engine. Thread-safe."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._one_at_a_time = threading.Lock()
        self._under_way: dict[tuple[str, str], Future[Messages]] = {}
        self._waiting: Counter[Future[Messages]] = Counter()
        self._places = threading.BoundedSemaphore(MOST_TYPED)

    def answer(
        self, conversation: str, message: Typed | Chosen, key: str, until: float
    ) -> Messages:
        """Run a turn, or wait with whoever sent this message before and still waits.

        Args:
            key: tells this message from others of its conversation; '' if nothing does.
            until: when the time is over, on the monotonic clock. Whoever waits last gives the
                turn up then, unless it is being kept.

        Raises:
            EngineError: the turn failed, or too many wait already.
            TimeoutError: it took too long.
        """
        with self._place(message):
            turn = self._join(conversation, message, key)
            try:
                wait([turn], max(0.0, until - time.monotonic()))
                with self._one_at_a_time:
                    self._waiting[turn] -= 1
                    others = self._waiting[turn]
                    if not others:
                        del self._waiting[turn]
                    if not turn.done() and (others or turn.cancel()):
                        raise TimeoutError
                return turn.result(LAST_MOMENT_S)
            finally:
                del turn  # it holds the error, and the error's traceback would hold it

    @contextmanager
    def _place(self, message: Typed | Chosen) -> Iterator[None]:
        if not isinstance(message, Typed):
            yield
            return
        if not self._places.acquire(blocking=False):
            raise EngineUnavailableError("too many messages wait to be read")
        try:
            yield
        finally:
            self._places.release()

    def _join(self, conversation: str, message: Typed | Chosen, key: str) -> Future[Messages]:
        with self._one_at_a_time:
            turn = self._under_way.get((conversation, key)) if key else None
            if turn is None:
                turn = self._engine.handle(conversation, message, key)
                if key:
                    self._under_way[conversation, key] = turn
                    turn.add_done_callback(lambda _: self._under_way.pop((conversation, key)))
            self._waiting[turn] += 1
        return turn
