"""The bot: one thread, one event loop, started beside the web server and stopped before it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, Final

from telegram import Update
from telegram.error import BadRequest, InvalidToken, RetryAfter
from telegram.ext import AIORateLimiter, Application, ApplicationBuilder, TypeHandler

from bot import errors
from bot.announcing import announce
from bot.channels.telegram.aiohttp_request import AiohttpRequest, Timeouts
from bot.channels.telegram.chats import Chats
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.polling import Poller
from bot.channels.telegram.sending import attempt, seconds
from bot.channels.telegram.turns import Turns
from bot.conversation import Conversations
from bot.limits import Limits
from bot.settings import Settings
from bot.wording import Wording

logger = logging.getLogger(__name__)

KINDS: Final = ("message", "edited_message", "callback_query", "my_chat_member", "channel_post")
"""Kinds of updates that are asked for; of others nothing is wanted."""
FIRST_CONTACT_S: Final = 15.0
"""How long the start waits for Telegram; after that it goes on in the background."""
FIRST_PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 60.0
DRAIN_S: Final = 40.0
DRAIN_STEP_S: Final = 0.02
SWEEP_EVERY_S: Final = 30.0
DELIVERIES_AT_ONCE: Final = 8
"""Webhook deliveries hold a thread of the web server each; half are left for the page."""
CONNECTIONS: Final = 256
UPDATE_CONNECTIONS: Final = 2
"""One asks for updates, the other confirms the last of them while that one is broken off."""
UPDATE_TIMEOUTS: Final = Timeouts(read=5.0, pool=5.0)
MESSAGES_A_SECOND: Final = 30
"""Telegram's limit for a bot."""


class ForgetfulApplication(Application):
    """The library's application notes the ids of every chat and person, to be saved by a store
    that there is none of. This one does not.
    """

    def _mark_for_persistence_update(self, **_: object) -> None:
        """Note nothing."""


