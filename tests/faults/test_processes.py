"""Whole processes: killed in mid-turn, on a full disk, and beside a Redis that fails.

One process is a real server; the other is an engine in the test's own. They share nothing but
Redis and the secret.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from conftest import LIMIT_S, NUMBERS, Talk, hrefs, progress, until
from connections import read_to_the_end
from faulty_server import HANGS_OVER
from flask.testing import FlaskClient
from redis_server import RedisServer

from bot.app import create_app
from bot.conversation import Conversations
from bot.engine.embedded import EmbeddedEngine
from bot.engine.redis_locks import PREFIX
from bot.engine.shelf import Connection
from bot.errors import EngineUnavailableError
from bot.settings import PROJECT, Settings, load_settings
from bot.wording import Wording

SECRET = "0123456789" * 4
START_S = 120
FEELS_SAFE = {"choice": '/answer{"feels_safe":"no"}'}
WEBHOOK = {
    "TELEGRAM_BOT_TOKEN": f"1:{'x' * 30}",
    "TELEGRAM_API_URL": "http://127.0.0.1:9",
    "TELEGRAM_WEBHOOK_URL": "https://waymark.example/telegram",
    "TELEGRAM_WEBHOOK_SECRET": "x" * 30,
}
"""Telegram's deliveries may be larger than messages; here it can't be reached, which is no matter."""
KEY = {"Idempotency-Key": "7"}
HANGING = 40
"""People at once whose messages are never read."""


class Server:
    """`waymark serve` on a free port, with nowhere to write its output."""

    def __init__(self, redis: RedisServer) -> None:
        self.redis = redis
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, **settings: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        environment = {
            **os.environ,
            "PYTHONPATH": str(PROJECT),
            "PORT": str(self.port),
            "WAYMARK_MODEL": str(load_settings(os.environ).model.absolute()),
            "WAYMARK_REDIS_URL": self.redis.url,
            "WAYMARK_SECRET": SECRET,
            **settings,
        }
        program = [sys.executable, str(Path(__file__).with_name("faulty_server.py")), "serve"]
        with Path("/dev/full").open("w") as full:
            self.process = subprocess.Popen(program, env=environment, stdout=full, stderr=full)
        until(lambda: self.process.poll() is not None or self.is_ready(), START_S)
        assert self.is_running, "it did not start"

    def is_ready(self) -> bool:
        return self.send("GET", "/health/ready")[0] == 200

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def send(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[int, Any]:
        """Status and body; 0 when nobody answers."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            None if body is None else json.dumps(body).encode(),
            {"Content-Type": "application/json", **(headers or {})},
            method=method,
        )
        try:
            with urllib.request.urlopen(request, timeout=2 * LIMIT_S) as answer:
                is_json = answer.headers["Content-Type"].startswith("application/json")
                return answer.status, json.load(answer) if is_json else answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)
        except OSError:
            return 0, None

    def in_hand(self) -> int:
        """How many requests it has read and not answered."""
        return read_to_the_end(self.port)

    def message(self, told: Talk, body: dict[str, str], **headers: str) -> Any:
        return self.send("POST", "/api/v1/messages", body, {**told.headers, **headers})[1]

    def end(self, how: signal.Signals) -> None:
        assert self.process
        self.process.send_signal(how)
        self.process.wait(timeout=2 * LIMIT_S)


@pytest.fixture(scope="module")
def engine(redis: RedisServer) -> Iterator[EmbeddedEngine]:
    engine = EmbeddedEngine(load_settings(os.environ).model, redis_url=redis.url)
    yield engine
    engine.close()


@pytest.fixture
def client(engine: EmbeddedEngine, wording: Wording) -> FlaskClient:
    conversations = Conversations(engine, wording, secret=SECRET)
    return create_app(Settings(), conversations, wording).test_client()


@pytest.fixture(scope="module")
def one_server(redis: RedisServer) -> Iterator[Server]:
    server = Server(redis)
    yield server
    if server.is_running:
        server.end(signal.SIGKILL)


