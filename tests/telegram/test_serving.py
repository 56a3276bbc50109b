"""`waymark serve` with Telegram beside the page: what the operator sees, and how it ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bot_api import TOKEN, BotApi, Person, until

from bot.settings import PROJECT

Serve = Callable[..., "subprocess.Popen[bytes]"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "output"


@pytest.fixture
def serve(api: BotApi, port: int, output: Path) -> Iterator[Serve]:
    """Start the real server; it is ended after the test."""
    running = []

    def start(**settings: str) -> subprocess.Popen[bytes]:
        with output.open("wb") as file:
            process = subprocess.Popen(
                [str(Path(sys.executable).parent / "waymark"), "serve"],
                env={
                    "PATH": os.environ["PATH"],
                    "PORT": str(port),
                    "TELEGRAM_BOT_TOKEN": TOKEN,
                    "TELEGRAM_API_URL": api.url,
                    **settings,
                },
                cwd=PROJECT,
                stdout=file,
                stderr=subprocess.STDOUT,
            )
        running.append(process)
        return process

    yield start
    for process in running:
        if process.poll() is None:
            process.kill()
        process.wait()


def test_prometheus_is_told_when_telegram_last_answered(api: BotApi, serve: Serve) -> None:
    counts = free_port()
    serve(WAYMARK_METRICS_PORT=str(counts))
    until(lambda: api.called("getUpdates"), 90)

    def told() -> bytes:
        with urllib.request.urlopen(f"http://127.0.0.1:{counts}/metrics", timeout=10) as answer:
            return answer.read()

    until(lambda: b'waymark_channel_reached_timestamp_seconds{channel="telegram"}' in told(), 30)


def test_it_says_so_in_one_line_and_a_signal_ends_the_turns_first(
    api: BotApi, serve: Serve, output: Path
) -> None:
    process = serve()
    until(lambda: api.called("getUpdates"), 90)
    people = [Person(api, 50000 + number) for number in range(5)]
    for person in people:
        person.say("hello")
    until(lambda: api.called("sendMessage"), 30)
    process.send_signal(signal.SIGTERM)

    assert process.wait(40) == 0
    said = output.read_text()
    assert said.count("Telegram: the bot answers, by long polling.") == 1
    assert TOKEN not in said
    left = {update["message"]["chat"]["id"] for update in api.updates}
    for person in people:
        assert bool(api.sent(person.id)) != (person.id in left), "lost, or to be answered twice"


def test_a_wrong_token_ends_it_with_the_reason(serve: Serve, output: Path) -> None:
    wrong = "999:wrong_wrong_wrong_wrong_wrong_wrong"
    process = serve(TELEGRAM_BOT_TOKEN=wrong)

    assert process.wait(90) == 1
    said = output.read_text()
    assert "Telegram refuses TELEGRAM_BOT_TOKEN" in said
    assert wrong not in said and "Traceback" not in said


def test_the_page_is_served_while_telegram_is_away(
    api: BotApi, serve: Serve, output: Path, port: int
) -> None:
    process = serve(TELEGRAM_API_URL="http://127.0.0.1:9")

    def is_served() -> bool:
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready").status == 200
        except OSError:
            return False

    until(is_served, 90)
    process.send_signal(signal.SIGTERM)

    assert process.wait(40) == 0
    assert output.read_text().count("Telegram can't be reached yet") == 1
