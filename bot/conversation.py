"""Conversations as a channel sees them: start, say, choose, erase. Knows no channel, no prose.

A token is 256 random bits that only the client holds. The engine's id is a keyed hash of
it, with a key made at start: neither can be found from the other in a dump or a log.
"""

from __future__ import annotations

import hashlib
import logging
import re
import secrets
import time
from typing import Any, Final

from bot.choices import START, Choices
from bot.engine.base import Chosen, Engine, Typed
from bot.errors import BadRequestError, ConversationExpiredError, EngineError
from bot.i18n import SOURCE_LANGUAGE
from bot.replies import Choice, Link, Reply, Side, Turn
from bot.tallies.counting import NOTICE, Tallies, told_at
from bot.text import clean, is_cut
from bot.translation import Translator
from bot.waiting import Waiting
from bot.wording import Wording

logger = logging.getLogger(__name__)

ANSWER_WITHIN_S: Final = 2.0
"""After this long a person who sees nothing meanwhile gets an apology and the numbers."""
LONGEST_S: Final = 8.0
"""How long a channel may wait that shows the numbers meanwhile."""

_VALUE = re.compile(r"[A-Za-z0-9_-]{1,40}")


class Watch:
    """Told of every turn; this one does nothing with it."""

    def answered(self, kind: str, seconds: float) -> None:
        """A turn, 'typed' or 'chosen', was answered after so long."""

    def failed(self, kind: str) -> None:
        """A turn got the numbers and an apology."""

    def refused(self, kind: str) -> None:
        """A request was over a limit: 'start', 'message' or 'delete'."""

    def reached(self, channel: str) -> None:
        """Who carries this channel ('telegram') answered when asked for what is new."""


