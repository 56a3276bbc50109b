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
    """What is held of a conversation now, as far as it may be counted (bot/tallies.py).

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
        """Run one turn; turns of one conversation keep their order.

        Args:
            key: tells this message from others of its conversation.
        """

    def last_key(self, conversation: str) -> str:
        """The key of the last message that had one and was answered; '' if there is none."""

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

    def is_ready(self) -> bool:
        """Whether a message would be answered."""

    def close(self) -> None:
        """Stop, losing nothing that is under way."""
