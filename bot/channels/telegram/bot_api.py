"""A connection to the Bot API for commands that the operator types; failures become sentences.

The token is in every address that is asked, and python-telegram-bot's own messages may quote
it: no message of theirs about a token is ever passed on.
"""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from telegram import Bot
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.errors import WaymarkError
from bot.settings import Settings

_T = TypeVar("_T")


class BotApiError(WaymarkError):
    """Telegram refused, or could not be reached."""


@asynccontextmanager
async def open_bot(settings: Settings) -> AsyncIterator[Bot]:
    """The bot of the settings' token, once Telegram has accepted it.

    Raises:
        BotApiError: says why, never the token.
    """
    try:
        async with Bot(settings.telegram_token, base_url=f"{settings.telegram_api_url}/bot") as bot:
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
        raise BotApiError(f"Telegram can't be reached at {settings.telegram_api_url}.") from None
    except TelegramError as error:
        raise BotApiError(f"Telegram refused ({type(error).__name__}).") from None


def run_with_bot(settings: Settings, work: Callable[[Bot], Awaitable[_T]]) -> _T:
    """Open a bot, do the work, close it.

    Raises:
        BotApiError: as `open_bot`.
    """

    async def run() -> _T:
        async with open_bot(settings) as bot:
            return await work(bot)

    return asyncio.run(run())


def ask_username(settings: Settings) -> str:
    """The bot's name without '@'.

    Raises:
        BotApiError: as `open_bot`.
    """

    async def read(bot: Bot) -> str:
        return bot.username

    return run_with_bot(settings, read)


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
