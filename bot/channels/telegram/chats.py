"""What is held of a chat, in memory, under a keyed hash of the id that Telegram sends.

The key is random and changes daily. A key is dropped as soon as nothing made with it is
left, and nobody can find a chat's id from what is held here. The conversation itself (token,
language, open questions) goes 30 minutes after the last message; the numbers of messages, by
which /delete removes them, stay until Telegram would refuse to delete them.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from bot.replies import Choice, Link

KEY_LASTS_S: Final = 24 * 3600
CONVERSATION_LASTS_S: Final = 30 * 60
DELETABLE_S: Final = 48 * 3600 - 15 * 60
"""Telegram deletes messages under 48 hours old; a quarter of an hour is left for the way."""
MAX_MESSAGES: Final = 2000
"""Numbers of messages kept for one chat; the oldest go first."""


@dataclass
class Question:
    """A message with buttons that wait for an answer."""

    choices: tuple[Choice, ...]
    links: tuple[Link, ...] = ()
    multiple: bool = False
    ticked: set[int] = field(default_factory=set)


@dataclass
class Chat:
    """One private chat. Holds no id, no name and no words of the person.

    `is_unseen`: what was said last did not all arrive.
    """

    seen_at: float
    token: str | None = None
    language: str | None = None
    is_unseen: bool = False
    questions: dict[int, Question] = field(default_factory=dict)
    answered: deque[int] = field(default_factory=lambda: deque(maxlen=50))
    messages: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=MAX_MESSAGES))

    def close(self) -> None:
        """Forget the conversation, not which messages can be deleted."""
        self.token = self.language = None
        self.is_unseen = False
        self.questions.clear()
        self.answered.clear()


@dataclass(frozen=True)
class _Key:
    secret: bytes
    made_at: float

    def hash(self, chat_id: int) -> str:
        return hashlib.blake2b(str(chat_id).encode(), key=self.secret, digest_size=16).hexdigest()


class Chats:
    """All chats of this process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._held: dict[_Key, dict[str, Chat]] = {self._new_key(): {}}

    def of(self, chat_id: int) -> Chat:
        """The chat, new if nothing is held of it; its half hour starts anew."""
        chat = self._take(chat_id) or Chat(self._clock())
        chat.seen_at = self._clock()
        key = self._current_key()
        self._held[key][key.hash(chat_id)] = chat
        return chat

    def note(self, chat: Chat, message_id: int) -> None:
        """Remember that a message can be deleted later."""
        chat.messages.append((self._clock(), message_id))

    def deletable(self, chat: Chat) -> list[int]:
        """Numbers of the messages that Telegram would still delete."""
        since = self._clock() - DELETABLE_S
        return list(dict.fromkeys(number for at, number in chat.messages if at > since))

    def forget(self, chat_id: int) -> None:
        """Hold nothing of a chat any more."""
        self._take(chat_id)

    def sweep(self) -> list[str]:
        """Forget what is over; returns the tokens of conversations that are."""
        now = self._clock()
        over = []
        for key, chats in list(self._held.items()):
            for name, chat in list(chats.items()):
                if chat.seen_at + CONVERSATION_LASTS_S < now:
                    over += [chat.token] if chat.token else []
                    chat.close()
                while chat.messages and chat.messages[0][0] + DELETABLE_S < now:
                    chat.messages.popleft()
                if not chat.messages and chat.seen_at + CONVERSATION_LASTS_S < now:
                    del chats[name]
            if not chats and key.made_at + KEY_LASTS_S <= now:
                del self._held[key]
        return over

    def __len__(self) -> int:
        return sum(len(chats) for chats in self._held.values())

    def _take(self, chat_id: int) -> Chat | None:
        for key, chats in self._held.items():
            if (chat := chats.pop(key.hash(chat_id), None)) is not None:
                return chat
        return None

    def _current_key(self) -> _Key:
        now = self._clock()
        for key in reversed(self._held):
            if key.made_at + KEY_LASTS_S > now:
                return key
        key = self._new_key()
        self._held[key] = {}
        return key

    def _new_key(self) -> _Key:
        return _Key(secrets.token_bytes(32), self._clock())
