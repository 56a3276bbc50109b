"""A connection to the Bot API for commands that the operator types; failures become sentences.

The token is in every address that is asked, and python-telegram-bot's own messages may quote
it: no message of theirs about a token is ever passed on.
"""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final, TypeVar

from telegram import Bot
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.errors import WaymarkError

API: Final = "https://api.telegram.org/bot"
_T = TypeVar("_T")


class BotApiError(WaymarkError):
    """Telegram refused, or could not be reached."""


@asynccontextmanager
async def open_bot(token: str, api: str | None = None) -> AsyncIterator[Bot]:
    """A bot that Telegram has accepted.

    Raises:
        BotApiError: says why, never the token.
    """
    try:
        async with Bot(token, base_url=api or API) as bot:
            yield bot
    except InvalidToken:
        raise BotApiError(
            "Telegram does not accept this token. Copy it again from BotFather (/token) into"
            " TELEGRAM_BOT_TOKEN."
        ) from None
    except RetryAfter as error:
        raise BotApiError(
            f"Telegram asks for a pause: try again in {in_words(pause(error))}."
        ) from None
    except BadRequest as error:
        raise BotApiError(f"Telegram refused: {error.message}") from None
    except NetworkError:
        raise BotApiError(
            "Telegram can't be reached. Is there a way to api.telegram.org from here?"
        ) from None
    except TelegramError as error:
        raise BotApiError(f"Telegram refused ({type(error).__name__}).") from None


def run_with_bot(token: str, work: Callable[[Bot], Awaitable[_T]]) -> _T:
    """Open a bot, do the work, close it.

    Raises:
        BotApiError: as `open_bot`.
    """

    async def run() -> _T:
        async with open_bot(token) as bot:
            return await work(bot)

    return asyncio.run(run())


def ask_username(token: str) -> str:
    """The bot's name without '@'.

    Raises:
        BotApiError: as `open_bot`.
    """

    async def read(bot: Bot) -> str:
        return bot.username

    return run_with_bot(token, read)


def pause(error: RetryAfter) -> datetime.timedelta:
    """How long Telegram wants to be left alone."""
    wait = error.retry_after
    return wait if isinstance(wait, datetime.timedelta) else datetime.timedelta(seconds=wait)


def in_words(wait: datetime.timedelta) -> str:
    """A time as '2 h 5 min', rounded up to a minute above one minute."""
    seconds = int(wait.total_seconds())
    if seconds < 60:
        return f"{seconds} s"
    hours, minutes = divmod(-(-seconds // 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
