"""From an update to a turn of the conversation, and back to the chat.

An id that Telegram sends is used within the turn and kept nowhere. Names, pictures, voices,
places, contacts and files that come along are never looked at.
"""

from __future__ import annotations

import logging
import re
from typing import Final

from telegram import Bot, CallbackQuery, Message, Update, User
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import RetryAfter

from bot.channels.telegram import deep_links
from bot.channels.telegram.chats import Chat, Chats, Question
from bot.channels.telegram.commands import COMMANDS
from bot.channels.telegram.deep_links import DeepLink
from bot.channels.telegram.groups import leave_group
from bot.channels.telegram.rendering import (
    AGAIN,
    DONE,
    PICK,
    USED,
    can_tick,
    keyboard,
    used_keyboard,
)
from bot.channels.telegram.sending import LONGEST_TURN_S, attempt, be_patient, edit_buttons
from bot.channels.telegram.speaking import Speaker
from bot.channels.telegram.talks import Talks
from bot.conversation import Conversations
from bot.errors import BadRequestError
from bot.limits import Limit, Limits
from bot.wording import Wording

logger = logging.getLogger(__name__)

SAID: Final = {
    "numbers": ("utter_numbers",),
    "leave": ("utter_telegram_leave",),
    "help": ("utter_help_first", "utter_telegram_commands"),
}
"""Commands that need no conversation, and what is said."""
TOLD: Final = Limit(burst=1, per_s=1 / 60)
"""How often a chat from which too much comes is told so."""

_COMMAND = re.compile(r"/([a-z]+)(?:@\w+)?(?:\s+(\S+))?\s*", re.IGNORECASE)