class TelegramChannel:
    """Telegram's side of the conversations.

    Each update passes: poller or webhook, `Intake` (once, in order), `Turns` (the answer).
    """

    def __init__(
        self,
        settings: Settings,
        conversations: Conversations,
        wording: Wording,
        *,
        messages_a_second: float = MESSAGES_A_SECOND,
    ) -> None:
        self._settings = settings
        self._conversations = conversations
        self._limits = Limits()
        self._intake = Intake(self._limits)
        self._chats = Chats()
        self._application = self._build(messages_a_second)
        self._turns = Turns(
            self._application.bot,
            conversations,
            wording,
            self._chats,
            self._limits,
            public_url=settings.public_url,
        )
        self._poller = Poller(self._application.bot, self._intake, KINDS, conversations.watch)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="telegram", daemon=True)
        self._tasks: list[asyncio.Task[None]] = []
        self._is_taking = False
        self._is_running = False
        self._has_said = False
        self._first_contact = threading.Event()

    def start(self) -> None:
        """Reach Telegram and begin to answer. Without a network it goes on trying by itself.

        Raises:
            bot.errors.TelegramError: Telegram refuses the token, or the webhook's address.
        """
        self._thread.start()
        opening = asyncio.run_coroutine_threadsafe(self._open(), self._loop)
        opening.add_done_callback(lambda _: self._first_contact.set())
        self._first_contact.wait(FIRST_CONTACT_S)
        if not opening.done():
            self._say_unreachable_once()
            opening.add_done_callback(_log_late_refusal)
            return
        try:
            opening.result()
        except errors.TelegramError:
            self.stop()
            raise

    def take(self, raw: dict[str, Any]) -> Future[None] | None:
        """Take an update from another thread; None once the bot stops.

        Raises:
            ValueError: it is not an update.
        """
        if not isinstance(raw, dict) or not isinstance(raw.get("update_id"), int):
            raise ValueError("not an update")
        if not self._is_taking:
            return None

        async def through() -> None:
            await self._intake.take(raw)

        return asyncio.run_coroutine_threadsafe(through(), self._loop)

    def drain(self) -> None:
        """Take nothing new, and end the turns that are under way."""
        self._is_taking = False
        if self._thread.is_alive():
            self._wait_for(self._drain(), DRAIN_S + 5)

    def stop(self) -> None:
        """Drain, tell Telegram what is done, and end. What was not taken is delivered again."""
        self.drain()
        if self._thread.is_alive():
            self._wait_for(self._close(), 30)
            self._close_loop()

    def _build(self, messages_a_second: float) -> Application:
        base = self._settings.telegram_api_url
        # The limiter only spaces calls out: its own retries would halt every chat for one.
        limiter = AIORateLimiter(overall_max_rate=messages_a_second, group_max_rate=0)
        application = (
            ApplicationBuilder()
            .application_class(ForgetfulApplication)
            .token(self._settings.telegram_token)
            .base_url(f"{base}/bot")
            .updater(None)
            .concurrent_updates(self._intake)
            .rate_limiter(limiter)
            .request(AiohttpRequest(base, CONNECTIONS))
            .get_updates_request(AiohttpRequest(base, UPDATE_CONNECTIONS, UPDATE_TIMEOUTS))
            .build()
        )
        application.add_handler(TypeHandler(Update, self._handle))
        return application

    async def _handle(self, update: Update, _context: object) -> None:
        await self._turns.take(update)

    async def _open(self) -> None:
        await self._until_reached(self._application.initialize)
        if self._settings.telegram_webhook_url:
            await self._until_reached(self._set_webhook)
        else:
            await self._until_reached(self._application.bot.delete_webhook)
        self._intake.attach(
            self._application.bot, self._application.update_queue, self._turns.too_many
        )
        await self._application.start()
        self._is_running = self._is_taking = True
        self._tasks.append(asyncio.create_task(self._sweep()))
        if self._settings.telegram_webhook_url:
            announce("Telegram: the bot answers, by webhook.")
        else:
            self._tasks.append(asyncio.create_task(self._poller.run()))
            announce("Telegram: the bot answers, by long polling.")

    async def _until_reached(self, call: Any) -> None:
        pause_s = FIRST_PAUSE_S
        while True:
            try:
                await call()
                return
            except InvalidToken:
                raise errors.TelegramError(
                    "Telegram refuses TELEGRAM_BOT_TOKEN. Copy the token from BotFather again."
                ) from None
            except errors.TelegramError:
                raise
            except RetryAfter as error:
                pause_s = max(pause_s, seconds(error.retry_after))
            except Exception:
                self._say_unreachable_once()
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    async def _set_webhook(self) -> None:
        try:
            await self._application.bot.set_webhook(
                self._settings.telegram_webhook_url,
                secret_token=self._settings.telegram_webhook_secret,
                allowed_updates=KINDS,
                max_connections=DELIVERIES_AT_ONCE,
            )
        except BadRequest:
            raise errors.TelegramError(
                "Telegram refuses TELEGRAM_WEBHOOK_URL. It must be an https:// address that"
                " Telegram can reach, on port 443, 80, 88 or 8443."
            ) from None

    def _say_unreachable_once(self) -> None:
        if not self._has_said:
            self._has_said = True
            announce("Telegram can't be reached yet; trying on.")
            self._first_contact.set()

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_EVERY_S)
            try:
                self._limits.tidy()
                for token in self._chats.sweep():
                    with contextlib.suppress(Exception):  # the engine forgets it by itself, too
                        await asyncio.to_thread(self._conversations.close, token)
            except Exception as error:
                logger.error("Forgetting old chats failed with %s", type(error).__name__)

    async def _drain(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()
        until = time.monotonic() + DRAIN_S
        while self._intake.is_busy and time.monotonic() < until:
            await asyncio.sleep(DRAIN_STEP_S)

    async def _close(self) -> None:
        if not self._is_running:
            await attempt(self._application.bot.shutdown)
            return
        if not self._settings.telegram_webhook_url:
            await self._poller.confirm()
        await self._turns.close()
        await self._application.stop()
        await attempt(self._application.shutdown)
        self._is_running = False

    def _wait_for(self, coroutine: Coroutine[Any, Any, None], timeout_s: float) -> None:
        try:
            asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(timeout_s)
        except Exception as error:
            logger.error("Telegram did not stop cleanly: %s", type(error).__name__)

    def _close_loop(self) -> None:
        async def cancel_all() -> None:
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)

        self._wait_for(cancel_all(), 5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()


def _log_late_refusal(opening: Future[None]) -> None:
    if opening.cancelled() or (error := opening.exception()) is None:
        return
    said = str(error) if isinstance(error, errors.TelegramError) else type(error).__name__
    logger.error("The Telegram bot is off: %s", said)
