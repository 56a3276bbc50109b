"""bot/metrics.py: counts and times, and nothing about a person."""

from __future__ import annotations

import socket
import urllib.request
from collections.abc import Iterator

import pytest
from fake_engine import FakeEngine

from bot.conversation import Conversations
from bot.engine.base import Chosen, Typed
from bot.errors import EngineUnavailableError
from bot.metrics import Metrics
from bot.wording import Wording

SECRET = "zzzsecret"


@pytest.fixture
def metrics(engine: FakeEngine) -> Metrics:
    return Metrics(engine.is_ready)


@pytest.fixture
def address(metrics: Metrics) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    close = metrics.serve("127.0.0.1", port)
    yield f"http://127.0.0.1:{port}/metrics"
    close()


def read(address: str) -> str:
    with urllib.request.urlopen(address, timeout=5) as answer:
        text: str = answer.read().decode()
        return text


def test_turns_are_counted_and_nothing_else_is_said(
    engine: FakeEngine, wording: Wording, metrics: Metrics, address: str
) -> None:
    conversations = Conversations(engine, wording, watch=metrics)
    token, _ = conversations.start(language="vi", route="self", place="hackney")
    conversations.say(token, f"my name is {SECRET}")

    def fail(_: str, message: Typed | Chosen) -> list[dict[str, object]]:
        raise EngineUnavailableError(SECRET)

    engine.answer = fail
    conversations.say(token, SECRET)
    metrics.refused("start")
    text = read(address)

    assert 'waymark_turn_seconds_count{kind="typed"} 1.0' in text
    assert 'waymark_turn_seconds_count{kind="chosen"} 1.0' in text
    assert 'waymark_turns_failed_total{kind="typed"} 1.0' in text
    assert 'waymark_requests_refused_total{kind="start"} 1.0' in text
    assert "waymark_ready 1.0" in text
    for never in (SECRET, token, "hackney", "vi", "python_info"):
        assert f'"{never}"' not in text and f" {never}" not in text


def test_what_is_wrong_shows(engine: FakeEngine, address: str) -> None:
    engine.ready = False
    assert "waymark_ready 0.0" in read(address)