class Conversations:
    """All open conversations of this process."""

    def __init__(
        self,
        engine: Engine,
        wording: Wording,
        *,
        turn_timeout_s: float = ANSWER_WITHIN_S,
        translator: Translator | None = None,
        secret: str = "",
        watch: Watch | None = None,
        tallies: Tallies | None = None,
    ) -> None:
        """Open no conversation yet.

        Args:
            turn_timeout_s: after so long an apology and the numbers come in place of an answer,
                unless the channel has more patience.
            secret: with which tokens are hashed, where several processes share conversations.
            watch: counts turns and times (bot/metrics.py).
            tallies: counts signs for partners (bot/tallies/counting.py); off without it.
        """
        self._engine = engine
        self._wording = wording
        self._choices = Choices(wording)
        self._turn_timeout_s = turn_timeout_s
        self._translator = translator
        self._key = hashlib.sha256(secret.encode()).digest() if secret else secrets.token_bytes(32)
        self.watch = watch or Watch()
        self._tallies = tallies
        self._waiting = Waiting(engine)

    def start(
        self,
        *,
        language: str | None = None,
        route: str | None = None,
        place: str | None = None,
        patience_s: float = 0.0,
    ) -> tuple[str, Turn]:
        """Begin; hints that are not known are dropped. `patience_s` as in say().

        Returns:
            The token and the first turn.
        """
        until = self._until(patience_s)
        token = secrets.token_urlsafe(32)
        hints = (("language", self._negotiated(language)), ("route", route), ("place", place))
        entities = tuple(
            (name, value) for name, value in hints if value and _VALUE.fullmatch(value)
        )
        entities += self._translations(language)
        spoken = self._negotiated(language) or "en"
        return token, self._turn(token, Chosen(START, entities), spoken, until)

    def say(self, token: str, text: str, key: str = "", *, patience_s: float = 0.0) -> Turn:
        """A typed message. What is not answered in time changes nothing: it can be said again.

        Args:
            key: the same for a message that is sent again because no answer came; it is then
                answered with what was said, and not taken twice.
            patience_s: how long the channel waits, if longer than usual: it shows the numbers
                meanwhile. No longer than LONGEST_S.

        Raises:
            ConversationExpiredError: the token opens nothing.
            BadRequestError: nothing is left of the text once it is cleaned.
        """
        until = self._until(patience_s)
        language = self._language(token)
        cleaned = clean(text)
        if not cleaned:
            raise BadRequestError("empty message")
        turn = self._turn(token, Typed(cleaned), language, until, key)
        if is_cut(text):
            note = self._wording.reply(turn.language, "utter_too_long")
            turn = Turn(turn.language, turn.dir, (*turn.replies, note), turn.ended)
        return turn

    def choose(
        self, token: str, choices: list[str], key: str = "", *, patience_s: float = 0.0
    ) -> Turn:
        """One choice, or several of one reply; `key` and `patience_s` as in say().

        Raises:
            ConversationExpiredError: the token opens nothing.
            BadRequestError: not a choice that the assistant gives.
        """
        until = self._until(patience_s)
        language = self._language(token)
        return self._turn(token, self._choices.read(choices), language, until, key)

    def keep(self, token: str) -> None:
        """The person is still there: hold the conversation as long as after a message.

        Raises:
            ConversationExpiredError: the token opens nothing.
        """
        self._language(token)
        conversation = self._conversation(token)
        self._engine.keep(conversation)
        if self._tallies:
            self._tallies.note(conversation)

    def erase(self, token: str) -> None:
        """Forget a conversation, and that it was counted; unknown ones are no error."""
        self._erase(self._conversation(token))

    def close(self, token: str) -> None:
        """As erase(), for somebody who is done and did not ask to delete: counts stay."""
        conversation = self._conversation(token)
        self._engine.erase(conversation)
        if self._tallies:
            self._tallies.close(conversation)

    def numbers(self, language: str | None) -> tuple[str, str, list[Link]]:
        """Language, direction and the emergency numbers, without the engine."""
        known = self._wording.catalogues.known(language)
        return known, self._direction(known), self._wording.numbers(known)

    def problem(self, language: str | None, response: str) -> tuple[str, str, Reply]:
        """What to say when something is wrong: language, direction and a reply with the numbers."""
        known = self._wording.catalogues.known(language)
        return known, self._direction(known), self._wording.reply(known, response)

    def language_of(self, token: str) -> str | None:
        """The language of an open conversation."""
        return self._engine.language_of(self._conversation(token))

    def trouble(self) -> str:
        """What keeps people from being answered, in plain words; '' when nothing does."""
        return self._engine.trouble()

    def _until(self, patience_s: float) -> float:
        return time.monotonic() + max(self._turn_timeout_s, min(patience_s, LONGEST_S))

    def _turn(
        self, token: str, message: Typed | Chosen, language: str, until: float, key: str = ""
    ) -> Turn:
        conversation = self._conversation(token)
        key = key and self._hashed(key)  # it is kept, and what stands there is the client's
        was_asked = self._tallies is not None and self._tallies.was_asked(conversation)
        started = time.perf_counter()
        kind = "typed" if isinstance(message, Typed) else "chosen"
        try:
            messages = self._waiting.answer(conversation, message, key, until)
        except (EngineError, TimeoutError) as error:
            logger.error("The engine gave no answer: %s", type(error).__name__)
            self.watch.failed(kind)
            known, direction, reply = self.problem(language, "utter_problem")
            return Turn(known, direction, (reply,))
        self.watch.answered(kind, time.perf_counter() - started)
        replies = tuple(_reply(each) for each in messages)
        spoken = str(messages[-1]["custom"]["language"])
        ended = any(each["custom"]["ended"] for each in messages)
        if ended:
            self._erase(conversation)
        elif self._tallies:
            names = [reply.response for reply in replies]
            self._tallies.note(conversation, message, names, was_asked=was_asked)
            replies = self._told_of_tallies(spoken, replies, was_asked=was_asked)
        turn = Turn(spoken, self._direction(spoken), replies, ended)
        into = messages[-1]["custom"].get("translated_into")
        if not self._translator or not into:
            return turn
        notice = self._wording.text(SOURCE_LANGUAGE, "utter_translated")
        return self._translator.turn(turn, into, notice)

    def _told_of_tallies(
        self, language: str, replies: tuple[Reply, ...], *, was_asked: bool
    ) -> tuple[Reply, ...]:
        at = told_at([reply.response for reply in replies], was_asked=was_asked)
        if at is None:
            return replies
        return (*replies[:at], self._wording.reply(language, NOTICE), *replies[at:])

    def _erase(self, conversation: str) -> None:
        """First the conversation, then the count: what a turn still adds finds nothing held."""
        self._engine.erase(conversation)
        if self._tallies:
            self._tallies.take_back(conversation)

    def _translations(self, language: str | None) -> tuple[tuple[str, str], ...]:
        """What the actions must know of other languages: which there are, which is wanted."""
        if not self._translator:
            return ()
        found = [("translation", code) for code in sorted(self._translator.languages())]
        wanted = None if self._negotiated(language) else self._translator.supported(language)
        return (*found, *([("translated_into", wanted)] if wanted else []))

    def _language(self, token: str) -> str:
        language = self.language_of(token)
        if language is None:
            raise ConversationExpiredError("unknown or expired token")
        return language

    def _conversation(self, token: str) -> str:
        return self._hashed(token)

    def _hashed(self, text: str) -> str:
        return hashlib.blake2b(
            text.encode("utf-8", "replace"), key=self._key, digest_size=16
        ).hexdigest()

    def _negotiated(self, language: str | None) -> str | None:
        return self._wording.catalogues.negotiate([language]) if language else None

    def _direction(self, language: str) -> str:
        return self._wording.catalogues.languages[language].dir


def _reply(message: dict[str, Any]) -> Reply:
    custom = message["custom"]
    ticked = custom.get("ticked") or ()
    return Reply(
        text=message["text"],
        tone=custom["tone"],
        choices=tuple(
            Choice(button["payload"], button["title"], button["payload"] in ticked)
            for button in message.get("buttons") or ()
        ),
        links=tuple(Link(**link) for link in custom["links"]),
        multiple=custom.get("multiple", False),
        printable=custom.get("printable", False),
        card=custom.get("card", False),
        progress=custom.get("progress", ""),
        record=custom.get("record", ""),
        to_show=custom.get("to_show", ""),
        sides=tuple(
            Side(**{**side, "choices": tuple(Choice(**choice) for choice in side["choices"])})
            for side in custom.get("sides") or ()
        ),
        response=custom.get("response", ""),
    )
