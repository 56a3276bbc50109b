"""One turn of a conversation at a time, over all processes.

Rasa's own Redis lock store reads a list of tickets, changes it and writes it back: two processes
that do so at once hold the same ticket. Redis itself can hand out a lock to one of them.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

from rasa.core.lock_store import LockError, LockStore

from bot.engine.shelf import Connection
from bot.errors import EngineUnavailableError

PREFIX: Final = "waymark:turn:"
LASTS_S: Final = 4
"""A turn whose process died holds others up no longer."""
RENEW_EVERY_S: Final = 1.0
WAIT_S: Final = 8.0
ASK_AGAIN_S: Final = 0.02


class RedisLocks(LockStore):
    """A lock a conversation, which ends by itself when its process dies."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        super().__init__()

    @asynccontextmanager
    async def lock(self, conversation_id: str, *_: Any, **__: Any) -> AsyncGenerator[None, None]:
        """Hold the conversation's lock.

        Raises:
            LockError: Redis is down, or another turn does not end.
        """
        held = self._connection.client.lock(
            PREFIX + conversation_id, timeout=LASTS_S, thread_local=False
        )
        until = time.monotonic() + WAIT_S
        try:
            while not self._connection.ask(lambda _: held.acquire(blocking=False)):
                if time.monotonic() > until:
                    raise LockError("another turn of this conversation does not end")
                await asyncio.sleep(ASK_AGAIN_S)
        except EngineUnavailableError as error:
            raise LockError(str(error)) from None
        renewing = asyncio.create_task(self._renew(held))
        try:
            yield
        finally:
            renewing.cancel()
            self._release(held)

    async def _renew(self, held: Any) -> None:
        """Of a turn that takes longer, as long as this process lives."""
        while True:
            await asyncio.sleep(RENEW_EVERY_S)
            with suppress(EngineUnavailableError):
                self._connection.ask(lambda _: held.reacquire())

    def _release(self, held: Any) -> None:
        with suppress(EngineUnavailableError):  # then it ends by itself
            self._connection.ask(lambda _: held.release())

    def delete_lock(self, conversation_id: str) -> None:
        """Locks end with their turn."""
