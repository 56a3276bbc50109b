"""Three runs of the real server, each made once, and looked at by many tests when it is over."""

from __future__ import annotations

import socket
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from redis_server import RedisServer
from talking import flood, talk_of_somebody_else, talk_through, walk_through
from traced_server import TracedServer

HOST = "https://host.example"


@dataclass
class WholeServer(TracedServer):
    """A run with all that an operator can switch on, and with a Redis that keeps what it gets.

    Attributes:
        redis: writes everything to a disk, as it should not.
        held: what Redis held while each conversation went on, names and values, and what it was
            told to do.
        lasts_s: for how long it holds each of them.
        metrics: what Prometheus was told.
        in_memory: places whose word was in the server's memory after everything was deleted.
    """

    redis: RedisServer = field(init=False)
    held: bytes = b""
    lasts_s: list[int] = field(default_factory=list)
    metrics: bytes = b""
    in_memory: list[str] = field(default_factory=list)

    def look_at_redis(self) -> None:
        """Names, values, and every command that came."""
        with self.redis.client() as client:
            for name in client.keys("*"):
                self.held += b"%s %s\n" % (name, client.get(name) or b"")
                self.lasts_s.append(client.ttl(name))
            self.held += repr(client.slowlog_get(100_000)).encode()

    def lose_redis(self) -> None:
        """Let it write what it holds to a disk, and end it."""
        with self.redis.client() as client:
            client.save()
        self.redis.stop()


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def as_served(folder: Path) -> TracedServer:
    """Run as anybody runs it."""
    server = TracedServer(folder, None, is_watched=False)
    run(server, lambda: (talk_through(server), walk_through(server)))
    return server


def failing(folder: Path) -> TracedServer:
    """Run as talkative as it can be, with actions and requests that fail."""
    server = TracedServer(folder, "DEBUG", is_watched=True, is_failing=True)
    run(server, lambda: (talk_through(server), walk_through(server)))
    return server


def whole(folder: Path) -> WholeServer:
    """Run with Redis, counts, a proxy in front and a site that may show it; Redis is lost at last."""
    server = WholeServer(folder, "INFO", is_watched=True)
    (folder / "redis").mkdir(parents=True)
    server.redis = RedisServer(folder / "redis", is_kept=True)
    metrics = free_port()
    server.settings.update(
        WAYMARK_REDIS_URL=server.redis.url,
        WAYMARK_SECRET="0123456789" * 4,
        WAYMARK_METRICS_PORT=str(metrics),
        WAYMARK_PROXIES="1",
        WAYMARK_ALLOWED_ORIGINS=HOST,
    )

    def talk() -> None:
        talk_through(server, server.look_at_redis)
        walk_through(server)
        talk_of_somebody_else(server)
        server.in_memory = server.words_in_memory()
        flood(server)
        with urllib.request.urlopen(f"http://127.0.0.1:{metrics}/metrics", timeout=10) as answer:
            server.metrics = answer.read()
        token = server.send("start before that", "POST", "/api/v1/conversations", {})["token"]
        server.lose_redis()
        text = server.canaries.new("Redis is gone")
        server.send("Redis is gone", "POST", "/api/v1/messages", {"text": text}, token=token)
        server.send("start without Redis", "POST", "/api/v1/conversations", {})

    server.redis.start()
    try:
        run(server, talk)
    finally:
        server.redis.stop()
    return server


def run(server: TracedServer, talk: Callable[[], object]) -> None:
    """Start it, talk with it, stop it."""
    server.start()
    try:
        talk()
    finally:
        server.stop()


Runs = Callable[[Callable[[Path], TracedServer]], TracedServer]


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    """Make a run when it is first asked for."""
    made: dict[str, TracedServer] = {}

    def get(kind: Callable[[Path], TracedServer]) -> TracedServer:
        name = kind.__name__
        if name not in made:
            made[name] = kind(tmp_path_factory.mktemp("trace"))
        return made[name]

    return get


@pytest.fixture(params=[as_served, failing, whole], ids=lambda kind: kind.__name__)
def server(request: pytest.FixtureRequest, runs: Runs) -> TracedServer:
    """Each of the three runs."""
    return runs(request.param)


@pytest.fixture
def failing_server(runs: Runs) -> TracedServer:
    """The run in which things fail."""
    return runs(failing)


@pytest.fixture
def whole_server(runs: Runs) -> TracedServer:
    """The run with everything switched on."""
    return runs(whole)
