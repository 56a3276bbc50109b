"""Limits against floods, which keep nobody's address.

Requests are counted under a keyed hash of the address they come from. The key is random and
changes every hour, and both live in memory only: nobody can be found from what is counted. What
says nothing any more is dropped within minutes. A running conversation goes before a new one, and
whoever is refused sees the numbers.

The limits are for a shelter with fifty people behind one address, all of them typing.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

KEY_LASTS_S: Final = 3600.0
TIDY_EVERY_S: Final = 10.0
MOST_COUNTED: Final = 100_000
"""Addresses and conversations counted at once; beyond that whoever is new is not counted."""


@dataclass(frozen=True)
class Limit:
    """A bucket that holds `burst` and is filled again by `per_s` a second."""

    burst: float
    per_s: float


STARTS: Final = Limit(burst=100, per_s=1.0)
"""New conversations of one address."""
MESSAGES: Final = Limit(burst=300, per_s=10.0)
"""Messages of one address."""
EVERYBODY: Final = Limit(burst=1000, per_s=50.0)
"""New conversations of all: what comes too fast is refused, what runs goes on."""
TALK: Final = Limit(burst=30, per_s=1.0)
"""Messages of one conversation."""
ENDINGS: Final = Limit(burst=500, per_s=20.0)
"""Deletes of one address, apart: a flood of messages must keep nobody from deleting."""


@dataclass
class _Bucket:
    limit: Limit
    left: float
    at: float

    def fill(self, now: float) -> float:
        """What is left by now."""
        self.left = min(self.limit.burst, self.left + (now - self.at) * self.limit.per_s)
        self.at = now
        return self.left


@dataclass
class Limits:
    """Counts requests of one process. Thread-safe."""

    clock: Callable[[], float] = time.monotonic
    _key: bytes = field(default=b"", repr=False)
    _since: float = field(default=float("-inf"), repr=False)
    _tidied: float = field(default=float("-inf"), repr=False)
    _buckets: dict[tuple[Limit, str], _Bucket] = field(default_factory=dict, repr=False)
    _one: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def wait(self, limit: Limit, who: str) -> float:
        """Count one request.

        Args:
            who: an address or a token; only its hash is held, for an hour at the most.

        Returns:
            0 when it may pass, else the seconds after which the next may.
        """
        with self._one:
            now = self.clock()
            self._tidy(now)
            name = (limit, self._hash(who))
            bucket = self._buckets.get(name)
            if bucket is None:
                # One bucket for all who are new would let whoever fills the table stop them.
                if len(self._buckets) >= MOST_COUNTED and limit is not EVERYBODY:
                    return 0.0
                bucket = self._buckets[name] = _Bucket(limit, limit.burst, now)
            if bucket.fill(now) >= 1:
                bucket.left -= 1
                return 0.0
            return (1 - bucket.left) / limit.per_s

    def tidy(self) -> None:
        """Drop what says nothing any more: buckets that are full again, and the key's hour."""
        with self._one:
            self._tidy(self.clock())

    def _tidy(self, now: float) -> None:
        if now - self._tidied < TIDY_EVERY_S:
            return
        self._tidied = now
        if now - self._since >= KEY_LASTS_S:
            self._key, self._since = secrets.token_bytes(32), now
            self._buckets.clear()
        self._buckets = {
            name: bucket
            for name, bucket in self._buckets.items()
            if bucket.fill(now) < bucket.limit.burst
        }

    def __len__(self) -> int:
        return len(self._buckets)

    def _hash(self, who: str) -> str:
        return hashlib.blake2b(
            who.encode("utf-8", "replace"), key=self._key, digest_size=16
        ).hexdigest()
