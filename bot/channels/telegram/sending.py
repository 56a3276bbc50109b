"""Calls to the Bot API that do not give up at the first failure, and give up in the end."""

from __future__ import annotations

import asyncio
import datetime
import functools
import logging
import math
import time
from collections.abc import Awaitable, Callable, Sequence
from contextvars import ContextVar
from typing import Final, TypeVar

from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from bot.channels.telegram.rendering import Outgoing

logger = logging.getLogger(__name__)

T = TypeVar("T")

TRIES: Final = 6
FIRST_PAUSE_S: Final = 0.3
"""Doubled after each failure: nine seconds in all before a call is given up."""
LONGEST_WAIT_S: Final = 60
"""A longer 'retry after' is not waited for."""
LONGEST_TURN_S: Final = 20.0
"""A turn waits for no 'retry after' that ends later: it would hold up its chat, and in the end
everybody, because Telegram gives out nothing new while too much is not done.
"""
AT_ONCE: Final = 100
"""Messages that Telegram deletes in one call."""

_until: ContextVar[float] = ContextVar("until", default=math.inf)


def be_patient(for_s: float) -> None:
    """From now on this task, and what it starts, waits for a 'retry after' so long in all."""
    _until.set(time.monotonic() + for_s)


async def persist(call: Callable[[], Awaitable[T]]) -> T:
    """Make a call until it succeeds, TRIES times at most.

    A timeout may mean that a message did arrive; it is sent again all the same, because
    silence is worse than a repeated sentence.

    Raises:
        TelegramError: it never succeeded, or can't.
    """
    pause_s = FIRST_PAUSE_S
    for left in reversed(range(TRIES)):
        try:
            return await call()
        except RetryAfter as error:
            wait_s = seconds(error.retry_after)
            if not left or wait_s > LONGEST_WAIT_S or time.monotonic() + wait_s > _until.get():
                raise
            await asyncio.sleep(wait_s)
        except BadRequest:
            raise
        except NetworkError:
            if not left:
                raise
            await asyncio.sleep(pause_s)
            pause_s *= 2
    raise AssertionError("unreachable")


def seconds(wait: int | datetime.timedelta) -> float:
    """How long Telegram asks to wait; the library is changing the type."""
    return wait.total_seconds() if isinstance(wait, datetime.timedelta) else float(wait)


async def attempt(call: Callable[[], Awaitable[object]]) -> bool:
    """Make a call that nothing hangs on; returns whether it succeeded."""
    try:
        await call()
    except TelegramError:
        return False
    return True


async def send(
    bot: Bot, chat_id: int, message: Outgoing, buttons: InlineKeyboardMarkup | None
) -> int:
    """Send one message, without a sound; returns its number.

    It may be copied, forwarded and saved: numbers and the call card are there for that.
    """
    sent = await persist(
        lambda: bot.send_message(
            chat_id,
            message.text,
            entities=message.entities,
            reply_markup=buttons,
            disable_notification=True,
            protect_content=False,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )
    )
    return sent.message_id


async def edit_buttons(
    bot: Bot, chat_id: int, message_id: int, buttons: InlineKeyboardMarkup | None
) -> bool:
    """Change the buttons of a message; one that is gone or unchanged is no error."""
    return await attempt(
        lambda: persist(
            lambda: bot.edit_message_reply_markup(chat_id, message_id, reply_markup=buttons)
        )
    )


async def delete(bot: Bot, chat_id: int, message_ids: Sequence[int]) -> bool:
    """Delete messages of both sides; returns whether Telegram took every call."""
    done = True
    for start in range(0, len(message_ids), AT_ONCE):
        call = functools.partial(bot.delete_messages, chat_id, message_ids[start : start + AT_ONCE])
        done &= await attempt(functools.partial(persist, call))
    return done
