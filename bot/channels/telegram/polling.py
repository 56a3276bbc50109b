"""Long polling that tells Telegram of an update only when its turn is over.

The library's own poller confirms what it has fetched before anything is answered (a crash
loses it), and drops a whole delivery for one update that it can't read, which then comes
again for ever.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from typing import Any, Final

from telegram import Bot
from telegram.error import RetryAfter

from bot.channels.telegram.intake import Intake
from bot.channels.telegram.sending import attempt, persist, seconds
from bot.conversation import Watch

logger = logging.getLogger(__name__)

WAIT_S: Final = 25
"""How long Telegram holds a request when nothing is new."""
BREATH_S: Final = 0.05
"""Pause after an answer that came at once and brought nothing new."""
REST_S: Final = 0.15
"""While a turn is under way: so long does a message of another chat wait at most."""
FIRST_PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 30.0


class Poller:
    """Fetches updates until it is stopped."""

    def __init__(self, bot: Bot, intake: Intake, kinds: Sequence[str], watch: Watch) -> None:
        self._bot = bot
        self._watch = watch
        self._intake = intake
        self._kinds = list(kinds)
        self._fetched: list[int] = []
        self._offset: int | None = None

    async def run(self) -> None:
        """Poll for ever; to be cancelled."""
        pause_s = FIRST_PAUSE_S
        while True:
            try:
                began = time.monotonic()
                is_news = await self._fetch()
                self._watch.reached("telegram")
                if pause_s > FIRST_PAUSE_S:
                    logger.warning("Telegram answers again.")
                pause_s = FIRST_PAUSE_S
                if not is_news:
                    await self._rest(time.monotonic() - began)
            except RetryAfter as error:
                await asyncio.sleep(seconds(error.retry_after))
            except Exception as error:
                if pause_s == FIRST_PAUSE_S:
                    logger.warning(
                        "Telegram does not answer (%s); trying on.", type(error).__name__
                    )
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    async def confirm(self) -> None:
        """Tell Telegram what is done, when nothing more is to be fetched."""
        self._advance()
        if self._offset is None:
            return
        if not await attempt(lambda: persist(lambda: self._ask(wait_s=0, limit=1))):
            logger.error("Telegram was not told what is done; it will be answered twice.")

    async def _fetch(self) -> bool:
        """One request; returns whether it brought something new."""
        self._advance()
        is_news = False
        for raw in await self._ask(wait_s=0 if self._intake.pending else WAIT_S, limit=100):
            number = raw["update_id"]
            if number not in self._fetched and not self._intake.is_done(number):
                self._fetched.append(number)
                is_news = True
                self._intake.take(raw)
            elif self._intake.is_done(number) and number not in self._fetched:
                self._fetched.append(number)  # done before a restart of the poller: confirm it
        return is_news

    def _advance(self) -> None:
        """Confirm up to the first update that is not done: what comes after it waits."""
        self._fetched.sort()
        while self._fetched and self._intake.is_done(self._fetched[0]):
            self._offset = self._fetched.pop(0) + 1

    async def _rest(self, took_s: float) -> None:
        if self._intake.pending:
            await asyncio.wait(
                self._intake.pending, timeout=REST_S, return_when=asyncio.FIRST_COMPLETED
            )
        elif took_s < BREATH_S:
            await asyncio.sleep(BREATH_S)

    async def _ask(self, *, wait_s: int, limit: int) -> list[dict[str, Any]]:
        # Bot.get_updates would fail for all when one update can't be read, and log them whole.
        updates: list[dict[str, Any]] = await self._bot._post(
            "getUpdates",
            {
                "offset": self._offset,
                "limit": limit,
                "timeout": wait_s,
                "allowed_updates": self._kinds,
            },
            read_timeout=wait_s + 10,
        )
        return [each for each in updates if isinstance(each.get("update_id"), int)]