class Turns:
    """Answers updates of one bot. Never blocks the loop that it runs on."""

    def __init__(
        self,
        bot: Bot,
        conversations: Conversations,
        wording: Wording,
        chats: Chats,
        limits: Limits,
        *,
        public_url: str = "",
    ) -> None:
        self._bot = bot
        self._conversations = conversations
        self._wording = wording
        self._chats = chats
        self._limits = limits
        self._speaker = Speaker(bot, wording, chats)
        self._talks = Talks(
            bot, conversations, wording, chats, self._speaker, public_url=public_url
        )

    async def close(self) -> None:
        """After the last turn."""
        await self._speaker.close()

    async def take(self, update: Update) -> None:
        """Answer one update. Kinds that are not known are passed over quietly."""
        chat = update.effective_chat
        if chat is None:
            return
        be_patient(LONGEST_TURN_S)
        if chat.type != ChatType.PRIVATE:
            await leave_group(self._bot, self._wording, chat, update)
            return
        try:
            if update.callback_query:
                await self._press(update.callback_query)
            elif update.my_chat_member:
                if update.my_chat_member.new_chat_member.status == ChatMemberStatus.BANNED:
                    await self._talks.forget(chat.id)  # the person blocked the bot
            elif message := update.message or update.edited_message:
                await self._hear(message)
        except Exception as error:
            logger.error("A turn failed with %s", type(error).__name__, exc_info=True)
            apology = self._apologise(chat.id, update.effective_user)
            if isinstance(error, RetryAfter):
                self._speaker.later(apology)  # the wait is longer than a turn may be
            else:
                await apology

    def too_many(self, update: Update) -> None:
        """More came from a chat than anybody writes: the numbers now, beside its turns."""
        chat = update.effective_chat
        if chat and chat.type == ChatType.PRIVATE and not self._limits.wait(TOLD, str(chat.id)):
            self._speaker.later(self._apologise(chat.id, update.effective_user))

    async def _apologise(self, chat_id: int, user: User | None) -> None:
        """The numbers, whatever happened. Needs no engine."""
        chat = self._chats.of(chat_id)
        language = self._talks.language(chat, user)
        problem = self._talks.problem(language)
        await attempt(lambda: self._speaker.say(chat_id, chat, language, [problem]))

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
            language = self._talks.language(chat, user)
            reply = self._wording.reply(language, "utter_telegram_words_only")
            await self._speaker.say(message.chat.id, chat, language, [reply])

    def _command(self, text: str) -> tuple[str, str] | None:
        match = _COMMAND.fullmatch(text.strip())
        if match is None or match[1].lower() not in COMMANDS:
            return None
        return match[1].lower(), match[2] or ""

    async def _obey(
        self, chat_id: int, chat: Chat, user: User | None, command: str, parameter: str
    ) -> None:
        language = self._talks.language(chat, user)
        if command == "start":
            await self._start(chat_id, chat, user, deep_links.parse(parameter))
        elif command == "delete":
            await self._talks.delete(chat_id, chat, language)
        elif command in SAID:
            replies = [self._talks.reply(language, name) for name in SAID[command]]
            await self._speaker.say(chat_id, chat, language, replies)
        elif command == "worker" and not await self._talks.is_open(chat):
            await self._start(chat_id, chat, user, DeepLink(route="worker"))
        else:
            choice = "/start_worker" if command == "worker" else "/change_language"
            opening = await self._talks.open_if_needed(chat_id, chat, user)
            await self._talks.choose(chat_id, chat, [choice], language, opening)

    async def _start(self, chat_id: int, chat: Chat, user: User | None, link: DeepLink) -> None:
        """Begin anew; what a link asks for goes before what the app says."""
        language = self._talks.known(link.language) or self._talks.language(chat, user)
        await self._talks.end(chat)
        self._speaker.close_questions(chat_id, chat, list(chat.questions))
        turn = await self._talks.begin(chat_id, chat, language, link.route, link.place)
        await self._talks.show(chat_id, chat, turn)

    async def _listen(
        self, chat_id: int, chat: Chat, user: User | None, text: str, notes: list[str]
    ) -> None:
        opening = await self._talks.open_if_needed(chat_id, chat, user)
        language = self._talks.language(chat, user)
        if chat.token is None:  # the engine is down: what it said at the start says it all
            await self._speaker.say(chat_id, chat, language, opening)
            return
        if chat.is_unseen:  # else these words would answer a question that nobody saw
            await self._talks.repeat(chat_id, chat, language, [self._talks.problem(language)])
            return
        try:
            turn = await self._speaker.wait_for(
                chat_id, chat, language, self._conversations.say, chat.token, text
            )
        except BadRequestError as error:
            turn = self._talks.turn(language, [self._talks.reply(language, error.response)])
        extra = [self._talks.reply(turn.language, note) for note in notes]
        await self._talks.show(chat_id, chat, turn, before=opening, after=extra)

    async def _press(self, query: CallbackQuery) -> None:
        message, chat_id = query.message, query.message.chat.id if query.message else None
        if message is None or chat_id is None:
            return
        chat, data = self._chats.of(chat_id), query.data or ""
        language = self._talks.language(chat, query.from_user)
        question = chat.questions.get(message.message_id)
        if data == AGAIN:
            await self._speaker.answer(query)
            self._speaker.close_questions(chat_id, chat, [message.message_id])
            await self._start(chat_id, chat, query.from_user, DeepLink())
        elif question is None or chat.is_unseen or not await self._talks.is_open(chat):
            await self._press_old(query, message.message_id, chat_id, chat, language)
        elif data == DONE or (number := _picked(data, question)) is None:
            await self._finish_ticks(query, message.message_id, chat_id, chat, question)
        elif question.multiple and can_tick(question.choices[number]):
            question.ticked ^= {number}
            await self._speaker.answer(query)
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
        language = self._talks.language(chat, query.from_user)
        await self._speaker.answer(query, self._wording.text(language, "utter_telegram_tick_first"))

    async def _take_answer(
        self,
        query: CallbackQuery,
        number: int,
        chat_id: int,
        chat: Chat,
        question: Question,
        chosen: set[int],
    ) -> None:
        """Close the question first, so that a second press finds it closed. The button's waiting
        sign ends, and what was chosen is shown, when the answer is there: nobody waits for that.
        """
        del chat.questions[number]
        chat.answered.append(number)
        language = self._talks.language(chat, query.from_user)
        ids = [question.choices[each].id for each in sorted(chosen)]
        has_failed = True
        try:
            has_failed = await self._talks.choose(chat_id, chat, ids, language, [])
        finally:
            self._speaker.later(self._speaker.answer(query))
            if has_failed:  # it can be pressed again
                chat.questions[number] = question
                chat.answered.remove(number)
        if not has_failed:
            shown = used_keyboard(question, chosen)
            self._speaker.later(edit_buttons(self._bot, chat_id, number, shown))

    async def _press_old(
        self, query: CallbackQuery, number: int, chat_id: int, chat: Chat, language: str
    ) -> None:
        """A button of a question that is over: say so kindly, and where we are."""
        if query.data == USED or number in chat.answered:
            await self._speaker.answer(query)
            return
        await self._speaker.answer(query, self._wording.text(language, "utter_telegram_old_button"))
        await edit_buttons(self._bot, chat_id, number, None)
        if await self._talks.is_open(chat):
            await self._talks.repeat(chat_id, chat, language)
            return
        chat.close()
        await self._speaker.say_with_again(
            chat_id, chat, language, self._talks.reply(language, "utter_expired")
        )


def _picked(data: str, question: Question) -> int | None:
    """The number of the choice that was pressed; None when it is none of this question's."""
    number = data.removeprefix(PICK)
    if not data.startswith(PICK) or not number.isdecimal():
        return None
    return int(number) if int(number) < len(question.choices) else None
