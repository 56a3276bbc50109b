"""The bot on a fake engine, talking over HTTP to a Bot API server of our own."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "bot"))

from bot_api import TOKEN, BotApi, Person
from fake_engine import FakeEngine

from bot.channels.telegram.bot import TelegramChannel
from bot.conversation import Conversations
from bot.settings import Settings
from bot.wording import Wording, load_wording

ADDRESS = "https://waymark.example/help"


@pytest.fixture
def api() -> Iterator[BotApi]:
    api = BotApi().start()
    yield api
    api.stop()


@pytest.fixture
def engine() -> Iterator[FakeEngine]:
    engine = FakeEngine()
    with ThreadPoolExecutor() as engine.pool:
        yield engine


@pytest.fixture(scope="session")
def wording() -> Wording:
    return load_wording()


Start = Callable[..., TelegramChannel]


@pytest.fixture
def start_bot(api: BotApi, engine: FakeEngine, wording: Wording) -> Iterator[Start]:
    """Start a bot; it is stopped after the test."""
    running = []

    def start(**given: Any) -> TelegramChannel:
        timeout_s = given.pop("turn_timeout_s", 60)
        watch = given.pop("watch", None)
        settings = {
            "telegram_token": TOKEN,
            "telegram_api_url": api.url,
            "public_url": ADDRESS,
            **given,
        }
        channel = TelegramChannel(
            Settings(**settings),
            Conversations(engine, wording, turn_timeout_s=timeout_s, watch=watch),
            wording,
            messages_a_second=5000,
        )
        running.append(channel)
        channel.start()
        return channel

    yield start
    for channel in running:
        channel.stop()


@pytest.fixture
def bot(start_bot: Start) -> TelegramChannel:
    return start_bot()


@pytest.fixture
def person(api: BotApi) -> Person:
    return Person(api, 70001)
