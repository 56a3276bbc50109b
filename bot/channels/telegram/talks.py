"""A chat's conversation: opening, choosing, ending, deleting, and what Telegram adds to it."""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Iterable
from typing import Final

from telegram import Bot, User

from bot.channels.telegram.chats import Chat, Chats
from bot.channels.telegram.rendering import render
from bot.channels.telegram.sending import delete, send
from bot.channels.telegram.speaking import Speaker, app_language
from bot.choices import REPEAT
from bot.conversation import Conversations
from bot.errors import BadRequestError, ConversationExpiredError
from bot.replies import Reply, Turn
from bot.wording import Wording

logger = logging.getLogger(__name__)

PROBLEM: Final = "utter_problem"


class Talks:
    """The conversations of one bot's chats."""

    def __init__(
        self,
        bot: Bot,
        conversations: Conversations,
        wording: Wording,
        chats: Chats,
        speaker: Speaker,
        *,
        public_url: str = "",
    ) -> None:
        self._bot = bot
        self._conversations = conversations
        self._wording = wording
        self._chats = chats
        self._speaker = speaker
        self._public_url = public_url

    async def is_open(self, chat: Chat) -> bool:
        """Asked in a thread: the conversation may lie in a Redis that hangs.

        Raises:
            bot.errors.EngineError: nobody can say now.
        """
        if chat.token is None:
            return False
        return bool(await asyncio.to_thread(self._conversations.language_of, chat.token))

    async def open_if_needed(self, chat_id: int, chat: Chat, user: User | None) -> list[Reply]:
        """Start a conversation unless one is open; returns what is said first, without doors."""
        if await self.is_open(chat):
            return []
        language = self.language(chat, user)
        had_one = chat.token is not None
        chat.close()
        turn = await self.begin(chat_id, chat, language, None, None)
        first = [reply for reply in turn.replies if not reply.choices]
        return [self.reply(language, "utter_telegram_new_chat"), *first] if had_one else first

    async def begin(
        self, chat_id: int, chat: Chat, language: str, route: str | None, place: str | None
    ) -> Turn:
        """A new conversation, with what Telegram knows said before the first question."""
        start = functools.partial(
            self._conversations.start, language=language, route=route, place=place
        )
        token, turn = await self._speaker.wait_for(chat_id, chat, language, start)
        if _has_failed(turn):
            return turn
        chat.token, chat.language, chat.is_unseen = token, turn.language, False
        name = "utter_telegram_start_web" if self._public_url else "utter_telegram_start"
        address = self._wording.isolate(turn.language, self._public_url)
        note = self._wording.reply(turn.language, name, address=address)
        replies = list(turn.replies)
        first_question = next((n for n, r in enumerate(replies) if r.choices), len(replies))
        replies.insert(first_question, note)
        return Turn(turn.language, turn.dir, tuple(replies), turn.ended)

    async def choose(
        self, chat_id: int, chat: Chat, ids: list[str], language: str, opening: list[Reply]
    ) -> bool:
        """One turn by choice; returns whether the engine failed."""
        if chat.token is None:
            await self._speaker.say(chat_id, chat, language, opening)
            return True
        try:
            turn = await self._speaker.wait_for(
                chat_id, chat, language, self._conversations.choose, chat.token, ids
            )
        except (BadRequestError, ConversationExpiredError) as error:
            turn = self.turn(language, [self.reply(language, error.response)])
        await self.show(chat_id, chat, turn, before=opening)
        return _has_failed(turn)

    async def repeat(
        self, chat_id: int, chat: Chat, language: str, opening: Iterable[Reply] = ()
    ) -> None:
        """Say the last turn again."""
        await self.choose(chat_id, chat, [f"/{REPEAT}"], language, list(opening))

    async def end(self, chat: Chat) -> bool:
        """Erase the conversation; returns False if the engine did not. It then forgets it after
        half an hour by itself, and nothing leads to it any more.
        """
        token, chat.token, chat.language = chat.token, None, None
        if token:
            try:
                await asyncio.to_thread(self._conversations.erase, token)
            except Exception as error:
                logger.error("Erasing failed with %s", type(error).__name__)
                return False
        return True

    async def forget(self, chat_id: int) -> None:
        await self.end(self._chats.of(chat_id))
        self._chats.forget(chat_id)

    async def delete(self, chat_id: int, chat: Chat, language: str) -> None:
        """Erase the conversation, remove messages, forget the chat, and say what remains."""
        is_erased = await self.end(chat)
        done = await delete(self._bot, chat_id, self._chats.deletable(chat))
        self._chats.forget(chat_id)
        name = "utter_telegram_messages_removed" if done else "utter_telegram_messages_stay"
        first = "utter_deleted" if is_erased else PROBLEM
        replies = [self.reply(language, first), self.reply(language, name)]
        for message in render(replies, self._wording, language):
            await send(self._bot, chat_id, message, None)

    async def show(
        self,
        chat_id: int,
        chat: Chat,
        turn: Turn,
        *,
        before: Iterable[Reply] = (),
        after: Iterable[Reply] = (),
    ) -> None:
        chat.language = turn.language
        if turn.ended:
            await self.delete(chat_id, chat, turn.language)
            return
        is_kept = not _has_failed(turn)
        chat.is_unseen |= is_kept
        await self._speaker.say(chat_id, chat, turn.language, [*before, *after, *turn.replies])
        chat.is_unseen &= not is_kept

    def language(self, chat: Chat, user: User | None) -> str:
        """The conversation's language, else the app's, of which no note is made, else English.
        Asks nobody: an apology needs it, too.
        """
        return chat.language or app_language(user, self._wording) or "en"

    def known(self, language: str | None) -> str | None:
        return self._wording.catalogues.negotiate([language]) if language else None

    def reply(self, language: str, response: str) -> Reply:
        return self._wording.reply(language, response)

    def problem(self, language: str) -> Reply:
        return self.reply(language, PROBLEM)

    def turn(self, language: str, replies: list[Reply]) -> Turn:
        return Turn(language, self._wording.catalogues.languages[language].dir, tuple(replies))


def _has_failed(turn: Turn) -> bool:
    """Whether it is an apology, of which the engine keeps nothing."""
    return any(reply.response == PROBLEM for reply in turn.replies)
