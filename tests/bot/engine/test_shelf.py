"""bot/engine/shelf.py and redis_locks.py, on a real Redis."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
from pathlib import Path

import pytest
from clock import Clock
from redis_server import RedisServer

from bot.engine import redis_locks
from bot.engine.base import KEEP_S
from bot.engine.redis_locks import RedisLocks
from bot.engine.shelf import PREFIX, REST_S, Connection, MemoryShelf, RedisShelf, Shelf
from bot.errors import EngineUnavailableError


@pytest.fixture(params=["memory", "redis"])
def shelf(request: pytest.FixtureRequest) -> Shelf:
    if request.param == "memory":
        return MemoryShelf()
    server: RedisServer = request.getfixturevalue("redis_server")
    return RedisShelf(Connection(server.url))


def test_what_is_laid_there_lies_there_until_it_is_dropped(shelf: Shelf) -> None:
    assert shelf.get("a") is None
    shelf.put("a", "{}")
    shelf.put("b", "[]")
    assert (shelf.get("a"), sorted(shelf.names())) == ("{}", ["a", "b"])
    shelf.drop("a")
    shelf.drop("unknown")
    assert (shelf.get("a"), shelf.names()) == (None, ["b"])
    assert shelf.is_ready()


def test_memory_forgets_after_thirty_minutes() -> None:
    clock = Clock()
    shelf = MemoryShelf(clock)
    shelf.put("a", "{}")
    clock.now += KEEP_S
    shelf.keep("a")
    clock.now += KEEP_S
    assert shelf.get("a") == "{}"
    clock.now += 0.01
    assert shelf.sweep() == ["a"]
    assert shelf.names() == []


def test_redis_forgets_by_itself(redis_server: RedisServer) -> None:
    shelf = RedisShelf(Connection(redis_server.url))
    client = Connection(redis_server.url).client
    shelf.put("a", "{}")
    assert 0 < client.ttl(f"{PREFIX}a") <= KEEP_S
    client.expire(f"{PREFIX}a", 5)
    shelf.keep("a")
    shelf.keep("unknown")

    assert client.ttl(f"{PREFIX}a") > KEEP_S - 5
    assert shelf.names() == ["a"]


def test_a_redis_that_is_gone_is_said_at_once_and_left_alone(redis_server: RedisServer) -> None:
    clock = Clock()
    shelf = RedisShelf(Connection(redis_server.url, clock))
    shelf.put("a", "{}")
    redis_server.stop()
    with pytest.raises(EngineUnavailableError) as caught:
        shelf.get("a")
    assert str(redis_server.port) not in str(caught.value)
    assert not shelf.is_ready()
    redis_server.start()
    assert not shelf.is_ready()  # it rests
    clock.now += REST_S
    assert shelf.is_ready()


def test_a_full_redis_refuses_and_still_reads(redis_server: RedisServer) -> None:
    connection = Connection(redis_server.url)
    shelf = RedisShelf(connection)
    shelf.put("a", "{}")
    connection.client.config_set("maxmemory", "1mb")

    def fill() -> None:
        for number in range(100):
            shelf.put(str(number), "x" * 100_000)

    with pytest.raises(EngineUnavailableError):
        fill()

    assert shelf.get("a") == "{}"
    shelf.drop("a")


def test_one_turn_at_a_time_over_two_processes(redis_server: RedisServer) -> None:
    first, second = (RedisLocks(Connection(redis_server.url)) for _ in range(2))
    done: list[str] = []

    async def turn(locks: RedisLocks, name: str) -> None:
        async with locks.lock("a"):
            done.append(f"{name} begins")
            await asyncio.sleep(0.1)
            done.append(f"{name} ends")

    async def both() -> None:
        await asyncio.gather(turn(first, "one"), turn(second, "two"))

    asyncio.run(both())
    assert [each.split()[1] for each in done] == ["begins", "ends", "begins", "ends"]


def test_a_lock_lasts_as_long_as_its_turn_and_no_longer_than_its_process(
    redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_locks, "LASTS_S", 120)
    monkeypatch.setattr(redis_locks, "RENEW_EVERY_S", 0.05)
    connection = Connection(redis_server.url)
    name = f"{redis_locks.PREFIX}a"

    async def long_turn() -> None:
        async with RedisLocks(connection).lock("a"):
            assert 0 < connection.client.ttl(name) <= 120
            connection.client.expire(name, 60)  # as if so much time were over
            async with asyncio.timeout(30):
                while connection.client.ttl(name) <= 60:
                    await asyncio.sleep(0.02)

    asyncio.run(long_turn())
    assert not connection.client.exists(name)


def test_a_lock_that_ran_out_is_not_taken_for_a_redis_that_is_gone(
    redis_server: RedisServer,
) -> None:
    connection = Connection(redis_server.url)

    async def too_long() -> None:
        async with RedisLocks(connection).lock("a"):
            connection.client.flushdb()

    asyncio.run(too_long())
    assert RedisShelf(connection).get("a") is None  # it is asked, and answers


def test_a_redis_that_hangs_is_waited_for_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(0)
        shelf = RedisShelf(Connection(f"redis://127.0.0.1:{silent.getsockname()[1]}/0", Clock()))
        for _ in range(3):
            with pytest.raises(EngineUnavailableError):
                shelf.get("a")
        silent.accept()[0].close()
        with pytest.raises(BlockingIOError):  # nobody came a second time
            silent.accept()


def test_another_conversation_does_not_wait(redis_server: RedisServer) -> None:
    locks = RedisLocks(Connection(redis_server.url))

    async def nested() -> None:
        async with locks.lock("a"), locks.lock("b"):
            pass

    asyncio.run(asyncio.wait_for(nested(), 30))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a certificate for 127.0.0.1 (cert.pem, key.pem) that signs itself."""
    program = shutil.which("openssl")
    assert program, "openssl is not installed: `make browser` brings it"
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        [program, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-keyout", folder / "key.pem", "-out", folder / "cert.pem", "-days", "2",
         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True, capture_output=True,
    )  # fmt: skip
    return folder


def test_a_redis_with_tls_and_a_password(tmp_path: Path, certificate: Path) -> None:
    server = RedisServer(tmp_path, certificate=certificate)
    known = f"{server.url}?ssl_ca_certs={certificate / 'cert.pem'}"
    urls = {
        "known": known,
        "unknown certificate": server.url,
        "no password": known.replace(":zzz-password@", ""),
    }
    connections = {name: Connection(url) for name, url in urls.items()}
    shelves = {name: RedisShelf(connection) for name, connection in connections.items()}
    server.start()
    try:
        shelves["known"].put("one", "{}")

        assert shelves["known"].get("one") == "{}"
        for name in ("unknown certificate", "no password"):
            with pytest.raises(EngineUnavailableError):
                shelves[name].get("one")
            assert not shelves[name].is_ready()
    finally:
        for connection in connections.values():
            connection.client.close()
        server.stop()
