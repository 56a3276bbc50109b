"""bot/metrics.py: counts and times, and nothing about a person."""

from __future__ import annotations

import socket
import struct
import time
import urllib.error
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
TOKEN = "0123456789" * 4


@pytest.fixture
def metrics(engine: FakeEngine) -> Metrics:
    return Metrics(lambda: not engine.trouble())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def address(metrics: Metrics) -> Iterator[str]:
    port = free_port()
    close = metrics.serve("127.0.0.1", port)
    yield f"http://127.0.0.1:{port}/metrics"
    close()


@pytest.fixture
def shut(metrics: Metrics) -> Iterator[str]:
    """The address of counts that need the token."""
    port = free_port()
    close = metrics.serve("127.0.0.1", port, TOKEN)
    yield f"http://127.0.0.1:{port}/metrics"
    close()


def read(address: str, authorization: str | None = None) -> str:
    headers = {} if authorization is None else {"Authorization": authorization}
    request = urllib.request.Request(address, headers=headers)
    with urllib.request.urlopen(request, timeout=5) as answer:
        text: str = answer.read().decode()
        return text


def refusal(address: str, authorization: str | None = None) -> tuple[int, str | None, bytes]:
    """Status, what is asked for, and body of an answer that is a refusal."""
    with pytest.raises(urllib.error.HTTPError) as refused:
        read(address, authorization)
    with refused.value as answer:
        return answer.code, answer.headers["WWW-Authenticate"], answer.read()


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


def test_when_telegram_last_answered_shows(metrics: Metrics, address: str) -> None:
    told = 'waymark_channel_reached_timestamp_seconds{channel="telegram"}'
    assert told not in read(address)

    metrics.reached("telegram")
    (line,) = [line for line in read(address).splitlines() if line.startswith(told)]
    assert abs(float(line.split()[-1]) - time.time()) < 60


def test_what_is_wrong_shows(engine: FakeEngine, address: str) -> None:
    engine.trouble_is = "Redis does not answer"
    assert "waymark_ready 0.0" in read(address)


def test_the_token_gets_them(shut: str) -> None:
    assert "waymark_ready 1.0" in read(shut, f"Bearer {TOKEN}")
    assert "waymark_ready 1.0" in read(shut, f"bearer {TOKEN}")


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        f"Bearer {TOKEN[:-1]}",
        f"Bearer {TOKEN}0",
        f"Bearer {TOKEN} {TOKEN}",
        f"Basic {TOKEN}",
        TOKEN,
        "Bearer \xe9\xff",
    ],
)
def test_only_the_token_opens_them(
    shut: str, authorization: str | None, capfd: pytest.CaptureFixture[str]
) -> None:
    assert refusal(shut, authorization) == (401, "Bearer", b"")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("path", ["/", "/favicon.ico", "/metrics?name[]=waymark_ready"])
def test_no_other_address_goes_round_the_token(shut: str, path: str) -> None:
    assert refusal(shut.removesuffix("/metrics") + path) == (401, "Bearer", b"")


def test_a_connection_that_breaks_off_leaves_no_address_in_the_log(
    address: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    port = int(address.rpartition(":")[2].removesuffix("/metrics"))
    with socket.create_connection(("127.0.0.1", port), timeout=5) as asking:
        asking.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        asking.sendall(b"GET /metrics HTTP/1.1\r\nHost: x")
    read(address)

    assert "127.0.0.1" not in "".join(capfd.readouterr()) + caplog.text
