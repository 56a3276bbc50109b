"""bot/engine/shelf.py's Connection: a wrong setting stops the start, and who is away is named."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from clock import Clock
from redis_server import RedisServer

from bot.engine.shelf import REST_S, Connection
from bot.errors import EngineUnavailableError


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.mark.parametrize("password", [":zzz-wrong@", ""])
def test_a_wrong_password_stops_the_start_and_is_not_shown(
    server: RedisServer, password: str
) -> None:
    connection = Connection(server.url.replace(":zzz-password@", password))

    with pytest.raises(EngineUnavailableError, match="WAYMARK_REDIS_URL") as stopped:
        connection.introduce()
    assert "zzz" not in str(stopped.value)
    connection.client.close()


def test_one_that_is_away_may_come_yet(server: RedisServer) -> None:
    server.stop()
    connection = Connection(server.url)
    connection.introduce()
    server.start()

    assert connection.ask(lambda redis: redis.ping())
    connection.client.close()


def test_one_that_went_away_is_named_once(
    server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock()
    connection = Connection(server.url, clock)

    def ask() -> None:
        clock.now += REST_S + 1
        connection.ask(lambda redis: redis.ping())

    ask()
    for _ in range(2):
        server.stop()
        with caplog.at_level(logging.ERROR):
            for _ in range(3):
                with pytest.raises(EngineUnavailableError):
                    ask()
        server.start()
        ask()

    assert [record.getMessage()[:21] for record in caplog.records] == ["Redis does not answer"] * 2
    connection.client.close()
