"""Conversations in a real Redis: any process goes on with them, and Redis may fail.

Two engines stand for two processes: they share nothing but Redis and the secret.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from redis_server import RedisServer

from bot.conversation import Conversations
from bot.engine.base import KEEP_S
from bot.engine.embedded import EmbeddedEngine
from bot.engine.shelf import PREFIX, Connection
from bot.errors import ConversationExpiredError, EngineError
from bot.settings import load_settings
from bot.wording import load_wording

SECRET = "0123456789" * 4
CANARY = "zzzcanaryzzz"
NUMBERS = {"tel:999", "tel:08000121700"}
LIMIT_S = 30.0


def until(is_so: Callable[[], object]) -> None:
    """Wait for something that is going to be so."""
    end = time.monotonic() + LIMIT_S
    while not is_so():
        assert time.monotonic() < end, "it never was so"
        time.sleep(0.05)


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
def running(redis: RedisServer, processes: tuple[Conversations, Conversations]) -> None:
    """A test may leave it ended, or full."""
    if not redis.is_running:
        redis.start()
    until(lambda: not any(process.trouble() for process in processes))
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


@pytest.mark.parametrize("is_typed", [True, False], ids=["words", "a button"])
def test_what_is_said_to_a_conversation_that_was_just_deleted_begins_no_new_one(
    processes: tuple[Conversations, Conversations],
    redis: RedisServer,
    monkeypatch: pytest.MonkeyPatch,
    is_typed: bool,
) -> None:
    """Another process deletes it after this one has looked, and before its turn."""
    first, second = processes
    token, _ = first.start(language="es", route="self")
    handle = first._engine.handle
    deleted = []

    def delete_first(*message: Any) -> Any:
        second.erase(token)
        deleted.append(token)
        return handle(*message)

    with monkeypatch.context() as late, suppress(ConversationExpiredError):
        late.setattr(first._engine, "handle", delete_first)
        choice = ["/skip_question"]
        turn = first.say(token, "no me pagan") if is_typed else first.choose(token, choice)
        assert {link.href for link in turn.replies[0].links} >= NUMBERS
        assert not turn.replies[0].choices
    assert deleted

    assert Connection(redis.url).client.keys(f"{PREFIX}{first._conversation(token)}") == []
    for process in processes:
        with pytest.raises(ConversationExpiredError):
            process.say(token, "no me pagan")


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
    until(lambda: not first.trouble())
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
