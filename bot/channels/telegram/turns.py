"""From an update to a turn of the conversation, and back to the chat.

An id that Telegram sends is used within the turn and kept nowhere. Names, pictures, voices,
places, contacts and files that come along are never looked at.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
import re
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

from telegram import Bot, CallbackQuery, Message, Update, User
from telegram import Chat as ChatOfTelegram
from telegram.constants import ChatAction, ChatMemberStatus, ChatType

from bot.channels.telegram import deep_links
from bot.channels.telegram.chats import Chat, Chats, Question
from bot.channels.telegram.commands import COMMANDS
from bot.channels.telegram.deep_links import DeepLink
from bot.channels.telegram.rendering import (
    AGAIN,
    DONE,
    PICK,
    USED,
    again_keyboard,
    can_tick,
    keyboard,
    render,
    used_keyboard,
)
from bot.channels.telegram.sending import attempt, delete, edit_buttons, persist, send
from bot.conversation import Conversations
from bot.errors import BadRequestError, ConversationExpiredError
from bot.replies import Reply, Turn
from bot.wording import Wording

logger = logging.getLogger(__name__)

T = TypeVar("T")

TYPING_AFTER_S: Final = 0.5
TYPING_LASTS_S: Final = 4.5
"""Telegram shows 'typing' for five seconds."""
WORKERS: Final = 16
"""Threads that wait for the engine; the engine itself is one loop."""
PROBLEM: Final = "utter_problem"

_COMMAND = re.compile(r"/([a-z]+)(?:@\w+)?(?:\s+(\S+))?\s*", re.IGNORECASE)


class Turns:
    """Answers updates of one bot. Never blocks the loop that it runs on."""

    def __init__(
        self,
        bot: Bot,
        conversations: Conversations,
        wording: Wording,
        chats: Chats,
        *,
        public_url: str = "",
    ) -> None:
        self._bot = bot
        self._conversations = conversations
        self._wording = wording
        self._chats = chats
        self._public_url = public_url
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="telegram-turn")

    def close(self) -> None:
        """Release the threads, after the last turn."""
        self._pool.shutdown(wait=False)

    async def take(self, update: Update) -> None:
        """Answer one update. Kinds that are not known are passed over quietly."""
        chat = update.effective_chat
        if chat is None:
            return
        if chat.type != ChatType.PRIVATE:
            await self._leave_group(chat, update)
            return
        try:
            if update.callback_query:
                await self._press(update.callback_query)
            elif update.my_chat_member:
                if update.my_chat_member.new_chat_member.status == ChatMemberStatus.BANNED:
                    await self._forget(chat.id)  # the person blocked the bot
            elif message := update.message or update.edited_message:
                await self._hear(message)
        except Exception as error:
            logger.error("A turn failed with %s", type(error).__name__, exc_info=True)
            held = self._chats.of(chat.id)
            language = self._language(held, update.effective_user)
            await attempt(lambda: self._say(chat.id, held, language, [self._problem(language)]))

    # --- What comes in ---------------------------------------------------------------------

    async def _hear(self, message: Message) -> None:
        """Words, a command, or something that is not words. An edited message is heard anew:
        danger may stand in it.
        """
        chat, user = self._chats.of(message.chat.id), message.from_user
        self._chats.note(chat, message.message_id)
        text = message.text or message.caption or ""
        if command := self._command(text):
            await self._obey(message.chat.id, chat, user, *command)
        elif text.strip():
            note = [] if message.text else ["utter_telegram_words_only"]
            await self._listen(message.chat.id, chat, user, text, note)
        elif message.effective_attachment is not None:
            language = self._language(chat, user)
            reply = self._wording.reply(language, "utter_telegram_words_only")
            await self._say(message.chat.id, chat, language, [reply])

    def _command(self, text: str) -> tuple[str, str] | None:
        match = _COMMAND.fullmatch(text.strip())
        if match is None or match[1].lower() not in COMMANDS:
            return None
        return match[1].lower(), match[2] or ""

    async def _obey(
        self, chat_id: int, chat: Chat, user: User | None, command: str, parameter: str
    ) -> None:
        language = self._language(chat, user)
        if command == "start":
            await self._start(chat_id, chat, user, deep_links.parse(parameter))
        elif command == "delete":
            await self._delete(chat_id, chat, language)
        elif command == "numbers":
            await self._say(chat_id, chat, language, [self._reply(language, "utter_numbers")])
        elif command == "leave":
            reply = self._reply(language, "utter_telegram_leave")
            await self._say(chat_id, chat, language, [reply])
        elif command == "help":
            await self._say(
                chat_id,
                chat,
                language,
                [
                    self._reply(language, "utter_help_first"),
                    self._reply(language, "utter_telegram_commands"),
                ],
            )
        elif command == "worker" and not self._is_open(chat):
            await self._start(chat_id, chat, user, DeepLink(route="worker"))
        else:
            choice = "/start_worker" if command == "worker" else "/change_language"
            opening = await self._open_if_needed(chat_id, chat, user)
            await self._choose(chat_id, chat, [choice], language, opening)

    async def _start(self, chat_id: int, chat: Chat, user: User | None, link: DeepLink) -> None:
        """Begin anew; what a link asks for goes before what the app says."""
        language = self._known(link.language) or self._language(chat, user)
        await self._end(chat)
        await self._close_questions(chat_id, chat, list(chat.questions))
        turn = await self._begin(chat_id, chat, language, link.route, link.place)
        await self._show(chat_id, chat, turn)

    async def _listen(
        self, chat_id: int, chat: Chat, user: User | None, text: str, notes: list[str]
    ) -> None:
        opening = await self._open_if_needed(chat_id, chat, user)
        language = self._language(chat, user)
        if chat.token is None:  # the engine is down: what it said at the start says it all
            await self._say(chat_id, chat, language, opening)
            return
        try:
            turn = await self._run(chat_id, self._conversations.say, chat.token, text)
        except BadRequestError as error:
            turn = self._turn(language, [self._reply(language, error.response)])
        extra = [self._reply(turn.language, note) for note in notes]
        await self._show(chat_id, chat, turn, before=opening, after=extra)

    async def _press(self, query: CallbackQuery) -> None:
        message, chat_id = query.message, query.message.chat.id if query.message else None
        if message is None or chat_id is None:
            return
        chat, data = self._chats.of(chat_id), query.data or ""
        language = self._language(chat, query.from_user)
        question = chat.questions.get(message.message_id)
        if data == AGAIN:
            await self._answer(query)
            await self._close_questions(chat_id, chat, [message.message_id])
            await self._start(chat_id, chat, query.from_user, DeepLink())
        elif question is None or not self._is_open(chat):
            await self._press_old(query, message.message_id, chat_id, chat, language)
        elif data == DONE or (number := _picked(data, question)) is None:
            await self._finish_ticks(query, message.message_id, chat_id, chat, question)
        elif question.multiple and can_tick(question.choices[number]):
            question.ticked ^= {number}
            await self._answer(query)
            buttons = keyboard(question, self._wording, language)
            await edit_buttons(self._bot, chat_id, message.message_id, buttons)
        else:
            await self._take_answer(query, message.message_id, chat_id, chat, question, {number})

    async def _finish_ticks(
        self, query: CallbackQuery, number: int, chat_id: int, chat: Chat, question: Question
    ) -> None:
        if query.data == DONE and question.ticked:
            await self._take_answer(query, number, chat_id, chat, question, question.ticked)
            return
        language = self._language(chat, query.from_user)
        await self._answer(query, self._wording.text(language, "utter_telegram_tick_first"))

    async def _take_answer(
        self,
        query: CallbackQuery,
        number: int,
        chat_id: int,
        chat: Chat,
        question: Question,
        chosen: set[int],
    ) -> None:
        """Close the question first, so that a second press finds it closed."""
        del chat.questions[number]
        chat.answered.append(number)
        language = self._language(chat, query.from_user)
        shown = used_keyboard(question, chosen)
        marking = asyncio.gather(
            self._answer(query), edit_buttons(self._bot, chat_id, number, shown)
        )
        ids = [question.choices[each].id for each in sorted(chosen)]
        has_failed = True
        try:
            has_failed = await self._choose(chat_id, chat, ids, language, [])
        finally:
            await marking
            if has_failed:  # it can be pressed again
                chat.questions[number] = question
                chat.answered.remove(number)
                buttons = keyboard(question, self._wording, language)
                await edit_buttons(self._bot, chat_id, number, buttons)

    async def _press_old(
        self, query: CallbackQuery, number: int, chat_id: int, chat: Chat, language: str
    ) -> None:
        """A button of a question that is over: say so kindly, and where we are."""
        if query.data == USED or number in chat.answered:
            await self._answer(query)
            return
        await self._answer(query, self._wording.text(language, "utter_telegram_old_button"))
        await edit_buttons(self._bot, chat_id, number, None)
        if self._is_open(chat):
            await self._choose(chat_id, chat, ["/repeat_message"], language, [])
            return
        chat.close()
        await self._say_with_again(chat_id, chat, language, "utter_expired")

    # --- Conversations ---------------------------------------------------------------------

    def _is_open(self, chat: Chat) -> bool:
        return chat.token is not None and bool(self._conversations.language_of(chat.token))

    async def _open_if_needed(self, chat_id: int, chat: Chat, user: User | None) -> list[Reply]:
        """Start a conversation unless one is open; returns what is said first, without doors."""
        if self._is_open(chat):
            return []
        language = self._language(chat, user)
        had_one = chat.token is not None
        chat.close()
        turn = await self._begin(chat_id, chat, language, None, None)
        first = [reply for reply in turn.replies if not reply.choices]
        return [self._reply(language, "utter_telegram_new_chat"), *first] if had_one else first

    async def _begin(
        self, chat_id: int, chat: Chat, language: str, route: str | None, place: str | None
    ) -> Turn:
        """A new conversation, with what Telegram knows said before the first question."""
        token, turn = await self._run(
            chat_id, self._conversations.start, language=language, route=route, place=place
        )
        if self._conversations.language_of(token) is None:
            return turn
        chat.token, chat.language = token, turn.language
        name = "utter_telegram_start_web" if self._public_url else "utter_telegram_start"
        address = self._wording.isolate(turn.language, self._public_url)
        note = self._wording.reply(turn.language, name, address=address)
        replies = list(turn.replies)
        first_question = next((n for n, r in enumerate(replies) if r.choices), len(replies))
        replies.insert(first_question, note)
        return Turn(turn.language, turn.dir, tuple(replies), turn.ended)

    async def _choose(
        self, chat_id: int, chat: Chat, ids: list[str], language: str, opening: list[Reply]
    ) -> bool:
        """One turn by choice; returns whether the engine failed."""
        if chat.token is None:
            await self._say(chat_id, chat, language, opening)
            return True
        try:
            turn = await self._run(chat_id, self._conversations.choose, chat.token, ids)
        except (BadRequestError, ConversationExpiredError) as error:
            turn = self._turn(language, [self._reply(language, error.response)])
        await self._show(chat_id, chat, turn, before=opening)
        return any(reply.response == PROBLEM for reply in turn.replies)

    async def _end(self, chat: Chat) -> None:
        token, chat.token, chat.language = chat.token, None, None
        if token:
            await asyncio.get_running_loop().run_in_executor(
                self._pool, self._conversations.erase, token
            )

    async def _forget(self, chat_id: int) -> None:
        await self._end(self._chats.of(chat_id))
        self._chats.forget(chat_id)

    async def _delete(self, chat_id: int, chat: Chat, language: str) -> None:
        """Erase the conversation, remove messages, forget the chat, and say what remains."""
        await self._end(chat)
        done = await delete(self._bot, chat_id, self._chats.deletable(chat))
        self._chats.forget(chat_id)
        name = "utter_telegram_messages_removed" if done else "utter_telegram_messages_stay"
        replies = [self._reply(language, "utter_deleted"), self._reply(language, name)]
        for message in render(replies, self._wording, language):
            await send(self._bot, chat_id, message, None)

    # --- What goes out ---------------------------------------------------------------------

    async def _show(
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
            await self._delete(chat_id, chat, turn.language)
            return
        await self._say(chat_id, chat, turn.language, [*before, *after, *turn.replies])

    async def _say(self, chat_id: int, chat: Chat, language: str, replies: Iterable[Reply]) -> None:
        """Send replies; questions of earlier turns close once new ones are there."""
        earlier = list(chat.questions)
        asked: dict[int, Question] = {}
        for message in render(replies, self._wording, language):
            question = message.question
            buttons = keyboard(question, self._wording, language) if question else None
            number = await send(self._bot, chat_id, message, buttons)
            self._chats.note(chat, number)
            if question and question.choices:
                asked[number] = question
        if asked:
            chat.questions.update(asked)
            await self._close_questions(chat_id, chat, earlier)

    async def _say_with_again(self, chat_id: int, chat: Chat, language: str, response: str) -> None:
        for message in render([self._reply(language, response)], self._wording, language):
            buttons = again_keyboard(self._wording, language)
            self._chats.note(chat, await send(self._bot, chat_id, message, buttons))

    async def _close_questions(self, chat_id: int, chat: Chat, numbers: Iterable[int]) -> None:
        for number in numbers:
            question = chat.questions.pop(number, None)
            left = used_keyboard(question, ()) if question else None
            await edit_buttons(self._bot, chat_id, number, left)

    async def _answer(self, query: CallbackQuery, text: str | None = None) -> None:
        """End the button's waiting sign; fails when the press is too old, which is no matter."""
        await attempt(lambda: self._bot.answer_callback_query(query.id, text))

    async def _leave_group(self, chat: ChatOfTelegram, update: Update) -> None:
        """One neutral line, then out. Members of the group must not learn what the bot is for."""
        member = update.my_chat_member
        gone = (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)
        if member is not None and member.new_chat_member.status in gone:
            return
        if chat.type != ChatType.CHANNEL:
            language = _app_language(update.effective_user, self._wording)
            line = self._wording.text(language or "en", "utter_telegram_group")
            await attempt(
                lambda: persist(
                    lambda: self._bot.send_message(chat.id, line, disable_notification=True)
                )
            )
        await attempt(lambda: persist(lambda: self._bot.leave_chat(chat.id)))

    async def _run(self, chat_id: int, call: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """Run what waits for the engine in a thread; show 'typing' if it takes long."""
        loop = asyncio.get_running_loop()
        turn = loop.run_in_executor(self._pool, functools.partial(call, *args, **kwargs))
        done, _ = await asyncio.wait({turn}, timeout=TYPING_AFTER_S)
        while not done:
            sign = asyncio.create_task(
                attempt(lambda: self._bot.send_chat_action(chat_id, ChatAction.TYPING))
            )
            done, _ = await asyncio.wait({turn}, timeout=TYPING_LASTS_S)
            sign.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await sign
        return await turn

    # --- Words -----------------------------------------------------------------------------

    def _language(self, chat: Chat, user: User | None) -> str:
        """The conversation's language, else the app's, of which no note is made, else English."""
        spoken = chat.token and self._conversations.language_of(chat.token)
        return spoken or chat.language or _app_language(user, self._wording) or "en"

    def _known(self, language: str | None) -> str | None:
        return self._wording.catalogues.negotiate([language]) if language else None

    def _reply(self, language: str, response: str) -> Reply:
        return self._wording.reply(language, response)

    def _problem(self, language: str) -> Reply:
        return self._reply(language, PROBLEM)

    def _turn(self, language: str, replies: list[Reply]) -> Turn:
        return Turn(language, self._wording.catalogues.languages[language].dir, tuple(replies))


def _app_language(user: User | None, wording: Wording) -> str | None:
    code = user.language_code if user else None
    return wording.catalogues.negotiate([code]) if code else None


def _picked(data: str, question: Question) -> int | None:
    """The number of the choice that was pressed; None when it is none of this question's."""
    number = data.removeprefix(PICK)
    if not data.startswith(PICK) or not number.isdecimal():
        return None
    return int(number) if int(number) < len(question.choices) else None
