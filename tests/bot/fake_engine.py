"""A scripted engine for tests: no Rasa, no model, every failure on demand."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from bot.choices import REPEAT
from bot.engine.base import Chosen, Standing, Typed

Message = dict[str, Any]
Answer = Callable[[str, "Typed | Chosen"], list[Message]]


def rasa_message(
    text: str = "Hello.",
    *,
    language: str = "en",
    ended: bool = False,
    tone: str = "normal",
    buttons: tuple[tuple[str, str], ...] = (),
    links: tuple[dict[str, str], ...] = (),
    **extras: Any,
) -> Message:
    """A message in the shape that bot/nlg.py gives Rasa."""
    return {
        "text": text,
        "buttons": [{"payload": payload, "title": title} for payload, title in buttons],
        "custom": {
            "tone": tone,
            "links": list(links),
            "language": language,
            "ended": ended,
            **extras,
        },
    }


class FakeEngine:
    """Implements bot.engine.base.Engine in memory.

    Attributes:
        turns: every (conversation, message) that was handled.
        standings: what is held of conversations, where a test says it.
        erased, kept: every conversation that was erased or held longer, in order.
        answer: makes the messages of a turn; may raise.
        pool: where it does so, if `handle` is to return at once, as the real one does.
        is_slow: turns end when a test ends them.
        under_way: those turns.
        trouble_is: what `trouble` says.
    """

    def __init__(self) -> None:
        self.turns: list[tuple[str, Typed | Chosen]] = []
        self.erased: list[str] = []
        self.kept: list[str] = []
        self.languages: dict[str, str] = {}
        self.keys: dict[str, str] = {}
        self.standings: dict[str, Standing] = {}
        self.answer: Answer = self.echo
        self.is_slow = False
        self.under_way: list[Future[list[Message]]] = []
        self.trouble_is = ""
        self.is_closed = False
        self.pool: ThreadPoolExecutor | None = None

    def handle(
        self, conversation: str, message: Typed | Chosen, key: str = ""
    ) -> Future[list[Message]]:
        if key and key == self.keys.get(conversation):
            message = Chosen(REPEAT)
        self.turns.append((conversation, message))
        future: Future[list[Message]] = Future()
        if self.is_slow:
            self.languages.setdefault(conversation, "en")
            self.under_way.append(future)
            return future
        if self.pool:
            return self.pool.submit(self._turn, conversation, message, key)
        try:
            future.set_result(self._turn(conversation, message, key))
        except Exception as error:
            future.set_exception(error)
        return future

    def _turn(self, conversation: str, message: Typed | Chosen, key: str) -> list[Message]:
        messages = self.answer(conversation, message)
        self.keys[conversation] = key or self.keys.get(conversation, "")
        self.languages[conversation] = messages[-1]["custom"]["language"]
        return messages

    def echo(self, conversation: str, message: Typed | Chosen) -> list[Message]:
        """One message in the conversation's language; 'delete_chat' ends it."""
        language = self.languages.get(conversation, "en")
        if isinstance(message, Typed):
            return [rasa_message("I heard you.", language=language)]
        hints = dict(message.entities)
        return [
            rasa_message(
                "Hello.",
                language=hints.get("language", language),
                ended=message.intent == "delete_chat",
                buttons=(("/open_doors", "Back"),),
            )
        ]

    def language_of(self, conversation: str) -> str | None:
        return self.languages.get(conversation)

    def standing(self, conversation: str) -> Standing | None:
        if not self.exists(conversation):
            return None
        return self.standings.get(conversation, Standing())

    def exists(self, conversation: str) -> bool:
        return conversation in self.languages

    def keep(self, conversation: str) -> None:
        self.kept.append(conversation)

    def erase(self, conversation: str) -> None:
        self.erased.append(conversation)
        self.languages.pop(conversation, None)

    def trouble(self) -> str:
        return self.trouble_is

    def close(self) -> None:
        self.is_closed = True
