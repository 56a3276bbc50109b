"""A turn is kept whole, or not at all.

What is kept must be what the person has seen: a question that nobody was shown would be
answered by the next words. So a turn in which something failed, or for which nobody waits any
more, keeps nothing, and the conversation stands where it stood.
"""

from __future__ import annotations

import contextvars
from concurrent.futures import Future
from typing import Any

from bot.errors import EngineUnavailableError


class TakenAlreadyError(Exception):
    """This message was taken before, and is sent again."""


class WholeTurn:
    """One turn under way.

    Attributes:
        key: tells its message from others; '' if nothing does.
        begins: whether it is a conversation's first.
        said: what was said so far.
        failed: names of actions and sentences that failed.
    """

    def __init__(
        self, key: str, answer: Future[list[dict[str, Any]]], *, begins: bool = False
    ) -> None:
        self.key = key
        self.begins = begins
        self.said: list[dict[str, Any]] = []
        self.failed: list[str] = []
        self._answer = answer

    def begin(self, last_key: str) -> None:
        """Told the key of the last message that was kept.

        Raises:
            TakenAlreadyError: it is this one.
        """
        if self.key and self.key == last_key:
            raise TakenAlreadyError

    def settle(self) -> None:
        """Called before it is kept; from then on nobody can give it up.

        Raises:
            EngineUnavailableError: it must not be kept.
        """
        if self.failed or not self.said:
            raise EngineUnavailableError(f"a turn without an answer; failed: {self.failed}")
        if not self._answer.running() and not self._answer.set_running_or_notify_cancel():
            raise EngineUnavailableError("nobody waits for this turn any more")


under_way: contextvars.ContextVar[WholeTurn] = contextvars.ContextVar("under_way")
"""The turn of this task."""
