"""One turn of a conversation at a time, in this process.

Rasa's own store in memory asks once a second whether the lock is free, and lets locks run out by
the wall clock: when that jumps, whoever waits waits for good.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.lock_store import LockStore


class MemoryLocks(LockStore):
    """A lock is there as long as somebody holds it or waits for it. First come, first served."""

    def __init__(self) -> None:
        self.held: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        super().__init__()

    @asynccontextmanager
    async def lock(self, conversation_id: str, *_: Any, **__: Any) -> AsyncGenerator[None, None]:
        """Hold the conversation's lock."""
        lock = self.held.setdefault(conversation_id, asyncio.Lock())
        async with lock:
            yield

    def delete_lock(self, conversation_id: str) -> None:
        """Locks end with their turn."""
