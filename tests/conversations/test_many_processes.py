"""Conversations in a real Redis: any process goes on with them, and Redis may fail.

Two engines stand for two processes: they share nothing but Redis and the secret.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis_server import RedisServer

from bot.conversation import Conversations
from bot.engine.base import KEEP_S
from bot.engine.embedded import EmbeddedEngine
from bot.engine.shelf import REST_S, Connection
from bot.errors import ConversationExpiredError, EngineError
from bot.settings import load_settings
from bot.wording import load_wording

SECRET = "0123456789" * 4
CANARY = "zzzcanaryzzz"
NUMBERS = {"tel:999", "tel:08000121700"}


@pytest.fixture(scope="module")
def processes(redis: RedisServer) -> Iterator[tuple[Conversations, Conversations]]:
    model = load_settings(os.environ).model
    engines = [EmbeddedEngine(model, redis_url=redis.url) for _ in range(2)]
    first, second = (
        Conversations(engine, load_wording(), secret=SECRET, turn_timeout_s=30)
        for engine in engines
    )
    yield first, second
    for engine in engines:
        engine.close()


@pytest.fixture(autouse=True)
def running(redis: RedisServer) -> None:
    """A test may leave it ended, or full."""
    if not redis.is_running:
        redis.start()
        time.sleep(REST_S)
    Connection(redis.url).client.config_set("maxmemory", "0")


def test_any_process_goes_on_with_a_conversation(
    processes: tuple[Conversations, Conversations],
) -> None:
    first, second = processes
    token, turn = first.start(language="es", route="self")
    turn = second.choose(token, ['/answer{"safe_to_talk":"yes"}'])
    turn = first.choose(token, ['/answer{"feels_safe":"no"}'])
    turn = second.say(token, "no me pagan")

    assert turn.language == "es"
    assert turn.replies[-1].progress
    second.erase(token)
    with pytest.raises(ConversationExpiredError):
        first.say(token, "hola")


def test_redis_holds_no_words_no_token_and_forgets_by_itself(
    processes: tuple[Conversations, Conversations], redis: RedisServer
) -> None:
    first, _ = processes
    token, _ = first.start(language="en", route="self", place="hackney")
    first.choose(token, ['/answer{"safe_to_talk":"yes"}'])
    first.say(token, f"my name is {CANARY} and he keeps my passport", "1")
    client = Connection(redis.url).client
    names = client.keys("*")
    held = " ".join([*names, *(client.get(name) or "" for name in names)])

    assert "documents_held" in held  # a label stays
    assert CANARY not in held and token not in held and "passport" not in held
    assert all(0 < client.ttl(name) <= KEEP_S for name in names)
    on_disk = [file.name for file in redis.folder.iterdir()]
    assert on_disk == ["redis.log"]
    assert CANARY not in Path(redis.folder / "redis.log").read_text("utf-8")
    first.erase(token)


def test_a_redis_that_is_gone_gives_the_numbers_and_comes_back(
    processes: tuple[Conversations, Conversations], redis: RedisServer
) -> None:
    first, _ = processes
    token, _ = first.start(language="en", route="self")
    redis.stop()
    with pytest.raises(EngineError):
        first.say(token, "he is outside with a knife")
    _, turn = first.start(language="es")
    assert {link.href for link in turn.replies[0].links} >= NUMBERS
    assert turn.language == "es"
    assert first.trouble() == "Redis does not answer"

    redis.start()
    time.sleep(REST_S)
    assert not first.trouble()
    with pytest.raises(ConversationExpiredError):  # nothing was on a disk
        first.say(token, "hello")
    assert first.start(language="en")[1].replies[0].response == "utter_welcome"


def test_a_full_redis_gives_the_numbers_and_loses_no_conversation(
    processes: tuple[Conversations, Conversations], redis: RedisServer
) -> None:
    first, second = processes
    token, _ = first.start(language="en", route="self")
    client = Connection(redis.url).client
    client.set("filler", "x" * 3_000_000)
    client.config_set("maxmemory", "1mb")
    turn = first.choose(token, ['/answer{"safe_to_talk":"yes"}'])
    assert {link.href for link in turn.replies[0].links} >= NUMBERS
    client.config_set("maxmemory", "0")
    client.delete("filler")

    turn = second.choose(token, ['/answer{"safe_to_talk":"yes"}'])
    assert turn.replies[-1].progress  # the question it stood at
    second.erase(token)


def test_another_secret_opens_nothing(
    processes: tuple[Conversations, Conversations], redis: RedisServer
) -> None:
    first, _ = processes
    token, _ = first.start(language="en")
    model = load_settings(os.environ).model
    engine = EmbeddedEngine(model, redis_url=redis.url)
    stranger = Conversations(engine, load_wording(), secret="x" * 40)
    with pytest.raises(ConversationExpiredError):
        stranger.say(token, "hello")
    engine.close()
    first.erase(token)
