"""Where running counts lie until their month is over: in this process, or in Redis; on no disk.

A book holds two things. Receipts say what a conversation is counted for, so that it is counted
once, moves when it is corrected, and is taken back when it is deleted; they lie under the
conversation's keyed hash and live as long as the conversation. Months hold numbers by cell, and
nothing that leads from one cell to another.
"""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from bot.engine.base import KEEP_S
from bot.engine.shelf import Connection, MemoryShelf

RECEIPT: Final = "waymark:counted:"
MONTH: Final = "waymark:tally:"
BEGAN: Final = "waymark:tally-began"
SINCE: Final = "since"
"""Of the fields of a month the one that is no cell."""
MONTH_LASTS_S: Final = 62 * 24 * 3600
"""After its last change; it is published long before."""


@dataclass(frozen=True)
class Receipt:
    """What one conversation is counted for."""

    month: str
    place: str
    signs: tuple[str, ...]

    def cells(self) -> list[str]:
        """The names of its numbers."""
        return [f"{self.place} {sign}" for sign in self.signs]

    def as_text(self) -> str:
        """As it lies in a book."""
        return json.dumps([self.month, self.place, self.signs])

    @classmethod
    def read(cls, text: str | None) -> Receipt | None:
        """Of as_text()."""
        if text is None:
            return None
        month, place, signs = json.loads(text)
        return cls(month, place, tuple(signs))


@dataclass
class Month:
    """Numbers by cell ('hackney debt'), and the day on which counting began in it."""

    since: str = ""
    cells: Counter[str] = field(default_factory=Counter)


class Book(Protocol):
    """Raises EngineUnavailableError when it can't be reached; then nothing is changed."""

    def receipt(self, conversation: str) -> Receipt | None:
        """What the conversation is counted for; None while it is not."""

    def put(self, conversation: str, receipt: Receipt | None) -> None:
        """Count it for this, and no more for what it was counted for before; in one go."""

    def close(self, conversation: str) -> None:
        """Forget for whom it was counted; the numbers stay."""

    def month(self, month: str) -> Month:
        """What was counted."""

    def drop(self, month: str) -> None:
        """Forget a month."""


def _changes(before: Receipt | None, after: Receipt | None) -> list[tuple[str, str, int]]:
    """Month, cell and by how much."""
    if before == after:
        return []
    both = ((before, -1), (after, +1))
    return [
        (receipt.month, cell, change)
        for receipt, change in both
        if receipt
        for cell in receipt.cells()
    ]


def _since(month: str, began: str) -> str:
    """The first day of a month, or a later one if counting began then."""
    return max(f"{month}-01", began)


class MemoryBook:
    """In this process. Gone when it ends. Thread-safe."""

    def __init__(self, today: str, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin to count.

        Args:
            today: the date.
        """
        self._began = today
        self._receipts = MemoryShelf(clock)
        self._months: dict[str, Month] = {}
        self._one = threading.Lock()

    def receipt(self, conversation: str) -> Receipt | None:
        """See Book."""
        with self._one:
            return Receipt.read(self._receipts.get(conversation))

    def put(self, conversation: str, receipt: Receipt | None) -> None:
        """See Book."""
        with self._one:
            self._receipts.sweep()
            before = Receipt.read(self._receipts.get(conversation))
            if receipt is None:
                self._receipts.drop(conversation)
            else:
                self._receipts.put(conversation, receipt.as_text())
            for month, cell, change in _changes(before, receipt):
                held = self._months.setdefault(month, Month(_since(month, self._began)))
                held.cells[cell] += change

    def close(self, conversation: str) -> None:
        """See Book."""
        with self._one:
            self._receipts.drop(conversation)

    def month(self, month: str) -> Month:
        """See Book."""
        with self._one:
            held = self._months.get(month, Month())
            return Month(held.since, Counter(held.cells))

    def drop(self, month: str) -> None:
        """See Book."""
        with self._one:
            self._months.pop(month, None)


class RedisBook:
    """In Redis, for any number of processes, and over their restarts."""

    def __init__(self, connection: Connection, today: Callable[[], str]) -> None:
        """Nothing is asked yet.

        Args:
            today: the date; held where a Redis is new, because it may have lost counts.
        """
        self._connection = connection
        self._today = today

    def receipt(self, conversation: str) -> Receipt | None:
        """See Book."""
        return Receipt.read(self._connection.ask(lambda redis: redis.get(RECEIPT + conversation)))

    def put(self, conversation: str, receipt: Receipt | None) -> None:
        """See Book."""
        name = RECEIPT + conversation

        def change(commands: Any) -> None:
            before = Receipt.read(commands.get(name))
            began = str(commands.get(BEGAN) or self._today())
            commands.multi()
            if receipt is None:
                commands.delete(name)
            else:
                commands.set(name, receipt.as_text(), ex=KEEP_S)
            commands.set(BEGAN, began, nx=True)
            for month, cell, by in _changes(before, receipt):
                commands.hsetnx(MONTH + month, SINCE, _since(month, began))
                commands.hincrby(MONTH + month, cell, by)
                commands.expire(MONTH + month, MONTH_LASTS_S)

        # Begins anew if somebody else changed the receipt in between.
        self._connection.ask(lambda redis: redis.transaction(change, name))

    def close(self, conversation: str) -> None:
        """See Book."""
        self._connection.ask(lambda redis: redis.delete(RECEIPT + conversation))

    def month(self, month: str) -> Month:
        """See Book."""
        held = dict(self._connection.ask(lambda redis: redis.hgetall(MONTH + month)))
        since = str(held.pop(SINCE, ""))
        return Month(since, Counter({str(cell): int(number) for cell, number in held.items()}))

    def drop(self, month: str) -> None:
        """See Book."""
        self._connection.ask(lambda redis: redis.delete(MONTH + month))
