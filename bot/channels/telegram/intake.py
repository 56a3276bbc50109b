"""Every update once; those of one chat in their order, those of different chats side by side.

An update counts as done when its turn is over, not when it was fetched: only then is
Telegram told. What was not done when the process ended is therefore delivered again. Telegram
gives nobody anything new while too much is not done: a chat of which a lot waits is done with
at once for Telegram, and waits on here.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

from telegram import Bot, Update
from telegram.ext import BaseUpdateProcessor

from bot.limits import TALK, Limits

logger = logging.getLogger(__name__)

AT_ONCE: Final = 10_000
"""Most of them wait for an earlier one of their chat."""
HELD: Final = 5
"""Updates of one chat that Telegram holds for us; fewer than it delivers to a webhook at once."""
REMEMBERED: Final = 20_000
"""Numbers of updates that are done, in case one is delivered again."""


@dataclass
class _Line:
    """Updates of one chat. `waiting`: their numbers, first the one whose turn it is. `last`: the
    newest words of those that were too many.
    """

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: list[int] = field(default_factory=list)
    last: Update | None = None


class Intake(BaseUpdateProcessor):
    """What the application's updates pass through; `take` is the way in."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(AT_ONCE)
        self._limits = limits
        self._queue: asyncio.Queue[object] = asyncio.Queue()
        self._bot: Bot | None = None
        self._too_many: Callable[[Update], None] = lambda _: None
        self._pending: dict[int, asyncio.Future[None]] = {}
        self._done: deque[int] = deque(maxlen=REMEMBERED)
        self._done_set: set[int] = set()
        self._chats: dict[int, _Line] = {}

    def attach(
        self,
        bot: Bot,
        queue: asyncio.Queue[object],
        too_many: Callable[[Update], None] = lambda _: None,
    ) -> None:
        """Say where updates go; before the first one is taken.

        Args:
            bot: whom updates belong to.
            queue: the application's.
            too_many: told of each update that is over its chat's limit.
        """
        self._bot, self._queue, self._too_many = bot, queue, too_many

    @property
    def pending(self) -> list[asyncio.Future[None]]:
        """Updates that Telegram holds for us."""
        return list(self._pending.values())

    @property
    def is_busy(self) -> bool:
        """Whether anything waits, or has its turn."""
        return bool(self._pending or self._chats)

    def is_done(self, number: int) -> bool:
        """Whether Telegram may be told that an update is done."""
        return number in self._done_set

    def take(self, raw: dict[str, Any]) -> asyncio.Future[None]:
        """Take an update as Telegram sent it; returns what ends when Telegram may be told.

        A duplicate shares the turn of the first. One that can't be read is passed over, so
        that it is not delivered for ever. Over the limit of a chat the words that came last are
        taken a moment later, and all before them is passed over.

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
        if update.effective_chat is None:
            self._queue.put_nowait(update)
        else:
            self._line_up(update, update.effective_chat.id)
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
                await self._in_order(chat.id, update.update_id, coroutine)
        finally:
            if inspect.iscoroutine(coroutine):
                coroutine.close()
            self._finish(update.update_id)

    def _line_up(self, update: Update, chat_id: int) -> None:
        # The id in clear stays no longer than the updates themselves, which hold it, too.
        line = self._chats.setdefault(chat_id, _Line())
        is_said = update.my_chat_member is None
        if is_said and (wait_s := self._limits.wait(TALK, str(chat_id))):
            self._too_many(update)
            self._hold_back(line, update, wait_s)
        else:
            self._put(line, update)
        if len(line.waiting) > HELD:
            for number in line.waiting:
                self._finish(number)

    def _put(self, line: _Line, update: Update) -> None:
        line.waiting.append(update.update_id)
        self._queue.put_nowait(update)

    def _hold_back(self, line: _Line, update: Update, wait_s: float) -> None:
        """Danger may stand in the last words; a button can be pressed again."""
        self._finish(update.update_id)
        if line.last is None:
            asyncio.get_running_loop().call_later(wait_s, self._take_last, line)
        elif update.callback_query:
            return
        line.last = update

    def _take_last(self, line: _Line) -> None:
        update, line.last = line.last, None
        if update:
            self._put(line, update)

    async def _in_order(self, chat_id: int, number: int, coroutine: Awaitable[Any]) -> None:
        line = self._chats[chat_id]
        try:
            async with line.lock:  # first come, first served
                await coroutine
        finally:
            line.waiting.remove(number)
            if not line.waiting and not line.last:
                del self._chats[chat_id]

    def _finish(self, number: int) -> None:
        """Telegram may be told; a second time changes nothing."""
        future = self._pending.pop(number, None)
        if future is None:
            return
        if len(self._done) == self._done.maxlen:
            self._done_set.discard(self._done[0])
        self._done.append(number)
        self._done_set.add(number)
        if not future.done():
            future.set_result(None)

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to release."""
