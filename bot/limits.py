"""Limits against floods, which keep nobody's address.

Requests are counted under a keyed hash of the address they come from. The key is random and
changes every hour, and both live in memory only: nobody can be found from what is counted. A
running conversation goes before a new one, and whoever is refused sees the numbers.

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
MOST_COUNTED: Final = 100_000
"""Addresses and conversations counted at once; beyond that nobody new is counted apart."""
_REST: Final = "rest"


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


@dataclass
class _Bucket:
    left: float
    at: float


@dataclass
class Limits:
    """Counts requests of one process. Thread-safe."""

    clock: Callable[[], float] = time.monotonic
    _key: bytes = field(default=b"", repr=False)
    _since: float = field(default=float("-inf"), repr=False)
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
            if now - self._since >= KEY_LASTS_S:
                self._key, self._since = secrets.token_bytes(32), now
                self._buckets.clear()
            name = (limit, self._hash(who))
            if name not in self._buckets and len(self._buckets) >= MOST_COUNTED:
                name = (limit, _REST)
            bucket = self._buckets.setdefault(name, _Bucket(limit.burst, now))
            bucket.left = min(limit.burst, bucket.left + (now - bucket.at) * limit.per_s)
            bucket.at = now
            if bucket.left >= 1:
                bucket.left -= 1
                return 0.0
            return (1 - bucket.left) / limit.per_s

    def __len__(self) -> int:
        return len(self._buckets)

    def _hash(self, who: str) -> str:
        return hashlib.blake2b(
            who.encode("utf-8", "replace"), key=self._key, digest_size=16
        ).hexdigest()
