"""What a conversation needs of an engine; the embedded one and the fake one are alike."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Final, Protocol

KEEP_S: Final = 30 * 60
"""Seconds for which a conversation is held after its last message (promise 7)."""


@dataclass(frozen=True)
class Typed:
    """Words that a person wrote, already cleaned."""

    text: str


@dataclass(frozen=True)
class Chosen:
    """A choice: intent and entities, past the language model."""

    intent: str
    entities: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Standing:
    """What is held of a conversation now, as far as it may be counted (bot/tallies/counting.py).

    `said`: names of the last turn's responses.
    """

    labels: tuple[str, ...] = ()
    place: str | None = None
    said: tuple[str, ...] = ()


class Engine(Protocol):
    """Turns a message into Rasa's messages (dicts with text, buttons and custom)."""

    def handle(
        self, conversation: str, message: Typed | Chosen, key: str = ""
    ) -> Future[list[dict[str, Any]]]:
        """Run one turn, and return at once; turns of one conversation keep their order.

        A turn is kept whole or not at all. Cancelling the future gives it up: then nothing of it
        is kept. One that can't be cancelled any more is being kept, and answers in a moment.

        Args:
            key: tells this message from others of its conversation. The same key as that of the
                last message means that it was sent again: what was said is said again.
        """

    def language_of(self, conversation: str) -> str | None:
        """The conversation's language; None when the conversation is unknown or over."""

    def standing(self, conversation: str) -> Standing | None:
        """What is held of it; None when the conversation is unknown or over."""

    def exists(self, conversation: str) -> bool:
        """Whether the conversation is held now."""

    def keep(self, conversation: str) -> None:
        """Hold the conversation as long as after a message; nothing happens to an unknown one."""

    def erase(self, conversation: str) -> None:
        """Forget a conversation now."""

    def trouble(self) -> str:
        """What keeps messages from being answered, in plain words; '' when nothing does."""

    def close(self) -> None:
        """Stop, losing nothing that is under way."""
