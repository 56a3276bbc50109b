"""Where the state of conversations lies for thirty minutes: in this process, or in Redis.

A state is a short JSON text of choices and labels (bot/engine/tracker_store.py); no shelf is
ever given a person's words. In Redis an entry expires by itself, and its name is the keyed hash
of a token.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any, Final, Protocol

from bot.engine.base import KEEP_S
from bot.errors import EngineUnavailableError

logger = logging.getLogger(__name__)

PREFIX: Final = "waymark:kept:"
TIMEOUT_S: Final = 1.0
"""A Redis that does not answer for so long is down."""
REST_S: Final = 2.0
"""After a failure Redis is left alone for so long, and everybody is answered at once."""


class Shelf(Protocol):
    """Holds one text a conversation. Raises EngineUnavailableError when it can't be reached."""

    def get(self, name: str) -> str | None:
        """What lies there; None when there is nothing, or its time is over."""

    def put(self, name: str, text: str) -> None:
        """Lay it there for thirty minutes."""

    def keep(self, name: str) -> None:
        """Thirty minutes from now, if it is there."""

    def drop(self, name: str) -> None:
        """Forget it now."""

    def names(self) -> list[str]:
        """What is held now."""

    def sweep(self) -> list[str]:
        """Forget what is over, where that does not happen by itself; returns the names."""

    def is_ready(self) -> bool:
        """Whether it answers."""


class MemoryShelf:
    """In this process. Gone when it ends."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._held: dict[str, tuple[float, str]] = {}

    def get(self, name: str) -> str | None:
        """See Shelf."""
        until, text = self._held.get(name, (0.0, None))
        if text is not None and until < self._clock():
            self._held.pop(name, None)
            return None
        return text

    def put(self, name: str, text: str) -> None:
        """See Shelf."""
        self._held[name] = (self._clock() + KEEP_S, text)

    def keep(self, name: str) -> None:
        """See Shelf."""
        if (text := self.get(name)) is not None:
            self.put(name, text)

    def drop(self, name: str) -> None:
        """See Shelf."""
        self._held.pop(name, None)

    def names(self) -> list[str]:
        """See Shelf."""
        self.sweep()
        return list(self._held)

    def sweep(self) -> list[str]:
        """See Shelf."""
        now = self._clock()
        over = [name for name, (until, _) in list(self._held.items()) if until < now]
        for name in over:
            self.drop(name)
        return over

    def is_ready(self) -> bool:
        """Always."""
        return True


class Connection:
    """One Redis, asked with short timeouts; after a failure it rests for a moment."""

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        """Connect when it is first asked.

        Args:
            url: redis:// or rediss:// with user and password.
        """
        import redis

        self.client = redis.Redis.from_url(
            url,
            socket_timeout=TIMEOUT_S,
            socket_connect_timeout=TIMEOUT_S,
            decode_responses=True,
            health_check_interval=15,
        )
        self._errors = (redis.RedisError, OSError)
        self._clock = clock
        self._rests_until = float("-inf")
        self._is_away = False

    def introduce(self) -> None:
        """Ask for the first time. One that is away may come yet.

        Raises:
            EngineUnavailableError: it will never answer with these settings.
        """
        import redis

        try:
            self.client.ping()
        except redis.AuthenticationError:
            raise EngineUnavailableError(
                "Redis refuses the user or the password of WAYMARK_REDIS_URL."
            ) from None
        except self._errors:
            return

    def ask(self, command: Callable[[Any], Any]) -> Any:
        """What a command gives.

        Raises:
            EngineUnavailableError: Redis is down, full or too slow; never says where it is.
        """
        if self._clock() < self._rests_until:
            raise EngineUnavailableError("Redis does not answer")
        try:
            answer = command(self.client)
            self._is_away = False
            return answer
        except self._errors as error:
            import redis

            # One that is full still reads, and a lock that was lost says nothing of the others.
            if isinstance(error, (redis.ConnectionError, redis.TimeoutError, OSError)):
                self._rests_until = self._clock() + REST_S
                if not self._is_away:
                    logger.error("Redis does not answer (%s); trying on.", type(error).__name__)
                self._is_away = True
            raise EngineUnavailableError(f"Redis: {type(error).__name__}") from None


class RedisShelf:
    """In Redis, for any number of processes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, name: str) -> str | None:
        """See Shelf."""
        found = self._connection.ask(lambda redis: redis.get(PREFIX + name))
        return None if found is None else str(found)

    def put(self, name: str, text: str) -> None:
        """See Shelf."""
        self._connection.ask(lambda redis: redis.set(PREFIX + name, text, ex=KEEP_S))

    def keep(self, name: str) -> None:
        """See Shelf."""
        self._connection.ask(lambda redis: redis.expire(PREFIX + name, KEEP_S))

    def drop(self, name: str) -> None:
        """See Shelf."""
        self._connection.ask(lambda redis: redis.delete(PREFIX + name))

    def names(self) -> list[str]:
        """See Shelf."""
        found = self._connection.ask(lambda redis: list(redis.scan_iter(f"{PREFIX}*", count=1000)))
        return [str(name).removeprefix(PREFIX) for name in found]

    def sweep(self) -> list[str]:
        """Redis forgets by itself."""
        return []

    def is_ready(self) -> bool:
        """Whether Redis answers now."""
        try:
            return bool(self._connection.ask(lambda redis: redis.ping()))
        except EngineUnavailableError:
            return False
