"""What every test shares: Rasa prepared before its first import, no network, no cached clock."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from libre_server import Libre
from redis_server import RedisServer

from bot.engine import rasa_setup

rasa_setup.prepare()


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any connection fails the test."""

    def refuse(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("a unit test opened a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands leave this process as it is."""
    monkeypatch.setattr("bot.privacy.keep_quiet", lambda level: None)
    monkeypatch.setattr("bot.memory.forbid_dumps", lambda: None)
    monkeypatch.setattr("bot.memory.overwrite_what_is_freed", lambda: None)


@pytest.fixture
def libre() -> Iterator[Libre]:
    """A LibreTranslate on this machine."""
    server = Libre()
    yield server
    server.close()


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis on this machine."""
    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """One for all tests of a module."""
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.stop()
