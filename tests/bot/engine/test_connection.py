"""bot/engine/shelf.py's Connection: a wrong setting stops the start, and who is away is named."""

from __future__ import annotations

import logging

import pytest
from clock import Clock
from redis_server import RedisServer

from bot.engine.shelf import REST_S, Connection
from bot.errors import EngineUnavailableError


@pytest.mark.parametrize("password", [":zzz-wrong@", ""])
def test_a_wrong_password_stops_the_start_and_is_not_shown(
    redis_server: RedisServer, password: str
) -> None:
    connection = Connection(redis_server.url.replace(":zzz-password@", password))

    with pytest.raises(EngineUnavailableError, match="WAYMARK_REDIS_URL") as stopped:
        connection.introduce()
    assert "zzz" not in str(stopped.value)
    connection.client.close()


def test_one_that_is_away_may_come_yet(redis_server: RedisServer) -> None:
    redis_server.stop()
    connection = Connection(redis_server.url)
    connection.introduce()
    redis_server.start()

    assert connection.ask(lambda redis: redis.ping())
    connection.client.close()


def test_one_that_went_away_is_named_once(
    redis_server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock()
    connection = Connection(redis_server.url, clock)

    def ask() -> None:
        clock.now += REST_S + 1
        connection.ask(lambda redis: redis.ping())

    ask()
    for _ in range(2):
        redis_server.stop()
        with caplog.at_level(logging.ERROR):
            for _ in range(3):
                with pytest.raises(EngineUnavailableError):
                    ask()
        redis_server.start()
        ask()

    assert [record.getMessage()[:21] for record in caplog.records] == ["Redis does not answer"] * 2
    connection.client.close()
