"""What goes out to a chat: replies, buttons and their changes, the sign that someone is typing."""

from __future__ import annotations

import asyncio
import contextlib
import functools
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

from telegram import Bot, CallbackQuery, User
from telegram.constants import ChatAction

from bot.channels.telegram.chats import Chat, Chats, Question
from bot.channels.telegram.rendering import again_keyboard, keyboard, render, used_keyboard
from bot.channels.telegram.sending import (
    LONGEST_WAIT_S,
    attempt,
    be_patient,
    edit_buttons,
    send,
)
from bot.conversation import LONGEST_S
from bot.replies import Reply
from bot.wording import Wording

T = TypeVar("T")

TIDY_AFTER_S: Final = 0.02
TYPING_AFTER_S: Final = 0.5
NUMBERS: Final = "utter_numbers"
NUMBERS_AFTER_S: Final = 2.0
TYPING_LASTS_S: Final = 4.5
"""Telegram shows 'typing' for five seconds."""
WORKERS: Final = 16
"""Threads that wait for the engine; the engine itself is one loop."""


class Speaker:
    """Says things in the chats of one bot."""

    def __init__(self, bot: Bot, wording: Wording, chats: Chats) -> None:
        self._bot = bot
        self._wording = wording
        self._chats = chats
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="telegram-turn")
        self._tidying: set[asyncio.Task[object]] = set()

    async def close(self) -> None:
        """End what was left for after the turns, and release the threads."""
        if self._tidying:
            await asyncio.wait(self._tidying, timeout=5)
        self._pool.shutdown(wait=False)

    async def say(self, chat_id: int, chat: Chat, language: str, replies: Iterable[Reply]) -> None:
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
            self.close_questions(chat_id, chat, earlier)

    async def say_with_again(self, chat_id: int, chat: Chat, language: str, reply: Reply) -> None:
        for message in render([reply], self._wording, language):
            buttons = again_keyboard(self._wording, language)
            self._chats.note(chat, await send(self._bot, chat_id, message, buttons))

    def close_questions(self, chat_id: int, chat: Chat, numbers: Iterable[int]) -> None:
        """Close questions now; their buttons go when the turn is over, which need not wait."""
        questions = {number: chat.questions.pop(number, None) for number in numbers}

        async def tidy() -> None:
            for number, question in questions.items():
                left = used_keyboard(question, ()) if question else None
                await edit_buttons(self._bot, chat_id, number, left)

        self.later(tidy())

    def later(self, work: Coroutine[Any, Any, object]) -> None:
        """Do something that no answer waits for, and that ends before the bot does. It begins a
        moment later, so that it takes no time from the answer that is on its way.
        """

        async def wait_and_work() -> None:
            be_patient(LONGEST_WAIT_S)
            await asyncio.sleep(TIDY_AFTER_S)
            await work

        task: asyncio.Task[object] = asyncio.create_task(wait_and_work())
        self._tidying.add(task)
        task.add_done_callback(self._tidying.discard)

    async def answer(self, query: CallbackQuery, text: str | None = None) -> None:
        """End the button's waiting sign; fails when the press is too old, which is no matter."""
        await attempt(lambda: self._bot.answer_callback_query(query.id, text))

    async def wait_for(
        self,
        chat_id: int,
        chat: Chat,
        language: str,
        call: Callable[..., T],
        *args: Any,
        **kwargs: Any,
    ) -> T:
        """Run what waits for the engine in a thread. If it takes long, show 'typing'; if it takes
        longer, the numbers, so that nobody waits without them. The answer follows.
        """
        loop = asyncio.get_running_loop()
        call = functools.partial(call, *args, patience_s=LONGEST_S, **kwargs)
        turn = loop.run_in_executor(self._pool, call)
        await asyncio.wait({turn}, timeout=TYPING_AFTER_S)
        await self._show_typing(chat_id, turn, NUMBERS_AFTER_S - TYPING_AFTER_S)
        if not turn.done():
            numbers = self._wording.reply(language, NUMBERS)
            await attempt(lambda: self.say(chat_id, chat, language, [numbers]))
        while not turn.done():
            await self._show_typing(chat_id, turn, TYPING_LASTS_S)
        return await turn

    async def _show_typing(self, chat_id: int, turn: asyncio.Future[T], most_s: float) -> None:
        """Until the turn is over, or this time is."""
        if turn.done():
            return
        sign = asyncio.create_task(
            attempt(lambda: self._bot.send_chat_action(chat_id, ChatAction.TYPING))
        )
        await asyncio.wait({turn}, timeout=most_s)
        sign.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await sign


def app_language(user: User | None, wording: Wording) -> str | None:
    """The language of a person's app, if there is a catalogue for it. No note is made of it."""
    code = user.language_code if user else None
    return wording.catalogues.negotiate([code]) if code else None