@pytest.fixture
def server(one_server: Server) -> Server:
    """Started when it is wanted, and again after a test has ended it."""
    if not one_server.is_running:
        one_server.start()
    return one_server


# --- Redis --------------------------------------------------------------------------------------
def test_a_redis_that_hangs_gives_the_numbers_and_the_conversation_goes_on(
    talk: Callable[..., Talk], redis: RedisServer, client: FlaskClient
) -> None:
    told = talk("vi").at_the_first_question()
    before = told.question()
    redis.signal(signal.SIGSTOP)
    try:  # all of it comes while it hangs
        answers = [told.choose('/answer{"feels_safe":"no"}') for _ in range(2)]
        health = client.get("/health/ready")
    finally:
        redis.signal(signal.SIGCONT)
    assert all(hrefs(answer) >= NUMBERS for answer in answers)
    assert {answer["language"] for answer in answers} == {"vi"}
    assert (health.status_code, health.get_json()) == (503, {"status": "Redis does not answer"})
    until(lambda: client.get("/health/ready").status_code == 200)

    assert told.question() == before


def test_a_redis_that_is_slow_gives_the_numbers_in_time(
    talk: Callable[..., Talk], engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each command takes long, none too long; one more would, but the answer does not wait."""
    told = talk("ar").at_the_first_question()
    before = told.question()
    connection = engine._store.shelf._connection
    ask = connection.ask

    has_apologised = threading.Event()
    asked = []

    def slowly(command: Callable[[Any], Any]) -> Any:
        asked.append(command)
        if len(asked) < 3:
            time.sleep(0.7)
        else:
            assert has_apologised.wait(LIMIT_S), "it waited for Redis"
        return ask(command)

    with monkeypatch.context() as slow:
        slow.setattr(connection, "ask", slowly)
        apology = told.choose('/answer{"feels_safe":"no"}', Prefer="")
        assert len(asked) == 3
        has_apologised.set()
    assert (apology["language"], hrefs(apology) >= NUMBERS) == ("ar", True)

    assert told.question() == before


def test_a_redis_that_was_restarted_has_forgotten_and_the_answer_says_so(
    talk: Callable[..., Talk], redis: RedisServer
) -> None:
    told = talk("vi").at_the_first_question()
    redis.stop()
    redis.start()
    answer = told.choose('/answer{"feels_safe":"no"}')

    assert (told.status, answer["error"]["code"]) == (401, "conversation_expired")
    assert (answer["language"], hrefs(answer) >= NUMBERS) == ("vi", True)
    assert talk("vi").at_the_first_question()


# --- another process ------------------------------------------------------------------------------
def test_with_a_full_disk_turns_go_on(talk: Callable[..., Talk], one_server: Server) -> None:
    """Its output went nowhere from the start; from now on it can write no byte to any file."""
    server = one_server
    if server.is_running:
        server.end(signal.SIGKILL)
    server.start(**WEBHOOK)
    assert server.process
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (0, 0))
    told = talk("es")
    answers = [
        server.message(told, {"choice": '/answer{"safe_to_talk":"yes"}'}),
        server.message(told, {"text": "no me pagan y tienen mi pasaporte"}),
        server.message(told, {"text": "x" * 9_000}),
        server.message(told, {"choice": "/skip_question"}),
    ]

    assert all(answer["replies"] for answer in answers)
    assert not any(hrefs(answer) >= NUMBERS for answer in answers)
    assert server.send("POST", "/api/v1/messages", {"text": 1}, told.headers)[0] == 400
    large = {"text": "x" * 600_000}
    assert server.send("POST", "/api/v1/messages", large, told.headers)[0] == 413
    assert server.send("GET", "/health/ready")[0] == 200


def test_a_message_sent_to_two_processes_at_once_is_taken_once(
    talk: Callable[..., Talk], server: Server
) -> None:
    """Taken twice, 'no' would answer two questions."""
    for number in range(4):
        told = talk().at_the_first_question()
        with ThreadPoolExecutor(2) as pool:
            here = pool.submit(told.say, "no", **KEY)
            there = pool.submit(server.message, told, {"text": "no"}, **KEY)
            answers = [here.result(), there.result()]

        assert {progress(answer)[:10] for answer in answers} == {"Question 2"}, number


def test_a_process_that_is_killed_in_mid_turn_loses_no_conversation(
    talk: Callable[..., Talk], server: Server, redis: RedisServer
) -> None:
    told = talk().at_the_first_question()
    client = Connection(redis.url).client
    with ThreadPoolExecutor(1) as pool:
        lost = pool.submit(server.message, told, {"text": f"no {HANGS_OVER}"}, **KEY)
        until(lambda: client.keys(f"{PREFIX}*"))
        server.end(signal.SIGKILL)
        assert lost.result() is None
    answer = told.post(FEELS_SAFE, **KEY)
    again = told.post(FEELS_SAFE, **KEY)

    assert progress(answer).startswith("Question 2")
    assert progress(again) == progress(answer)


def test_whoever_does_not_type_waits_for_nobody_who_does(
    talk: Callable[..., Talk], server: Server
) -> None:
    """Forty people's messages hang, and hang on until all that is asked here has been answered."""
    talks = [talk() for _ in range(HANGING)]
    other = talk("vi").at_the_first_question()
    with ThreadPoolExecutor(HANGING) as pool:
        hanging = [pool.submit(server.message, each, {"text": HANGS_OVER}) for each in talks]
        try:
            until(lambda: sum(map(Future.done, hanging)) + server.in_hand() >= HANGING)
            pages = [server.send("GET", path) for path in ("/numbers", "/api/v1/numbers", "/")]
            alive = server.send("GET", "/health/live")
            pressed = server.message(other, {"choice": "/skip_question"})
            still_hang = [each for each in hanging if not each.done()]
        finally:
            server.end(signal.SIGKILL)

    assert still_hang, "they were answered before all the others"
    for status, said in [*pages, alive]:
        assert status == 200, said
    for _, said in pages:
        assert all(number in str(said) for number in NUMBERS)
    assert progress(pressed) and not hrefs(pressed) >= NUMBERS


def test_a_server_whose_encoder_hangs_ends_when_it_is_told_to(
    talk: Callable[..., Talk], server: Server
) -> None:
    told = talk()
    assert hrefs(server.message(told, {"text": HANGS_OVER}, Prefer="")) >= NUMBERS
    server.end(signal.SIGTERM)  # which waits for a minute at most

    assert told.say("hello")["replies"]  # here it goes on


# --- what stops a start ----------------------------------------------------------------------------
def start_that_fails(model: Path, most_bytes: int = resource.RLIM_INFINITY) -> str:
    """What `waymark serve` says when it can't start."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))

    ended = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", "from bot.cli import app; app(['serve'])"],
        env={**os.environ, "PYTHONPATH": str(PROJECT), "WAYMARK_MODEL": str(model), "PORT": "1"},
        capture_output=True,
        text=True,
        timeout=START_S,
        preexec_fn=limit,
        check=False,
    )
    assert ended.returncode == 1
    return ended.stderr


def test_a_model_that_is_cut_off_ends_the_start_with_a_sentence(tmp_path: Path) -> None:
    whole = load_settings(os.environ).model.read_bytes()
    model = tmp_path / "waymark.tar.gz"
    model.write_bytes(whole[: len(whole) // 2])
    said = start_that_fails(model)

    assert "Waymark can't start. The model is not usable" in said
    assert "Traceback" not in said


def test_a_disk_without_room_for_the_model_ends_the_start_with_a_sentence() -> None:
    said = start_that_fails(load_settings(os.environ).model.absolute(), most_bytes=100_000)

    assert "Waymark can't start. The model can't be unpacked: File too large" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("share", [0.0001, 0.01, 0.5, 0.9, 0.999, 0.999999])
def test_a_model_cut_off_anywhere_is_refused(tmp_path: Path, share: float) -> None:
    whole = load_settings(os.environ).model.read_bytes()
    model = tmp_path / "waymark.tar.gz"
    model.write_bytes(whole[: int(len(whole) * share)])

    with pytest.raises(EngineUnavailableError, match="make train"):
        EmbeddedEngine(model)
