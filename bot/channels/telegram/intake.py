"""Every update once; those of one chat in their order, those of different chats side by side.

An update counts as done when its turn is over, not when it was fetched: only then is
Telegram told. What was not done when the process ended is therefore delivered again.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections import deque
from collections.abc import Awaitable
from typing import Any, Final

from telegram import Bot, Update
from telegram.ext import BaseUpdateProcessor

logger = logging.getLogger(__name__)

AT_ONCE: Final = 256
REMEMBERED: Final = 20_000
"""Numbers of updates that are done, in case one is delivered again."""


class Intake(BaseUpdateProcessor):
    """What the application's updates pass through; `take` is the way in."""

    def __init__(self) -> None:
        super().__init__(AT_ONCE)
        self._queue: asyncio.Queue[object] = asyncio.Queue()
        self._bot: Bot | None = None
        self._pending: dict[int, asyncio.Future[None]] = {}
        self._done: deque[int] = deque(maxlen=REMEMBERED)
        self._done_set: set[int] = set()
        self._chats: dict[int, tuple[asyncio.Lock, int]] = {}

    def attach(self, bot: Bot, queue: asyncio.Queue[object]) -> None:
        """Say where updates go; before the first one is taken."""
        self._bot, self._queue = bot, queue

    @property
    def pending(self) -> list[asyncio.Future[None]]:
        """Updates whose turn is not over."""
        return list(self._pending.values())

    def is_done(self, number: int) -> bool:
        """Whether an update's turn is over."""
        return number in self._done_set

    def take(self, raw: dict[str, Any]) -> asyncio.Future[None]:
        """Take an update as Telegram sent it; returns what ends with its turn.

        A duplicate shares the turn of the first. One that can't be read is passed over, so
        that it is not delivered for ever.

        Raises:
            ValueError: it has no number.
        """
        if not isinstance(raw, dict) or not isinstance(number := raw.get("update_id"), int):
            raise ValueError("not an update")
        if number in self._pending:
            return self._pending[number]
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if number in self._done_set:
            future.set_result(None)
            return future
        self._pending[number] = future
        try:
            update = Update.de_json(raw, self._bot)
        except Exception as error:
            logger.warning("An update could not be read: %s", type(error).__name__)
            self._finish(number)
            return future
        self._queue.put_nowait(update)
        return future

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Run one update after the earlier ones of its chat."""
        if not isinstance(update, Update):
            raise TypeError("only updates are put into the queue")
        chat = update.effective_chat
        try:
            if chat is None:
                await coroutine
            else:
                await self._in_order(chat.id, coroutine)
        finally:
            if inspect.iscoroutine(coroutine):
                coroutine.close()
            self._finish(update.update_id)

    async def _in_order(self, chat_id: int, coroutine: Awaitable[Any]) -> None:
        # The id in clear stays no longer than the update itself, which holds it, too.
        lock, waiting = self._chats.get(chat_id, (asyncio.Lock(), 0))
        self._chats[chat_id] = (lock, waiting + 1)
        try:
            async with lock:  # first come, first served
                await coroutine
        finally:
            lock, waiting = self._chats.pop(chat_id)
            if waiting > 1:
                self._chats[chat_id] = (lock, waiting - 1)

    def _finish(self, number: int) -> None:
        if len(self._done) == self._done.maxlen:
            self._done_set.discard(self._done[0])
        self._done.append(number)
        self._done_set.add(number)
        future = self._pending.pop(number)
        if not future.done():
            future.set_result(None)

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to release."""
