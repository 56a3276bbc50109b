"""Waiting for the engine's answers: a message sent twice is one turn, and what nobody waits for any
more is given up.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from concurrent.futures import Future
from typing import Any, Final

from bot.engine.base import Chosen, Engine, Typed

Messages = list[dict[str, Any]]

LAST_MOMENT_S: Final = 0.7
"""For a turn that is being kept just when the time is over."""


class Waiting:
    """Who waits for which turn of an engine. Thread-safe."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._one_at_a_time = threading.Lock()
        self._under_way: dict[tuple[str, str], Future[Messages]] = {}
        self._waiting: Counter[Future[Messages]] = Counter()

    def answer(
        self, conversation: str, message: Typed | Chosen, key: str, until: float
    ) -> Messages:
        """Run a turn, or wait with whoever sent this message before and still waits.

        Args:
            key: tells this message from others of its conversation; '' if nothing does.
            until: when the time is over, on the monotonic clock. Whoever waits last gives the
                turn up then, unless it is being kept.

        Raises:
            EngineError: the turn failed.
            TimeoutError: it took too long.
        """
        with self._one_at_a_time:
            turn = self._under_way.get((conversation, key)) if key else None
            if turn is None:
                turn = self._engine.handle(conversation, message, key)
                if key:
                    self._under_way[conversation, key] = turn
            self._waiting[turn] += 1
        if key:
            turn.add_done_callback(lambda _: self._under_way.pop((conversation, key), None))
        try:
            return turn.result(max(0.0, until - time.monotonic()))
        except TimeoutError:
            with self._one_at_a_time:
                if self._waiting[turn] > 1 or turn.cancel():
                    raise
            return turn.result(LAST_MOMENT_S)
        finally:
            with self._one_at_a_time:
                self._waiting[turn] -= 1
                if not self._waiting[turn]:
                    del self._waiting[turn]
