"""bot/channels/telegram/bot.py: a chat whose time is over is closed; nobody asked to delete it."""

from __future__ import annotations

import asyncio

import pytest
from fake_engine import FakeEngine

from bot.channels.telegram.bot import TelegramChannel
from bot.conversation import Conversations
from bot.settings import Settings
from bot.wording import Wording


def test_a_chat_that_runs_out_is_forgotten_as_one_that_was_closed(
    engine: FakeEngine,
    conversations: Conversations,
    wording: Wording,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = Settings(telegram_token="123456:abcdefghijklmnopqrstuvwxyz")
    channel = TelegramChannel(settings, conversations, wording)
    token, _ = conversations.start()
    closed: list[str] = []

    async def run() -> None:
        over = asyncio.Event()
        loop = asyncio.get_running_loop()

        def close(given: str) -> None:
            closed.append(given)
            Conversations.close(conversations, given)
            loop.call_soon_threadsafe(over.set)

        monkeypatch.setattr(conversations, "close", close)
        monkeypatch.setattr(channel._chats, "sweep", lambda: [token])
        monkeypatch.setattr("bot.channels.telegram.bot.SWEEP_EVERY_S", 0)
        sweeping = asyncio.create_task(channel._sweep())
        await asyncio.wait_for(over.wait(), timeout=10)
        sweeping.cancel()

    try:
        asyncio.run(run())
    finally:
        channel._loop.close()

    assert closed[0] == token
    assert conversations.language_of(token) is None
